import { newId } from '@qej/kernel';
import { readNoticeJson } from '@qej/tendering';
import type { Notice } from '@qej/tendering';

export const holderId = newId();
export const otherId = newId();

/** A notice of one lot with two holders; only what a holder looks at matters. */
export function testNotice(change: Record<string, unknown> = {}, deadline = '2026-11-23T05:00:00.000Z'): Notice {
  const party = { organizationId: newId(), name: '测试单位', uscc: '91370202000000001X' };
  const text = { zh: '测试', en: 'test' };
  return readNoticeJson({
    v: 1,
    tenderId: newId(),
    code: 'TEST-1',
    title: text,
    rulesVersion: 'demo',
    regime: 'mandatory-tender',
    procedure: 'one-envelope',
    category: 'works',
    suite: 'intl',
    openingMode: 'joint',
    tenderee: party,
    agency: party,
    lots: [{ lotId: newId(), no: 1, name: text, estimate: '1000.00', ceilingPrice: null }],
    timetable: {
      documentsFrom: '2026-11-22T05:00:00.000Z',
      documentsUntil: deadline,
      questionsUntil: deadline,
      objectionsUntil: deadline,
      deadline: { wall: '2026-11-23T13:00:00', zone: 'Asia/Shanghai', at: deadline },
      bidValidityDays: 90,
      decryptionWindowMs: 60_000,
      confirmationWindowMs: 60_000,
      publicityDays: 3,
      contractDays: 30,
    },
    stages: ['technical', 'price'],
    holders: [
      { holderId, role: 'agency', name: text },
      { holderId: otherId, role: 'venue-witness', name: text },
    ],
    sets: [[0, 1]],
    qualifications: [],
    criteria: null,
    scoringRule: null,
    deposit: null,
    committee: {
      size: 5,
      expertSeats: 5,
      reserves: 0,
      quotas: [],
      filters: { regions: [], excludedUsccs: [], maxRecentCommittees: null },
    },
    coefficient: null,
    document: { name: 'a.pdf', mediaType: 'application/pdf', length: 1, sha256: '0'.repeat(64) },
    attachments: [],
    consortiumAllowed: false,
    retenderOf: null,
    ...change,
  });
}
