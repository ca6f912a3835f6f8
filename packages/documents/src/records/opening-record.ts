import { type Instant, type Money } from '@qej/kernel';
import { heading, notice, paragraph } from '../layout/blocks.ts';
import { dateTime, shortDateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type DocumentFrame, type Flow, type RenderOptions, startFlow } from '../layout/flow.ts';
import { type SignatureBox, signatureBoxes } from '../layout/signature-boxes.ts';
import { keyValues } from '../layout/key-values.ts';
import { table } from '../layout/table.ts';
import { moneyInFigures } from '../money-words.ts';
import { none, type Participant, type TenderReference, tenderEntries, tenderTitle, zoneOf } from './common.ts';

export type DepositState = 'delivered' | 'not-delivered';
export type DecryptionState = 'decrypted' | 'failed' | 'not-released' | 'withdrawn';
export type Fault = 'bidder' | 'platform' | 'ca' | 'network' | 'undetermined';

export interface OpenedBid {
  readonly number: number;
  readonly bidder: string;
  /** At the opening only 已递交 or 未递交: never the form, the grade or the guarantor. */
  readonly deposit: DepositState;
  readonly decryption: DecryptionState;
  /** Whose fault, where decryption did not succeed, and how that was found. */
  readonly fault?: { readonly party: Fault; readonly reason: string };
  readonly price?: Money;
  /** Other values read out, in the order of `priceColumns`. */
  readonly values?: readonly string[];
  readonly response: 'confirmed' | 'objected' | 'none';
  readonly respondedAt?: Instant;
}

export interface OpeningObjection {
  readonly bidder: string;
  readonly text: string;
  readonly raisedAt: Instant;
  readonly answer: string;
  readonly answeredBy: string;
}

/** The opening record. Anchors: those of `signers`. */
export interface OpeningRecordContent {
  readonly frame: DocumentFrame;
  readonly tender: TenderReference;
  readonly openedAt: Instant;
  readonly closedAt: Instant;
  readonly deadline: Instant;
  readonly host: string;
  /** Hex root of the closing set and how many messages it holds. */
  readonly closing: {
    readonly root: string;
    readonly size: number;
    readonly witness: string;
    readonly cosignedAt: Instant;
  };
  readonly bids: readonly OpenedBid[];
  /** Heads of `values`, e.g. 工期, 质量, 项目负责人. */
  readonly priceColumns: readonly string[];
  readonly ceiling?: Money;
  /** The coefficient drawn in public, if the rule has one. */
  readonly coefficient?: { readonly name: string; readonly value: string; readonly derivation: string };
  readonly objections: readonly OpeningObjection[];
  readonly participants: readonly Participant[];
  readonly signers: readonly SignatureBox[];
}

const DEPOSIT = { delivered: '已递交', 'not-delivered': '未递交' } as const;
const DECRYPTION = {
  decrypted: '解密成功',
  failed: '解密失败',
  'not-released': '未解密',
  withdrawn: '已撤回',
} as const;
const FAULT = {
  bidder: '投标人原因',
  platform: '平台原因',
  ca: '认证机构原因',
  network: '网络原因',
  undetermined: '原因待定',
} as const;
const RESPONSE = { confirmed: '已确认', objected: '提出异议', none: '未确认' } as const;

function facts(flow: Flow, c: OpeningRecordContent): void {
  const zone = zoneOf(c.frame);
  keyValues(flow, [
    ...tenderEntries(c.tender),
    { zh: '投标截止时间', en: 'Deadline', value: dateTime(c.deadline, zone) },
    { zh: '开标时间', en: 'Opening', value: `${dateTime(c.openedAt, zone)} 至\n${dateTime(c.closedAt, zone)}` },
    { zh: '开标方式', en: 'Manner', value: '网上公开开标（不见面开标）' },
    { zh: '主持人', en: 'Host', value: c.host },
    {
      zh: '截标集合',
      en: 'Closing set',
      value: `共 ${c.closing.size} 条消息\n根摘要 ${c.closing.root}\n见证 ${c.closing.witness}，${dateTime(c.closing.cosignedAt, zone)}`,
    },
    ...(c.ceiling === undefined
      ? []
      : [{ zh: '最高投标限价', en: 'Ceiling price', value: `￥${moneyInFigures(c.ceiling)} 元` }]),
  ]);
}

