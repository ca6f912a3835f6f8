import { type Instant } from '@qej/kernel';
import { heading, notice, paragraph, title } from '../layout/blocks.ts';
import { dateOnly, dateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type DocumentFrame, type RenderOptions, startFlow } from '../layout/flow.ts';
import { qrWithSeal } from '../layout/qr.ts';
import { keyValues } from '../layout/key-values.ts';
import { type TenderReference, tenderEntries, zoneOf } from './common.ts';

/** Bid receipt. It does not name the bidder: it proves that bytes with this hash came in at this time. Anchor: `platform-seal`. */
export interface ReceiptContent {
  readonly frame: DocumentFrame;
  readonly tender: TenderReference;
  /** 128-bit random serial, hex. */
  readonly serial: string;
  /** Lower-case hex SHA-256 of the seal message. */
  readonly messageHash: string;
  readonly kind: 'seal' | 'replace' | 'withdraw';
  readonly receivedAt: Instant;
  readonly deadline: Instant;
  /** Instant of the RFC 3161 token over the same bytes, once there. */
  readonly timestampedAt?: Instant;
  /** Index in the evidence log, once there. */
  readonly logIndex?: number;
  readonly qrPayload: string;
}

const KINDS = {
  seal: ['递交', '一份加密投标文件的密封消息', 'sealed bid'],
  replace: ['替换', '一份替换先前投标的密封消息', 'replacement of a bid'],
  withdraw: ['撤回', '一份撤回投标的消息', 'withdrawal of a bid'],
} as const;

/** @throws DomainError `E_GLYPH_MISSING` */
export async function renderReceipt(content: ReceiptContent, options: RenderOptions): Promise<Uint8Array> {
  const { frame, tender, receivedAt, deadline } = content;
  const zone = zoneOf(frame);
  const [act, what, english] = KINDS[content.kind];
  const flow = startFlow(frame, { zh: '投标回执', en: 'Bid Receipt' }, options);
  title(flow, `回执编号 Serial ${content.serial}`);
  const inTime = receivedAt <= deadline;
  notice(
    flow,
    `平台于 ${dateTime(receivedAt, zone)} 收到${what}，${inTime ? '在投标截止时间之前' : '已超过投标截止时间'}；其内容须待开标时由开标密钥持有人和投标人分别释放密钥方可解开。`,
    inTime ? 'calm' : 'warn',
  );
  paragraph(flow, `The platform received a ${english} with the hash below, ${inTime ? 'before the deadline' : 'after the deadline'}.`, { size: 8.5 });
  heading(flow, '回执内容', 'What was received');
  keyValues(flow, [
    ...tenderEntries(tender),
    { zh: '消息类型', en: 'Kind', value: act },
    { zh: '消息摘要', en: 'SHA-256 of the message', value: content.messageHash },
    { zh: '收到时间', en: 'Received at', value: dateTime(receivedAt, zone) },
    { zh: '投标截止时间', en: 'Deadline', value: dateTime(deadline, zone) },
    { zh: '可信时间戳', en: 'RFC 3161 time stamp', value: content.timestampedAt === undefined ? '见回执文件所附时间戳' : dateTime(content.timestampedAt, zone) },
    { zh: '存证序号', en: 'Index in the log', value: content.logIndex === undefined ? '下一个存证周期写入' : String(content.logIndex) },
  ]);
  heading(flow, '效力说明', 'What it proves');
  paragraph(
    flow,
    '本回执证明摘要所指的字节在所载时间到达平台，不证明其内容，也不载明投标人身份。请与密封时保存的回执包一并妥善保管：凭回执包中的清单和随机数，可以向任何人证明所递交的内容。开标时公布的截标集合中应当包含本摘要；如不包含，请立即提出异议。',
    { indent: true },
  );
  qrWithSeal(
    flow,
    { payload: content.qrPayload, title: '扫码核对 Scan to check', text: '二维码载有消息摘要与收到时间，可与公开存证日志及截标集合核对。' },
    { anchor: 'platform-seal', role: '平台 Platform（电子印章）', organisation: frame.platform, date: dateOnly(frame.issuedAt, zone) },
  );
  return finish(flow);
}
