import { type Instant, type Money } from '@qej/kernel';
import { heading, numbered, paragraph } from '../layout/blocks.ts';
import { dateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type DocumentFrame, type Flow, type RenderOptions, startFlow } from '../layout/flow.ts';
import { sealPlaces } from '../layout/signature-boxes.ts';
import { keyValues } from '../layout/key-values.ts';
import { table } from '../layout/table.ts';
import { moneyInFigures, moneyInWords } from '../money-words.ts';
import { agencySeal, none, tendereeSeal, type TenderReference, tenderTitle, zoneOf } from './common.ts';

export interface TimetableEntry {
  readonly zh: string;
  readonly en: string;
  readonly at: Instant;
  /** Legal source and remark, e.g. `《招标投标法》第二十四条`. */
  readonly basis?: string;
}

export interface CriterionEntry {
  readonly code: string;
  readonly title: string;
  /** `资格` pass/fail items have no points. */
  readonly kind: 'qualification' | 'technical' | 'commercial' | 'price';
  /** Decimal string, e.g. `15.00`; absent for pass/fail. */
  readonly points?: string;
  /** How it is judged. */
  readonly rule: string;
}

/** The tender document. Anchors: `tenderee-seal`, `agency-seal`. */
export interface TenderDocumentContent {
  readonly frame: DocumentFrame;
  readonly tender: TenderReference;
  readonly edition: number;
  readonly tenderee: { readonly name: string; readonly address: string; readonly contact: string };
  readonly agency: { readonly name: string; readonly address: string; readonly contact: string };
  /** Paragraphs of the notice: scope, qualification of bidders, how to get the document. */
  readonly notice: readonly { readonly zh: string; readonly en: string; readonly paragraphs: readonly string[] }[];
  readonly lots: readonly {
    readonly code: string;
    readonly name: string;
    readonly scope: string;
    readonly estimate: Money;
    readonly ceiling?: Money;
  }[];
  readonly bidValidityDays: number;
  readonly timetable: readonly TimetableEntry[];
  readonly criteria: readonly CriterionEntry[];
  /** The scoring rule in sentences: formula, roundings, ties. */
  readonly scoringRule: readonly string[];
  readonly deposit: {
    readonly amount: Money;
    readonly forms: readonly string[];
    readonly creditRule: readonly string[];
  };
  readonly holders: readonly {
    readonly name: string;
    readonly role: string;
    readonly set: string;
    readonly keyFingerprint: string;
  }[];
  /** Which sets can open, in words. */
  readonly accessStructure: string;
  readonly attachments: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
  readonly rulesVersion: string;
}

const KINDS = { qualification: '资格审查', technical: '技术', commercial: '商务', price: '报价' } as const;

function front(flow: Flow, c: TenderDocumentContent): void {
  const party = (p: { name: string; address: string; contact: string }): string =>
    `${p.name}\n地址：${p.address}\n联系方式：${p.contact}`;
  tenderTitle(flow, c.tender);
  keyValues(flow, [
    { zh: '招标人', en: 'Tenderee', value: party(c.tenderee) },
    { zh: '招标代理机构', en: 'Agency', value: party(c.agency) },
    { zh: '文件版次', en: 'Edition', value: `第 ${c.edition} 版` },
    { zh: '适用规则版本', en: 'Rules in force', value: c.rulesVersion },
    { zh: '投标有效期', en: 'Bid validity', value: `自投标截止之日起 ${c.bidValidityDays} 日` },
  ]);
}

function lots(flow: Flow, c: TenderDocumentContent): void {
  heading(flow, '标段划分', 'Lots');
  table(flow, {
    columns: [
      { zh: '标段', en: 'Lot', weight: 2 },
      { zh: '内容和范围', en: 'Scope', weight: 4 },
      { zh: '估算价（元）', en: 'Estimate, CNY', weight: 2.2, align: 'right' },
      { zh: '最高投标限价（元）', en: 'Ceiling price, CNY', weight: 2.2, align: 'right' },
    ],
    rows: c.lots.map((lot) => [
      `${lot.code}\n${lot.name}`,
      lot.scope,
      moneyInFigures(lot.estimate),
      lot.ceiling === undefined ? '不设' : moneyInFigures(lot.ceiling),
    ]),
  });
}