function list(flow: Flow, c: OpeningRecordContent): void {
  heading(flow, '一、投标人名单与解密情况', 'Bids, deposits and decryption');
  table(flow, {
    columns: [
      { zh: '序号', en: 'No.', weight: 0.9 },
      { zh: '投标人', en: 'Bidder', weight: 4.2 },
      { zh: '保证金', en: 'Deposit', weight: 1.4, align: 'center' },
      { zh: '解密', en: 'Decryption', weight: 1.6, align: 'center' },
      { zh: '归责与说明', en: 'Fault and reason', weight: 3.4 },
    ],
    rows: c.bids.map((bid) => [
      String(bid.number),
      bid.bidder,
      DEPOSIT[bid.deposit],
      DECRYPTION[bid.decryption],
      bid.fault === undefined ? '—' : `${FAULT[bid.fault.party]}：${bid.fault.reason}`,
    ]),
  });
}

function prices(flow: Flow, c: OpeningRecordContent): void {
  heading(flow, '二、抽取系数', 'Coefficient drawn in public');
  if (c.coefficient === undefined) none(flow, '本项目的评标办法不抽取系数 The scoring rule has no drawn coefficient');
  else {
    notice(flow, `${c.coefficient.name}：${c.coefficient.value}`);
    paragraph(flow, c.coefficient.derivation, { size: 9 });
  }
  heading(flow, '三、开标一览表', 'Prices read out');
  const opened = c.bids.filter((bid) => bid.price !== undefined);
  if (opened.length === 0) return none(flow);
  table(flow, {
    columns: [
      { zh: '序号', en: 'No.', weight: 0.9 },
      { zh: '投标人', en: 'Bidder', weight: 3.6 },
      { zh: '投标报价（元）', en: 'Price, CNY', weight: 2.4, align: 'right' },
      ...c.priceColumns.map((zh) => ({ zh, weight: 1.6 })),
      { zh: '投标人确认', en: 'Confirmation', weight: 2.4, align: 'center' as const },
    ],
    rows: opened.map((bid) => [
      String(bid.number),
      bid.bidder,
      bid.price === undefined ? '' : moneyInFigures(bid.price),
      ...c.priceColumns.map((_, index) => bid.values?.[index] ?? '—'),
      bid.respondedAt === undefined
        ? RESPONSE[bid.response]
        : `${RESPONSE[bid.response]}\n${shortDateTime(bid.respondedAt, zoneOf(c.frame)).slice(5)}`,
    ]),
  });
}

function objections(flow: Flow, c: OpeningRecordContent): void {
  heading(flow, '四、异议与答复', 'Objections and answers');
  if (c.objections.length === 0) return none(flow, '无异议 No objection was raised');
  table(flow, {
    columns: [
      { zh: '投标人', en: 'Bidder', weight: 2.4 },
      { zh: '异议', en: 'Objection', weight: 3.4 },
      { zh: '当场答复', en: 'Answer on the spot', weight: 3.8 },
    ],
    rows: c.objections.map((item) => [
      `${item.bidder}\n${shortDateTime(item.raisedAt, zoneOf(c.frame))}`,
      item.text,
      `${item.answer}\n答复人：${item.answeredBy}`,
    ]),
  });
}

function people(flow: Flow, c: OpeningRecordContent): void {
  heading(flow, '五、参加人员', 'Participants');
  table(flow, {
    columns: [
      { zh: '身份', en: 'Role', weight: 2 },
      { zh: '姓名', en: 'Name', weight: 1.6 },
      { zh: '单位', en: 'Organisation', weight: 4 },
      { zh: '备注', en: 'Note', weight: 2.4 },
    ],
    rows: c.participants.map((person) => [person.role, person.name, person.organisation ?? '—', person.note ?? '—']),
  });
}

/** @throws DomainError `E_GLYPH_MISSING` */
export async function renderOpeningRecord(content: OpeningRecordContent, options: RenderOptions): Promise<Uint8Array> {
  const flow = startFlow(content.frame, { zh: '开标记录', en: 'Opening Record' }, options);
  tenderTitle(flow, content.tender);
  for (const part of [facts, list, prices, objections, people]) part(flow, content);
  heading(flow, '六、签署', 'Signatures');
  signatureBoxes(flow, content.signers);
  return finish(flow);
}
