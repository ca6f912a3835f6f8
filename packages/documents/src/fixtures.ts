import { instant, type Instant, type Money, money } from '@qej/kernel';
import {
  type DocumentFrame,
  encodeGuaranteeQr,
  type GuaranteeCertificateContent,
  type OpeningRecordContent,
  type ReceiptContent,
  type TenderDocumentContent,
} from './index.ts';

/** Contents for tests: long names, twelve-digit sums, twenty bidders. Not exported from the package. */
export const at = (minutes: number): Instant => instant(Date.UTC(2026, 10, 23, 5, 0, 0) + minutes * 60_000);
export const yuan = (amount: bigint): Money => money(amount * 100n);
export const HASH = 'c0ffee00112233445566778899aabbccddeeff00112233445566778899aabbcc';

export const LONG_NAME =
  '青岛西海岸新区海洋高新技术产业开发建设投资集团有限责任公司与山东半岛智慧交通基础设施工程总承包股份有限公司联合投标体牵头单位甲';

export const frame = (code: string): DocumentFrame => ({
  code,
  platform: '青e见 不见面招标投标平台',
  issuedAt: at(0),
  dataHash: HASH,
});

export const tender = {
  code: 'QD-2026-0007',
  name: '胶州湾第二海底隧道接线工程（市政道路、桥梁及附属智慧交通设施）施工总承包',
  lotCode: 'QD-2026-0007-01',
  lotName: '第一标段：主线及匝道',
};

export const tenderee = '青岛市城市轨道与海底隧道建设管理中心';
export const agency = '山东正信招标代理有限责任公司';

export const bidders = Array.from({ length: 20 }, (_, index) =>
  index === 3 ? LONG_NAME : `青岛${'甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉'[index]}海市政工程有限公司`,
);
export const price = (index: number): Money => money(123_456_789_012n + BigInt(index) * 1_234_567_89n);

export const guarantee: GuaranteeCertificateContent = {
  frame: frame('QD-2026-0007-BH-0003'),
  number: 'QBG2026112300000017',
  tender,
  applicant: {
    name: LONG_NAME,
    creditCode: '91370200MA3C0XYZ1A',
    address: '山东省青岛市黄岛区长江西路 161 号海洋大厦 A 座 2305 室',
  },
  beneficiary: { name: tenderee, creditCode: '12370200495512345B', address: '山东省青岛市市南区香港中路 11 号' },
  guarantor: {
    name: '青岛示范银行股份有限公司',
    creditCode: '91370200264609876C',
    address: '山东省青岛市崂山区深圳路 6 号',
  },
  cap: yuan(800_000n),
  effectiveAt: at(0),
  expiresAt: at(60 * 24 * 118),
  latestExtension: at(60 * 24 * 208),
  daysAfterBidValidity: 28,
  paymentWorkingDays: 5,
  applicableRules: '《见索即付保函统一规则》（URDG 758）',
  forum: '保证人住所地有管辖权的人民法院',
  qrPayload: encodeGuaranteeQr({
    number: 'QBG2026112300000017',
    commitment: new Uint8Array(32).fill(7),
    amount: yuan(800_000n),
    expiresAt: at(60 * 24 * 118),
    signature: new Uint8Array(64).fill(9),
  }),
  verifyUrl: 'https://qej.example/verify',
  commitment: HASH,
};

export const receipt: ReceiptContent = {
  frame: frame('QD-2026-0007-HZ-7f3a'),
  tender,
  serial: '7f3a0c1122334455667788990a0b0c0d',
  messageHash: HASH,
  kind: 'seal',
  receivedAt: at(-3),
  deadline: at(0),
  timestampedAt: at(-3),
  logIndex: 1042,
  qrPayload: `qej-r1/${HASH}`,
};

