import { DomainError } from '@qej/kernel';
import type { Role } from './role.ts';

/** When a message may be sent, seen from the tender's opening. */
export type NotificationPhase = 'any' | 'before-opening' | 'after-opening';

interface Template {
  readonly subject: string;
  readonly body: string;
}

export interface NotificationKind {
  readonly audience: readonly Role[];
  readonly phase: NotificationPhase;
  /** Names that the templates may use, and nothing else. */
  readonly params: readonly string[];
  readonly zh: Template;
  readonly en: Template;
}

/** What would tell who bids on what: never in a message to a bidder or guarantor before the opening. */
export const tellingParams: readonly string[] = [
  'tender',
  'tenderCode',
  'lot',
  'amount',
  'price',
  'guaranteeNo',
  'deadline',
];

/** `{name}` stands for a parameter. A message is neutral unless its phase allows more. */
export const notificationKinds = {
  'account-registered': {
    audience: ['operator', 'tenderee', 'agency', 'witness', 'bidder', 'expert', 'supervisor', 'guarantor'],
    phase: 'any',
    params: ['organization'],
    zh: { subject: '账号已开通', body: '{organization} 的账号已开通。' },
    en: { subject: 'Account opened', body: 'The account of {organization} is open.' },
  },
  'certificate-expiring': {
    audience: ['tenderee', 'agency', 'witness', 'bidder', 'expert', 'guarantor'],
    phase: 'any',
    params: ['date'],
    zh: { subject: '数字证书即将到期', body: '您绑定的数字证书将于 {date} 到期，请及时更新。' },
    en: { subject: 'Certificate expiring', body: 'A certificate bound to your account expires on {date}.' },
  },
  'mandate-granted': {
    audience: ['agency'],
    phase: 'any',
    params: ['grantor', 'until'],
    zh: { subject: '收到委托书', body: '{grantor} 向贵单位出具了委托书，有效期至 {until}。' },
    en: { subject: 'Mandate received', body: '{grantor} has given you a mandate until {until}.' },
  },
  'holder-acceptance-asked': {
    audience: ['agency', 'witness', 'operator'],
    phase: 'any',
    params: ['tender'],
    zh: { subject: '请接受开启密钥', body: '项目“{tender}”等待您作为密钥持有人签署接受书。' },
    en: {
      subject: 'Please accept an opening key',
      body: 'Tender "{tender}" waits for your acceptance as a key holder.',
    },
  },
  'tender-published': {
    audience: ['tenderee', 'agency', 'supervisor'],
    phase: 'any',
    params: ['tender', 'deadline'],
    zh: { subject: '招标公告已发布', body: '项目“{tender}”已发布，投标截止 {deadline}。' },
    en: { subject: 'Notice published', body: 'Tender "{tender}" is published; bids are due {deadline}.' },
  },
  'inbox-updated': {
    audience: ['bidder', 'guarantor'],
    phase: 'before-opening',
    params: [],
    zh: { subject: '您有一条新消息', body: '请登录平台查看。' },
    en: { subject: 'You have a new message', body: 'Please log in to read it.' },
  },
  'keyring-reminder': {
    audience: ['bidder'],
    phase: 'before-opening',
    params: [],
    zh: { subject: '请检查您的密钥', body: '请登录平台，确认数字证书和恢复文件可用。' },
    en: {
      subject: 'Please check your keys',
      body: 'Please log in and make sure that certificate and recovery file are at hand.',
    },
  },
  'opening-started': {
    audience: ['bidder', 'tenderee', 'agency', 'witness', 'supervisor'],
    phase: 'after-opening',
    params: ['tender', 'until'],
    zh: { subject: '开标开始', body: '项目“{tender}”已公布投标人名单，请在 {until} 前完成解密。' },
    en: {
      subject: 'Opening has begun',
      body: 'The bidders of "{tender}" are published. Please decrypt before {until}.',
    },
  },
  'tender-failed-few': {
    audience: ['tenderee', 'agency', 'supervisor', 'bidder'],
    phase: 'after-opening',
    params: ['tender'],
    zh: { subject: '投标人少于三个，不予开标', body: '项目“{tender}”投标人少于三个，投标文件未开启，将依法重新招标。' },
    en: {
      subject: 'Fewer than three bidders',
      body: 'Tender "{tender}" had fewer than three bidders. No bid was opened; it will be tendered again.',
    },
  },
  'price-confirmation-asked': {
    audience: ['bidder'],
    phase: 'after-opening',
    params: ['tender', 'until'],
    zh: {
      subject: '请确认报价',
      body: '请在 {until} 前对项目“{tender}”开标一览表中的本单位报价予以确认或者提出异议。',
    },
    en: {
      subject: 'Please confirm your price',
      body: 'Please confirm or object to your line in the price table of "{tender}" before {until}.',
    },
  },
  'expert-called': {
    audience: ['expert'],
    phase: 'any',
    params: ['date', 'place'],
    zh: { subject: '评标邀请', body: '请于 {date} 到 {place} 参加评标，请登录平台答复。' },
    en: { subject: 'Call to a committee', body: 'You are called for {date}, {place}. Please log in to answer.' },
  },
  'clarification-asked': {
    audience: ['bidder'],
    phase: 'after-opening',
    params: ['tender', 'until'],
    zh: { subject: '评标委员会要求澄清投标文件', body: '请在 {until} 前书面答复项目“{tender}”的澄清要求。' },
    en: { subject: 'Clarification of your bid', body: 'Please answer in writing on "{tender}" before {until}.' },
  },
  'candidates-published': {
    audience: ['bidder', 'tenderee', 'agency', 'supervisor'],
    phase: 'after-opening',
    params: ['tender', 'until'],
    zh: { subject: '中标候选人公示', body: '项目“{tender}”的中标候选人已公示，公示期至 {until}。' },
    en: { subject: 'Candidates published', body: 'The candidates of "{tender}" are published until {until}.' },
  },
  'award-decided': {
    audience: ['bidder', 'tenderee', 'agency', 'supervisor'],
    phase: 'after-opening',
    params: ['tender'],
    zh: { subject: '中标结果', body: '项目“{tender}”的中标结果已公布，请登录查看得分和理由。' },
    en: { subject: 'Award', body: 'The award of "{tender}" is published. Log in to see scores and reasons.' },
  },
  'deposit-released': {
    audience: ['bidder', 'guarantor'],
    phase: 'after-opening',
    params: ['tender', 'amount'],
    zh: { subject: '保证金已退还或者保函已解除', body: '项目“{tender}”的保证金 {amount} 元已退还或者解除。' },
    en: { subject: 'Deposit released', body: 'The deposit of CNY {amount} for "{tender}" is returned or released.' },
  },
  'tender-terminated': {
    audience: ['bidder', 'tenderee', 'agency', 'supervisor', 'witness'],
    phase: 'after-opening',
    params: ['tender', 'reason'],
    zh: { subject: '招标终止', body: '项目“{tender}”已终止，原因：{reason}' },
    en: { subject: 'Tender terminated', body: 'Tender "{tender}" is terminated: {reason}' },
  },
} as const satisfies Readonly<Record<string, NotificationKind>>;

