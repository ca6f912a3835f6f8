import { money } from '@qej/kernel';
import { agency, at, bidders, frame, HASH, LONG_NAME, price, tender, tenderee, yuan } from './fixtures.ts';
import {
  type AwardNoticeContent,
  type CreditDecisionLetterContent,
  type EvaluationReportContent,
  type ScoreLetterContent,
  type TerminationNoticeContent,
} from './index.ts';

const criteria = Array.from({ length: 12 }, (_, index) => ({
  code: `J${index + 1}`,
  title: `评审因素第${index + 1}项（施工组织）`,
  full: '10.00',
}));
const seats = ['专家1', '专家2', '专家3', '专家4', '专家5'];
const scored = bidders.map((_, index) => index + 1).filter((number) => number !== 18 && number !== 19);

export const evaluationReport: EvaluationReportContent = {
  frame: frame('QD-2026-0007-PB-01'),
  tender,
  tenderee,
  agency,
  startedAt: at(120),
  endedAt: at(400),
  method: '综合评估法（技术 40 分，报价 60 分）',
  draw: {
    code: 'CQ-2026-0042',
    seedSource: '截标集合根摘要、见证人承诺与随机信标',
    pool: 30,
    recordHash: HASH,
    drawnAt: at(90),
  },
  committee: seats.map((seat, index) => ({
    seat,
    name: ['陈建国', '刘洋', '欧阳文静', '黄海', '周敏'][index] ?? '',
    organisation: index === 2 ? '中国海洋大学工程学院土木工程系桥梁与隧道教研室' : '青岛理工大学',
    specialty: '市政道路工程',
    chair: index === 1,
    declaration: '已声明无须回避',
  })),
  bids: bidders.map((bidder, index) => ({
    number: index + 1,
    bidder,
    ...(index === 17 || index === 18 ? {} : { price: price(index) }),
  })),
  qualification: Array.from({ length: 10 }, (_, item) => ({
    code: `Z${item + 1}`,
    title:
      [
        '营业执照',
        '资质证书',
        '安全生产许可证',
        '项目负责人',
        '信用记录',
        '投标函签署',
        '投标有效期',
        '报价唯一',
        '不高于限价',
        '实质性响应',
      ][item] ?? '',
    votes: bidders.map((_, bid) =>
      bid === 6 && item === 9 ? { pass: 1, fail: 4, passed: false } : { pass: 5, fail: 0, passed: true },
    ),
  })),
  vetoes: [
    {
      bid: 7,
      itemCode: 'Z10',
      ground: '投标文件没有对招标文件的实质性要求和条件作出响应（条例第五十一条第六项）',
      clause: '第三章 2.1.3',
      evidence: '技术文件第 87 页：工期 800 天，超过 720 天',
      votes: '4 : 1 否决',
    },
  ],
  clarifications: [
    { bid: 2, question: '投标函大写金额与小写金额末位不一致，请书面说明。', answer: '以大写金额为准，小写系笔误。' },
  ],
  criteria,
  sheets: seats.map((seat, expert) => ({
    seat,
    lockedAt: at(300 + expert),
    rows: scored.map((bid) => ({
      bid,
      scores: criteria.map((_, index) => `${7 + ((bid + index + expert) % 3)}.${(bid * 7 + index * 3 + expert) % 10}0`),
      sum: '96.40',
    })),
  })),
  aggregation:
    '技术分取五名成员评分的算术平均值（不去除最高分和最低分），四舍五入保留两位小数；总分 = 技术分 + 报价分。',
  price: {
    steps: [
      '有效报价 17 家，去掉 1 个最高 1,258,024,678.12 元和 1 个最低 1,234,567,890.12 元，保留 15 家。',
      '保留报价算术平均值 = 1,246,913,579.45 元；下浮率 5.0%；评标基准价 = 1,184,567,900.4775 元。',
      '偏差率 =（评标价 − 基准价）÷ 基准价；报价得分 = 60 − |偏差率| × 100 × 扣分值（高于 1.2，低于 0.8），最低 0 分。',
    ],
    rows: scored.map((bid) => ({
      bid,
      evaluated: price(bid - 1),
      deviation: `+${(4.2213 + bid * 0.104).toFixed(4)}%`,
      score: (54.93 - bid * 0.12).toFixed(2),
    })),
  },
  ranking: scored.map((bid, index) => ({
    place: index + 1,
    bid,
    technical: '38.12',
    price: (54.93 - bid * 0.12).toFixed(2),
    total: (93.05 - bid * 0.12).toFixed(2),
    candidate: index < 3,
  })),
  abnormalScores: [
    '专家5 对第 4 号投标的“J3”评分偏离平均值 31.2%，其书面说明：该投标的交通疏解方案缺少夜间施工章节，见技术文件第 41 页。',
  ],
  lowPrices: [],
  collusionClues: [
    '第 11 号与第 12 号投标文件的作者属性相同（“admin”）。评标委员会询问后认定为通用办公软件默认值，不作为认定依据。',
  ],
  dissents: [
    {
      member: '专家3',
      text: '对第 7 号投标的否决持不同意见：工期表第 87 页与进度计划第 92 页不一致，认为可以要求澄清。',
      at: at(395),
    },
  ],
  signers: seats.map((seat, index) => ({
    anchor: `expert-${index + 1}`,
    role: index === 1 ? '组长 Chair' : '成员 Member',
    name: `${seat}　${['陈建国', '刘洋', '欧阳文静', '黄海', '周敏'][index]}`,
  })),
};