function timetable(flow: Flow, c: TenderDocumentContent): void {
  heading(flow, '时间安排', 'Timetable');
  table(flow, {
    columns: [
      { zh: '事项', en: 'Event', weight: 2.6 },
      { zh: '时间', en: 'Time', weight: 4 },
      { zh: '依据', en: 'Basis', weight: 3.4 },
    ],
    rows: c.timetable.map(({ zh, en, at, basis }) => [`${zh}\n${en}`, dateTime(at, zoneOf(c.frame)), basis ?? '—']),
  });
}

function evaluation(flow: Flow, c: TenderDocumentContent): void {
  heading(flow, '评标标准', 'Criteria');
  table(flow, {
    columns: [
      { zh: '编号', en: 'Code', weight: 1 },
      { zh: '类别', en: 'Kind', weight: 1.3 },
      { zh: '评审因素', en: 'Criterion', weight: 2.6 },
      { zh: '分值', en: 'Points', weight: 1.1, align: 'right' },
      { zh: '评审标准', en: 'How it is judged', weight: 4.8 },
    ],
    rows: c.criteria.map((item) => [item.code, KINDS[item.kind], item.title, item.points ?? '通过制', item.rule]),
  });
  heading(flow, '评标办法', 'Scoring rule');
  numbered(flow, c.scoringRule);
}

function deposit(flow: Flow, c: TenderDocumentContent): void {
  heading(flow, '投标保证金', 'Bid deposit');
  paragraph(
    flow,
    `金额：￥${moneyInFigures(c.deposit.amount)} 元（${moneyInWords(c.deposit.amount.amountMinor)}）。可采用的形式：${c.deposit.forms.join('、')}。`,
  );
  numbered(flow, c.deposit.creditRule);
}

function holders(flow: Flow, c: TenderDocumentContent): void {
  heading(flow, '开标密钥持有人', 'Holders of the opening keys');
  paragraph(flow, c.accessStructure);
  table(flow, {
    size: 8.5,
    columns: [
      { zh: '持有人', en: 'Holder', weight: 3 },
      { zh: '身份', en: 'Role', weight: 1.6 },
      { zh: '组别', en: 'Set', weight: 1 },
      { zh: '一次性公钥指纹', en: 'Fingerprint of the one-time key', weight: 4 },
    ],
    rows: c.holders.map((holder) => [holder.name, holder.role, holder.set, holder.keyFingerprint]),
  });
}

function attachments(flow: Flow, c: TenderDocumentContent): void {
  heading(flow, '附件', 'Attachments');
  if (c.attachments.length === 0) return none(flow);
  table(flow, {
    size: 8.5,
    columns: [
      { zh: '序号', en: 'No.', weight: 0.8 },
      { zh: '文件名', en: 'File', weight: 3.4 },
      { zh: '大小（字节）', en: 'Bytes', weight: 1.6, align: 'right' },
      { zh: '摘要', en: 'SHA-256', weight: 4.4 },
    ],
    rows: c.attachments.map((file, index) => [
      String(index + 1),
      file.name,
      file.bytes.toLocaleString('en-US'),
      file.sha256,
    ]),
  });
}

/** @throws DomainError `E_GLYPH_MISSING` */
export async function renderTenderDocument(
  content: TenderDocumentContent,
  options: RenderOptions,
): Promise<Uint8Array> {
  const flow = startFlow(content.frame, { zh: '招标文件', en: 'Tender Document' }, options);
  front(flow, content);
  for (const section of content.notice) {
    heading(flow, section.zh, section.en);
    for (const text of section.paragraphs) paragraph(flow, text, { indent: true });
  }
  for (const part of [lots, timetable, evaluation, deposit, holders, attachments]) part(flow, content);
  const { frame, tenderee, agency } = content;
  sealPlaces(flow, [agencySeal(frame, agency.name), tendereeSeal(frame, tenderee.name)]);
  return finish(flow);
}
