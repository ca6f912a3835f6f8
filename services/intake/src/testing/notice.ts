import { presetRules } from '@qej/evaluation';
import { newId } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { defaultSets, defaultTimetable, resolveDeadline, rulesVersion } from '@qej/tendering';
import type { Notice, OpeningMode, Timetable } from '@qej/tendering';
import type { Person } from './world.ts';

export interface LotOptions {
  readonly openingMode?: OpeningMode;
  readonly ceiling?: string | null;
  readonly coefficient?: Notice['coefficient'];
}

const ZONE = 'Asia/Shanghai';

/** Demo rules, a day is a second: bids are due in 21 s, at a whole second. */
function timetableFrom(now: Instant): Timetable {
  const due = Math.ceil(now / 1000) * 1000 + 21_000;
  const wall = new Date(due + 8 * 3_600_000).toISOString().slice(0, 19);
  return defaultTimetable(rulesVersion('demo'), resolveDeadline(wall, ZONE), now);
}

const makeHolders = (): Notice['holders'] => [
  { holderId: newId(), role: 'agency', name: { zh: '代理机构', en: 'Agency' } },
  { holderId: newId(), role: 'venue-witness', name: { zh: '见证人员', en: 'Venue witness' } },
  { holderId: newId(), role: 'escrow', name: { zh: '平台托管', en: 'Escrow' } },
];

/** One lot, three holders of whom the witness and any other suffice. */
export function makeNotice({ organization }: Person, now: Instant, options: LotOptions): Notice {
  const { id: organizationId, name, uscc } = organization;
  const party = { organizationId, name, uscc };
  const tenderId = newId();
  const ceilingPrice = options.ceiling === undefined ? '9800000.00' : options.ceiling;
  const holders = makeHolders();
  const document = { name: '招标文件.pdf', mediaType: 'application/pdf', length: 1024, sha256: '6'.repeat(64) };
  return {
    v: 1,
    tenderId,
    code: `T-${tenderId.slice(0, 8)}`,
    title: { zh: '青岛市某道路改造工程', en: 'Road works in Qingdao' },
    rulesVersion: 'demo',
    regime: 'mandatory-tender',
    procedure: 'one-envelope',
    category: 'works',
    suite: 'intl',
    openingMode: options.openingMode ?? 'joint',
    tenderee: party,
    agency: party,
    lots: [{ lotId: newId(), no: 1, name: { zh: '第一标段', en: 'Lot 1' }, estimate: '10000000.00', ceilingPrice }],
    timetable: timetableFrom(now),
    stages: ['technical', 'price'],
    holders,
    sets: defaultSets(holders),
    qualifications: [],
    criteria: [],
    scoringRule: presetRules[0] as Json, // a preset is JSON
    deposit: { v: 1, rateBasisPoints: 200, capAmount: '800000.00', forms: ['guarantee', 'commitment'] },
    committee: {
      size: 5,
      expertSeats: 4,
      reserves: 3,
      quotas: [],
      filters: { regions: [], excludedUsccs: [], maxRecentCommittees: null },
    },
    coefficient: options.coefficient === undefined ? { from: '0.01', to: '0.05', step: '0.01' } : options.coefficient,
    document,
    attachments: [],
    consortiumAllowed: false,
    retenderOf: null,
  };
}