export type NotificationKindId = keyof typeof notificationKinds;
export const notificationKindIds = Object.keys(notificationKinds) as NotificationKindId[]; // the keys of the literal above

export interface Notification {
  readonly kind: NotificationKindId;
  readonly role: Role;
  readonly params: Readonly<Record<string, string>>;
  /** Has the bidder list of the tender concerned been published? True too where no tender is concerned. */
  readonly isOpened: boolean;
}

const fill = (template: string, params: Readonly<Record<string, string>>): string =>
  template.replaceAll(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '');

/**
 * Renders both languages. Refuses what would leak: a kind that is for after the opening, or a telling parameter to a bidder or
 * guarantor before it (PRODUCT I1).
 * @throws DomainError `E_NOTIFICATION_LEAK`, `E_NOTIFICATION_PARAMS`, `E_ROLE`
 */
export function renderNotification(notification: Notification): { readonly zh: Template; readonly en: Template } {
  const kind: NotificationKind = notificationKinds[notification.kind];
  const { role, params, isOpened } = notification;
  if (!kind.audience.includes(role)) throw new DomainError('E_ROLE', { params: { role } });
  const given = Object.keys(params);
  if (given.length !== kind.params.length || !given.every((name) => kind.params.includes(name)))
    throw new DomainError('E_NOTIFICATION_PARAMS');
  const isSealedFrom = role === 'bidder' || role === 'guarantor';
  if (
    !isOpened &&
    (kind.phase === 'after-opening' || (isSealedFrom && given.some((name) => tellingParams.includes(name))))
  ) {
    throw new DomainError('E_NOTIFICATION_LEAK', { params: { kind: notification.kind } });
  }
  const render = (template: Template): Template => ({
    subject: fill(template.subject, params),
    body: fill(template.body, params),
  });
  return { zh: render(kind.zh), en: render(kind.en) };
}
