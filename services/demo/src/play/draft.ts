import type { TenderDraft } from '@qej/client';
import { formatInstant, formatMoney, money, plusMs } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { SeededNumbers } from '../random.ts';

interface Works {
  readonly zh: string;
  readonly en: string;
  readonly scope: readonly string[];
}

/** Invented works of a city; the seed picks one. */
const WORKS = [
  {
    zh: '崂山区海滨步道改造工程',
    en: 'Seaside walkway renewal, Laoshan district',
    scope: ['步道铺装约 3.2 公里，含护栏、照明与排水。', '配套绿化 1.1 公顷，无障碍坡道 12 处。'],
  },
  {
    zh: '松岭路雨污分流改造工程',
    en: 'Separate sewers, Songling Road',
    scope: ['新建雨水管 2.6 公里、污水管 2.4 公里。', '道路恢复约 1.9 万平方米，交通导行分三期。'],
  },
  {
    zh: '中韩街道社区服务中心建设工程',
    en: 'Community centre, Zhonghan',
    scope: ['总建筑面积约 6,400 平方米，地上四层、地下一层。', '含机电安装、室外管网与海绵设施。'],
  },
  {
    zh: '午山公园桥梁加固工程',
    en: 'Bridge strengthening, Wushan park',
    scope: ['三座人行桥与一座车行桥的检测、加固与涂装。', '施工期间保持一侧通行。'],
  },
] as const satisfies readonly Works[];

const ZONE = 'Asia/Shanghai';
const ZONE_AHEAD_MS = 8 * 3_600_000;
/** Wall time of Shanghai, which has kept one offset since 1991. */
const wallOf = (at: Instant): string => formatInstant(plusMs(at, ZONE_AHEAD_MS)).slice(0, 19);

const passFail = [
  { itemId: 'signature', title: { zh: '投标函签字盖章', en: 'Bid letter signed and sealed' }, clause: '初步评审 1' },
  { itemId: 'qualification', title: { zh: '资质条件', en: 'Qualification' }, clause: '初步评审 2' },
  { itemId: 'responsiveness', title: { zh: '实质性响应', en: 'Substantive response' }, clause: '初步评审 3' },
];
const criteria = [
  {
    criterionId: 'record',
    title: { zh: '类似业绩', en: 'Similar contracts' },
    max: '10',
    step: '1',
    kind: 'objective',
  },
  {
    criterionId: 'method',
    title: { zh: '施工组织设计', en: 'Construction method' },
    max: '25',
    step: '0.5',
    kind: 'subjective',
  },
  {
    criterionId: 'quality',
    title: { zh: '质量与安全措施', en: 'Quality and safety' },
    max: '15',
    step: '0.5',
    kind: 'subjective',
  },
  { criterionId: 'team', title: { zh: '项目班子', en: 'Project team' }, max: '10', step: '0.5', kind: 'subjective' },
] as const;

export interface DraftFacts {
  readonly code: string;
  readonly tendereeOrganizationId: string;
  readonly holders: readonly string[];
  readonly deadline: Instant;
  readonly committeeSize: number;
  readonly retenderOf?: string;
}

/** Ceiling of the lot in fen; prices of the bids are taken below it. */
export const ceilingOf = (numbers: SeededNumbers): bigint =>
  800_000_000n + BigInt(numbers.below('ceiling', 40)) * 10_000_000n;

/** A tender under the demo rules, one lot, one envelope, joint opening. */
export function makeDraft(numbers: SeededNumbers, facts: DraftFacts): TenderDraft {
  const works = WORKS[numbers.below('works', WORKS.length)] ?? WORKS[0];
  const ceiling = ceilingOf(numbers);
  return {
    code: facts.code,
    title: { zh: `${works.zh}施工`, en: works.en },
    rulesVersion: 'demo',
    regime: 'mandatory-tender',
    openingMode: 'joint',
    tendereeOrganizationId: facts.tendereeOrganizationId,
    lot: {
      name: { zh: `${works.zh}（施工一标段）`, en: `${works.en}, lot 1` },
      estimate: formatMoney(money((ceiling * 96n) / 100n)),
      ceilingPrice: formatMoney(money(ceiling)),
    },
    deadline: { wallTime: wallOf(facts.deadline), zone: ZONE },
    bidValidityDays: 90,
    decryptionWindowMs: 180_000,
    publicityMs: 3_000,
    holders: [...facts.holders],
    passFail: passFail.map((item) => ({ ...item })),
    criteria: criteria.map((item) => ({ ...item })),
    scoringRule: { preset: 'comprehensive-p2' },
    deposit: { rateBasisPoints: 200, creditPolicy: 'demo-policy-1' },
    committee: { size: facts.committeeSize, specialties: [] },
    description: [
      `本招标项目为${works.zh}，采用演示规则，仅供试用。`,
      ...works.scope,
      '工期 180 日历天，质量要求合格。',
    ].join('\n'),
    ...(facts.retenderOf === undefined ? {} : { retenderOf: facts.retenderOf }),
  };
}
