import { parseInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { defaultTimetable } from '../src/default-timetable.ts';
import type { Notice, Timetable } from '../src/notice.ts';
import { rulesVersion } from '../src/rules.ts';
import { resolveDeadline } from '../src/wall-time.ts';

const id = (digit: string): string => digit.repeat(32);

export const SAMPLE_NOW: Instant = parseInstant('2026-09-01T01:00:00.000Z');

const sampleHolders: Notice['holders'] = [
  { holderId: id('a'), role: 'agency', name: { zh: '代理机构', en: 'Agency' } },
  { holderId: id('b'), role: 'venue-witness', name: { zh: '见证人员', en: 'Venue witness' } },
  { holderId: id('c'), role: 'escrow', name: { zh: '平台托管', en: 'Escrow' } },
];

const sampleTimetable = (): Timetable => ({
  documentsFrom: '2026-09-01T01:00:00.000Z',
  documentsUntil: '2026-09-20T01:00:00.000Z',
  questionsUntil: '2026-09-15T01:00:00.000Z',
  objectionsUntil: '2026-09-18T15:59:59.999Z',
  deadline: resolveDeadline('2026-09-28T09:30', 'Asia/Shanghai'),
  bidValidityDays: 90,
  decryptionWindowMs: 1_800_000,
  confirmationWindowMs: 600_000,
  publicityDays: 3,
  contractDays: 30,
});

const sampleLots: Notice['lots'] = [
  {
    lotId: id('4'),
    no: 1,
    name: { zh: '第一标段', en: 'Lot 1' },
    estimate: '10000000.00',
    ceilingPrice: '9800000.00',
  },
];

const sampleCommittee: Notice['committee'] = {
  size: 5,
  expertSeats: 4,
  reserves: 3,
  quotas: [{ specialty: '市政工程', seats: 3 }],
  filters: { regions: [], excludedUsccs: [], maxRecentCommittees: null },
};

/** A notice without a finding under `cn-2026` at {@link SAMPLE_NOW}; for the tests of this package. */
export function sampleNotice(change: Partial<Notice> = {}): Notice {
  return {
    v: 1,
    tenderId: id('1'),
    code: 'QD-2026-0001',
    title: { zh: '青岛市某道路改造工程', en: 'Road works in Qingdao' },
    rulesVersion: 'cn-2026',
    regime: 'mandatory-tender',
    procedure: 'one-envelope',
    category: 'works',
    suite: 'intl',
    openingMode: 'joint',
    tenderee: { organizationId: id('2'), name: '青岛某建设单位', uscc: '91350100M000100Y43' },
    agency: { organizationId: id('3'), name: '青岛某招标代理公司', uscc: '91350100M000100Y43' },
    lots: sampleLots,
    timetable: sampleTimetable(),
    stages: ['technical', 'price'],
    holders: sampleHolders,
    sets: [
      [0, 1],
      [1, 2],
    ],
    qualifications: [
      { itemId: id('5'), name: { zh: '市政公用工程施工总承包三级', en: 'Municipal works, grade 3' }, clause: '1.4.1' },
    ],
    criteria: [],
    scoringRule: { v: 1 },
    deposit: { v: 1, rateBasisPoints: 200, capAmount: '800000.00', forms: ['cash', 'guarantee', 'commitment'] },
    committee: sampleCommittee,
    coefficient: { from: '0.900', to: '0.990', step: '0.001' },
    document: { name: '招标文件.pdf', mediaType: 'application/pdf', length: 1024, sha256: id('6') + id('6') },
    attachments: [],
    consortiumAllowed: false,
    retenderOf: null,
    ...change,
  };
}

/** The same tender under demo rules: a day is a second. */
export function sampleDemoNotice(now: Instant, change: Partial<Notice> = {}): Notice {
  const second = Math.ceil(now / 1000) * 1000 + 21_000;
  const wall = new Date(second + 8 * 3_600_000).toISOString().slice(0, 19);
  const timetable = defaultTimetable(rulesVersion('demo'), resolveDeadline(wall, 'Asia/Shanghai'), now);
  return sampleNotice({ rulesVersion: 'demo', timetable, ...change });
}