export const awardNotice: AwardNoticeContent = {
  frame: frame('QD-2026-0007-ZBTZ-01'),
  tender,
  tenderee,
  agency,
  winner: LONG_NAME,
  price: money(123_827_159_379n),
  terms: [
    { zh: '工期', en: 'Period', value: '720 日历天' },
    { zh: '质量', en: 'Quality', value: '合格' },
    { zh: '项目负责人', en: 'Project manager', value: '张伟（鲁1372018201900001）' },
  ],
  contractBy: at(60 * 24 * 30),
  duties: ['在订立合同前提交不超过合同金额 10% 的履约担保。', '按照招标文件办理安全生产责任保险。'],
};

export const scoreLetter: ScoreLetterContent = {
  frame: frame('QD-2026-0007-GZ-05'),
  tender,
  bidder: LONG_NAME,
  issuer: agency,
  outcome: '有效投标，未被推荐为中标候选人',
  rank: { place: 4, of: 17 },
  total: '92.57',
  items: criteria.slice(0, 8).map((item, index) => ({
    ...item,
    score: `8.${index}0`,
    reason: index % 2 === 0 ? '方案完整，但交通疏解章节缺少夜间施工安排，见技术文件第 41 页。' : '五名成员平均分。',
  })),
  qualification: [
    { title: '营业执照与资质', result: '通过', reason: '5 票通过' },
    { title: '实质性响应', result: '通过', reason: '5 票通过' },
  ],
  priceSteps: evaluationReport.price.steps,
  objectionUntil: at(60 * 24 * 4),
};

export const creditDecision: CreditDecisionLetterContent = {
  frame: frame('QD-2026-0007-XY-0003'),
  tender,
  bidder: LONG_NAME,
  creditCode: '91370200MA3C0XYZ1A',
  policyVersion: 'demo-qd-2026.1（演示政策）',
  grade: 'AA',
  required: yuan(800_000n),
  waived: yuan(640_000n),
  due: yuan(160_000n),
  asOf: at(0),
  validUntil: at(60 * 24 * 90),
  reasons: [
    '基数：估算价 1,234,567,890.00 元 × 2% = 24,691,357.80 元，超过 800,000.00 元上限，取 800,000.00 元。',
    '黑名单核查：七项来源均无命中。',
    '等级 AA 对应减免比例 80%：减免 640,000.00 元。',
    '在途减免总额 1,200,000.00 元，加本次后未超过 5,000,000.00 元限额。',
  ],
  facts: [
    { source: '信用中国', statement: '无严重失信主体记录', issuedAt: at(-600), sha256: HASH },
    { source: '演示信用评价机构', statement: '信用等级 AA', issuedAt: at(-6000), sha256: HASH },
  ],
  payWithinDays: 15,
};

export const termination: TerminationNoticeContent = {
  frame: frame('QD-2026-0007-LB-01'),
  tender,
  tenderee,
  agency,
  kind: 'failed',
  decidedAt: at(5),
  reasons: ['至投标截止时间，收到投标 2 份，少于 3 份，依法不得开标，投标文件原封退回，平台和密钥持有人均未释放密钥。'],
  basis: '《招标投标法》第二十八条、《招标投标法实施条例》第四十四条',
  consequences: ['投标保证金在 5 日内退还，电子保函由受益人解除。', '招标人分析原因后依法重新招标。'],
};
