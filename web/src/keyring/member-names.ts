/** Words for members of what is signed; the member's own name always stands beside them. */
const names: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  v: ['版本', 'version'],
  origin: ['登录网址', 'site'],
  nonce: ['一次性随机数', 'nonce'],
  expiresAt: ['失效时间', 'expires'],
  from: ['自', 'from'],
  to: ['至', 'to'],
  at: ['时间', 'time'],
  tenderId: ['项目编号', 'tender'],
  lotId: ['标段编号', 'lot'],
  bidId: ['投标编号', 'bid'],
  code: ['招标编号', 'tender code'],
  title: ['名称', 'title'],
  name: ['名称', 'name'],
  uscc: ['统一社会信用代码', 'credit code'],
  rulesVersion: ['规则版本', 'rules'],
  regime: ['适用制度', 'regime'],
  openingMode: ['开标方式', 'opening mode'],
  estimate: ['估算价', 'estimate'],
  ceilingPrice: ['最高投标限价', 'ceiling price'],
  timetable: ['时间安排', 'timetable'],
  deadline: ['投标截止', 'deadline'],
  holders: ['密钥持有人', 'key holders'],
  criteria: ['评审因素', 'criteria'],
  scoringRule: ['计分规则', 'scoring rule'],
  deposit: ['保证金', 'deposit'],
  document: ['招标文件', 'tender document'],
  attachments: ['附件', 'attachments'],
  agencyOrganizationId: ['代理机构编号', 'agency'],
  tendereeOrganizationId: ['招标人编号', 'tenderee'],
  organizationId: ['单位编号', 'organisation'],
  noticeHash: ['公告散列', 'notice hash'],
  editionHash: ['版次散列', 'edition hash'],
  sha256: ['文件散列', 'file hash'],
  stage: ['阶段', 'stage'],
  price: ['报价', 'price'],
  total: ['总价', 'total'],
  amount: ['金额', 'amount'],
  seat: ['席位', 'seat'],
  score: ['分值', 'score'],
  marks: ['评分', 'marks'],
  passFail: ['审查结论', 'pass or fail'],
  recuse: ['是否回避', 'recuse'],
  reason: ['理由', 'reason'],
  kind: ['种类', 'kind'],
  text: ['内容', 'text'],
};

export function memberName(key: string, language: 'zh' | 'en'): string | undefined {
  const found = Object.hasOwn(names, key) ? names[key] : undefined;
  return found?.[language === 'zh' ? 0 : 1];
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const wall = new Intl.DateTimeFormat('zh-CN', { timeZone: 'Asia/Shanghai', dateStyle: 'medium', timeStyle: 'medium' });

/** Beijing wall time of an instant, undefined for any other text. */
export const wallTime = (value: string): string | undefined =>
  INSTANT.test(value) && !Number.isNaN(Date.parse(value)) ? wall.format(new Date(value)) : undefined;
