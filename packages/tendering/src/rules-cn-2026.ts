import type { LocalText } from './notice.ts';
import type { RuleNumber, RuleNumberId } from './rules-version.ts';

const tenderingLaw = (article: number): LocalText => ({
  zh: `《招标投标法》第${article}条`,
  en: `Tendering and Bidding Law art. ${article}`,
});
const regulations = (article: number): LocalText => ({
  zh: `《招标投标法实施条例》第${article}条`,
  en: `Implementing Regulations of the Tendering and Bidding Law art. ${article}`,
});

type Row = readonly [
  ruleId: string,
  value: number,
  unit: RuleNumber['unit'],
  article: LocalText,
  zh: string,
  en: string,
  assumption?: boolean,
];

const rows: Readonly<Record<RuleNumberId, Row>> = {
  issueToDeadline: [
    'L-1',
    20,
    'days',
    tenderingLaw(24),
    '自招标文件开始发出之日起至投标截止之日止不得少于20日',
    'at least 20 days from issue of the documents to the bid deadline',
  ],
  documentWindow: [
    'L-2',
    5,
    'days',
    regulations(16),
    '招标文件的发售期不得少于5日',
    'documents are available for at least 5 days',
  ],
  amendmentBeforeDeadline: [
    'L-3',
    15,
    'days',
    tenderingLaw(23),
    '可能影响投标文件编制的澄清或者修改，应在投标截止15日前作出，否则顺延',
    'a change that may affect bids comes at least 15 days before the deadline, else the deadline moves',
  ],
  objectionBeforeDeadline: [
    'L-4',
    10,
    'days',
    regulations(22),
    '对招标文件有异议的，应在投标截止10日前提出',
    'objections to the documents at least 10 days before the deadline',
  ],
  objectionReply: [
    'L-4',
    3,
    'days',
    regulations(22),
    '自收到异议之日起3日内答复，答复前暂停招标投标活动',
    'answered within 3 days, the tender suspended until then',
  ],
  minimumBidders: [
    'L-6',
    3,
    'count',
    tenderingLaw(28),
    '投标人少于3个的，不得开标，应重新招标',
    'fewer than 3 bidders: not opened, tendered again',
  ],
  committeeMinimum: [
    'L-8',
    5,
    'count',
    tenderingLaw(37),
    '评标委员会成员人数为五人以上单数',
    'an odd committee of at least five',
  ],
  expertShareThirds: [
    'L-8',
    2,
    'count',
    tenderingLaw(37),
    '技术、经济等方面的专家不得少于成员总数的三分之二',
    'technical and economic experts are at least two thirds',
  ],
  maximumCandidates: [
    'L-11',
    3,
    'count',
    regulations(53),
    '中标候选人不超过3个，并标明排序',
    'at most three candidates, ranked',
  ],
  publicityStart: [
    'L-13',
    3,
    'days',
    regulations(54),
    '自收到评标报告之日起3日内公示中标候选人',
    'candidates are published within 3 days of the report',
  ],
  publicityDuration: ['L-13', 3, 'days', regulations(54), '公示期不得少于3日', 'published for at least 3 days'],
  contractAfterAward: [
    'L-15',
    30,
    'days',
    tenderingLaw(46),
    '自中标通知书发出之日起30日内订立书面合同',
    'a written contract within 30 days of the award notice',
  ],
  depositRateCeiling: [
    'L-16',
    200,
    'basis-points',
    regulations(26),
    '投标保证金不得超过招标项目估算价的2%',
    'the bid deposit is at most 2 % of the estimate',
  ],
  depositCapWorksGoods: [
    'L-17',
    80_000_000,
    'minor-units',
    { zh: '工程、货物招标投标办法（部门规章）', en: 'ministry measures for works and goods' },
    '工程、货物投标保证金最高不得超过80万元',
    'works and goods: at most CNY 800 000',
    true,
  ],
  depositCapSurveyDesign: [
    'L-17',
    10_000_000,
    'minor-units',
    { zh: '勘察设计招标投标办法（部门规章）', en: 'ministry measures for survey and design' },
    '勘察设计投标保证金最多不超过10万元',
    'survey and design: at most CNY 100 000',
    true,
  ],
  depositRefund: [
    'L-18',
    5,
    'days',
    regulations(57),
    '书面合同签订后5日内向中标人和未中标人退还投标保证金及银行同期存款利息',
    'returned with interest within 5 days of the contract',
  ],
  performanceBondCeiling: [
    'L-22',
    10,
    'percent',
    regulations(58),
    '履约保证金不得超过中标合同金额的10%',
    'the performance bond is at most 10 % of the contract',
  ],
};

/** The numbers of the Tendering Law (1999, amended 2017) and its Implementing Regulations, as compiled for 2026. */
export const cnNumbers: Readonly<Record<RuleNumberId, RuleNumber>> = Object.fromEntries(
  Object.entries(rows).map(([key, [ruleId, value, unit, article, zh, en, assumption]]) => [
    key,
    { ruleId, value, unit, article, text: { zh, en }, assumption: assumption ?? false },
  ]),
) as Record<RuleNumberId, RuleNumber>; // same keys as `rows`
