import { type Instant } from '@qej/kernel';
import { heading, notice, paragraph, title } from '../layout/blocks.ts';
import { dateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type DocumentFrame, type Flow, type RenderOptions, startFlow } from '../layout/flow.ts';
import { qrWithSeal } from '../layout/qr.ts';
import { keyValues } from '../layout/key-values.ts';
import { platformSeal, type TenderReference, tenderEntries, zoneOf } from './common.ts';

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

const LATER = '其内容须待开标时由开标密钥持有人和投标人分别释放密钥方可解开。';

const KINDS = {
  seal: { act: '递交', what: '一份加密投标文件的密封消息', english: 'a sealed bid', sequel: LATER },
  replace: { act: '替换', what: '一份替换先前投标的密封消息', english: 'a replacement of a bid', sequel: LATER },
  withdraw: {
    act: '撤回',
    what: '一份撤回投标的消息',
    english: 'the withdrawal of a bid',
    sequel: '被撤回的投标将不予开启。',
  },
} as const;

const EFFECT =
  '本回执证明摘要所指的字节在所载时间到达平台，不证明其内容，也不载明投标人身份。请与密封时保存的回执包一并妥善保管：凭回执包中的清单和随机数，可以向任何人证明所递交的内容。开标时公布的截标集合中应当包含本摘要；如不包含，请立即提出异议。';

function meaning(flow: Flow, { frame, kind, receivedAt, deadline }: ReceiptContent): void {
  const { what, english, sequel } = KINDS[kind];
  const inTime = receivedAt <= deadline;
  const zh = inTime ? `在投标截止时间之前；${sequel}` : '已超过投标截止时间，不予受理。';
  notice(flow, `平台于 ${dateTime(receivedAt, zoneOf(frame))} 收到${what}，${zh}`, inTime ? 'calm' : 'warn');
  const en = `The platform received ${english} with the hash below, ${inTime ? 'before' : 'after'} the deadline.`;
  paragraph(flow, en, { size: 8.5 });
}

function facts(flow: Flow, content: ReceiptContent): void {
  const zone = zoneOf(content.frame);
  const { timestampedAt, logIndex } = content;
  heading(flow, '回执内容', 'What was received');
  keyValues(flow, [
    ...tenderEntries(content.tender),
    { zh: '消息类型', en: 'Kind', value: KINDS[content.kind].act },
    { zh: '消息摘要', en: 'SHA-256', value: content.messageHash },
    { zh: '收到时间', en: 'Received at', value: dateTime(content.receivedAt, zone) },
    { zh: '投标截止时间', en: 'Deadline', value: dateTime(content.deadline, zone) },
    {
      zh: '可信时间戳',
      en: 'RFC 3161',
      value: timestampedAt === undefined ? '见回执文件所附时间戳' : dateTime(timestampedAt, zone),
    },
    { zh: '存证序号', en: 'Log index', value: logIndex === undefined ? '下一个存证周期写入' : String(logIndex) },
  ]);
}

/** @throws DomainError `E_GLYPH_MISSING` */
export async function renderReceipt(content: ReceiptContent, options: RenderOptions): Promise<Uint8Array> {
  const { frame, serial, qrPayload } = content;
  const flow = startFlow(frame, { zh: '投标回执', en: 'Bid Receipt' }, options);
  title(flow, `回执编号 Serial ${serial}`);
  meaning(flow, content);
  facts(flow, content);
  heading(flow, '效力说明', 'What it proves');
  paragraph(flow, EFFECT, { indent: true });
  const text = '二维码载有消息摘要与收到时间，可与公开存证日志及截标集合核对。';
  qrWithSeal(flow, { payload: qrPayload, title: '扫码核对 Scan to check', text }, platformSeal(frame));
  return finish(flow);
}