export const tenderDocument: TenderDocumentContent = {
  frame: frame('QD-2026-0007-ZB-01'),
  tender,
  edition: 1,
  tenderee: { name: tenderee, address: '山东省青岛市市南区香港中路 11 号', contact: '王工 0532-8591 0000' },
  agency: { name: agency, address: '山东省青岛市市北区敦化路 119 号', contact: '李经理 0532-8080 0000' },
  notice: [
    {
      zh: '招标公告',
      en: 'Notice',
      paragraphs: [
        '本招标项目已由青岛市行政审批服务局批准建设，建设资金来自财政资金，出资比例为 100%，项目已具备招标条件，现对该项目的施工进行公开招标。“不见面”开标、评标全过程在平台上进行；投标人无需到场（另有说明的除外）。',
        '工程位于青岛市黄岛区，主线全长 3.86 km，设计速度 60 km/h，双向六车道；包括路基、路面、桥涵、排水、照明、交通安全设施和智慧交通设施等全部施工内容。',
      ],
    },
    {
      zh: '投标人资格要求',
      en: 'Who may bid',
      paragraphs: [
        '具有市政公用工程施工总承包一级及以上资质；拟派项目负责人具有市政公用工程专业一级注册建造师执业资格，且未担任其他在施建设工程项目的项目负责人；不接受被列入失信被执行人名单的单位投标。',
      ],
    },
  ],
  lots: [
    {
      code: tender.lotCode,
      name: tender.lotName,
      scope: '主线 K0+000 至 K3+860 及 A、B、C、D 四条匝道的全部施工内容，缺陷责任期 24 个月。',
      estimate: yuan(1_234_567_890n),
      ceiling: yuan(1_300_000_000n),
    },
  ],
  bidValidityDays: 90,
  timetable: [
    {
      zh: '招标文件发布',
      en: 'Document published',
      at: at(-60 * 24 * 25),
      basis: '《招标投标法实施条例》第十六条：发售期不少于 5 日',
    },
    {
      zh: '提出疑问截止',
      en: 'Questions until',
      at: at(-60 * 24 * 12),
      basis: '《招标投标法实施条例》第二十二条：截止 10 日前',
    },
    {
      zh: '投标截止及开标',
      en: 'Deadline and opening',
      at: at(0),
      basis: '《招标投标法》第二十四条：不少于 20 日；第三十四条：同一时间',
    },
    { zh: '解密截止', en: 'Decryption until', at: at(60) },
  ],
  criteria: [
    {
      code: 'Z1',
      title: '营业执照与资质',
      kind: 'qualification',
      rule: '有效的营业执照、安全生产许可证和符合要求的资质证书。',
    },
    {
      code: 'J1',
      title: '施工组织设计',
      kind: 'technical',
      points: '15.00',
      rule: '总体部署合理、重点难点分析透彻的得 12–15 分；较合理的得 8–11.99 分；一般的得 0–7.99 分。',
    },
    { code: 'J2', title: '质量与安全保证措施', kind: 'technical', points: '15.00', rule: '体系完整、措施有针对性。' },
    {
      code: 'S1',
      title: '类似业绩',
      kind: 'commercial',
      points: '10.00',
      rule: '近五年每有一项得 2 分，最多 10 分；以合同和竣工验收证明为准。',
    },
    { code: 'B1', title: '投标报价', kind: 'price', points: '60.00', rule: '按评标办法计算。' },
  ],
  scoringRule: [
    '通过初步评审且不高于最高投标限价的投标报价为有效报价。有效报价不少于 7 家的，去掉一个最高和一个最低；6 家的去掉一个最高；不足 6 家的全部保留。',
    '评标基准价 = 保留报价的算术平均值 ×（1 − 下浮率），下浮率在开标时公开抽取；中间值不舍入。',
    '报价等于基准价的得满分；每高 1% 扣 1.2 分，每低 1% 扣 0.8 分；最低 0 分。仅最后结果四舍五入保留两位小数。',
    '总分相同的，报价低者优先；报价仍相同的，技术得分高者优先；再相同的，公开抽签。',
  ],
  deposit: {
    amount: yuan(800_000n),
    forms: ['电子保函', '保证保险', '银行转账（一次性子账户）', '信用减免承诺'],
    creditRule: [
      '信用等级 AAA 减免 100%，AA 减免 80%，A 减免 50%，其余不减免（演示政策，非青岛市现行政策）。',
      '减免后仍须提供的部分，可任选上述形式之一。',
    ],
  },
  holders: [
    { name: tenderee, role: '招标人', set: '甲组', keyFingerprint: HASH },
    { name: agency, role: '招标代理机构', set: '甲组', keyFingerprint: HASH },
    { name: '青岛市公共资源交易中心', role: '见证人', set: '乙组', keyFingerprint: HASH },
  ],
  accessStructure: '甲组任意一方与乙组任意一方共同释放密钥，并由投标人释放其一半，方可打开投标文件。',
  attachments: [
    { name: '工程量清单（第一标段，含暂列金额及专业工程暂估价）.xlsx', bytes: 1_234_567, sha256: HASH },
    { name: '施工图设计文件.zip', bytes: 987_654_321, sha256: HASH },
  ],
  rulesVersion: 'cn-works-2026.1',
};

export const openingRecord: OpeningRecordContent = {
  frame: frame('QD-2026-0007-KB-01'),
  tender,
  openedAt: at(0),
  closedAt: at(75),
  deadline: at(0),
  host: '李明（山东正信招标代理有限责任公司）',
  closing: { root: HASH, size: 20, witness: '青岛市公共资源交易中心', cosignedAt: at(1) },
  ceiling: yuan(1_300_000_000n),
  bids: bidders.map((bidder, index) => {
    if (index === 17)
      return {
        number: 18,
        bidder,
        deposit: 'delivered',
        decryption: 'failed',
        fault: { party: 'bidder', reason: '投标人证书已更换，未保留旧加密证书，窗口内未完成解密。' },
        response: 'none',
      };
    if (index === 18)
      return {
        number: 19,
        bidder,
        deposit: 'not-delivered',
        decryption: 'not-released',
        fault: { party: 'network', reason: '平台侧探针正常，认证机构服务正常，待核实。' },
        response: 'none',
      };
    return {
      number: index + 1,
      bidder,
      deposit: 'delivered',
      decryption: 'decrypted',
      price: price(index),
      values: ['720 天', '合格', '张伟'],
      response: index === 5 ? 'objected' : 'confirmed',
      respondedAt: at(40 + index),
    };
  }),
  priceColumns: ['工期', '质量', '负责人'],
  coefficient: {
    name: '下浮率',
    value: '5.0%',
    derivation: `由截标集合根摘要与见证人随机数共同导出：SHA-256(${HASH} ‖ 见证随机数) mod 5 = 2，对应候选值 4.0%、4.5%、5.0%、5.5%、6.0% 中的第 3 个。`,
  },
  objections: [
    {
      bidder: bidders[5] ?? '',
      text: '认为一览表中本单位工期应为 700 天。',
      raisedAt: at(50),
      answer: '经核对解密后的投标函，工期载明为 720 天，与一览表一致；投标人已查看原文。',
      answeredBy: '李明',
    },
  ],
  participants: [
    { role: '主持人', name: '李明', organisation: agency, note: '在线签到 12:41:07' },
    { role: '招标人代表', name: '王芳', organisation: tenderee, note: '在线签到 12:50:33' },
    { role: '行政监督人员', name: '赵强', organisation: '青岛市住房和城乡建设局', note: '只读旁听' },
    { role: '见证人员', name: '孙丽', organisation: '青岛市公共资源交易中心', note: '见证签名' },
  ],
  signers: [
    { anchor: 'host', role: '主持人 Host', name: '李明' },
    { anchor: 'tenderee', role: '招标人代表 Tenderee', name: '王芳' },
    { anchor: 'witness', role: '见证人员 Witness', name: '孙丽' },
    { anchor: 'supervisor', role: '行政监督人员 Supervisor', name: '赵强' },
  ],
};
