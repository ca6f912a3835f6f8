import { type Instant, type Money } from '@qej/kernel';
import { heading, notice, numbered, paragraph, title } from '../layout/blocks.ts';
import { dateOnly, dateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type DocumentFrame, type RenderOptions, startFlow } from '../layout/flow.ts';
import { sealPlace } from '../layout/signature-boxes.ts';
import { keyValues, table } from '../layout/table.ts';
import { moneyInFigures, moneyInWords } from '../money-words.ts';
import { type TenderReference, tenderEntries, tenderTitle, zoneOf } from './common.ts';

/** 中标通知书. Anchors: `tenderee-seal`, `agency-seal` when an agency signs too. */
export interface AwardNoticeContent {
  readonly frame: DocumentFrame;
  readonly tender: TenderReference;
  readonly tenderee: string;
  readonly agency?: string;
  readonly winner: string;
  readonly price: Money;
  /** Other facts of the award: period, quality, project manager. */
  readonly terms: readonly { readonly zh: string; readonly en?: string; readonly value: string }[];
  /** Last instant for the written contract ([L1] art. 46: 30 days). */
  readonly contractBy: Instant;
  /** What the winner has to do, such as the performance bond. */
  readonly duties: readonly string[];
}

/** @throws DomainError `E_GLYPH_MISSING` */
export async function renderAwardNotice(content: AwardNoticeContent, options: RenderOptions): Promise<Uint8Array> {
  const { frame, tender, price } = content;
  const zone = zoneOf(frame);
  const flow = startFlow(frame, { zh: '中标通知书', en: 'Award Notice' }, options);
  title(flow, `编号 No. ${frame.code}`);
  paragraph(flow, `${content.winner}：`, { size: 11.5, face: 'bold', gap: 6 });
  paragraph(
    flow,
    `贵方参加“${tender.name}”（${tender.lotName}）的投标，经评标委员会评审、中标候选人公示，现确定贵方为中标人。中标价为人民币 ${moneyInFigures(price)} 元（${moneyInWords(price.amountMinor)}）。`,
    { indent: true, size: 11, gap: 8 },
  );
  keyValues(flow, [
    ...tenderEntries(tender),
    { zh: '招标人', en: 'Tenderee', value: content.tenderee },
    { zh: '中标人', en: 'Winner', value: content.winner },
    { zh: '中标价', en: 'Price', value: `￥${moneyInFigures(price)} 元\n${moneyInWords(price.amountMinor)}` },
    ...content.terms,
  ]);
  paragraph(flow, `请在 ${dateTime(content.contractBy, zone)} 之前，按照招标文件和贵方的投标文件与招标人订立书面合同。`, { indent: true, size: 11, gap: 6 });
  if (content.duties.length > 0) {
    heading(flow, '中标人应当办理的事项', 'What the winner has to do');
    numbered(flow, content.duties);
  }
  paragraph(flow, '中标通知书对招标人和中标人具有法律效力。中标通知书发出后，招标人改变中标结果的，或者中标人放弃中标项目的，应当依法承担法律责任（《中华人民共和国招标投标法》第四十五条）。', { indent: true });
  const date = dateOnly(frame.issuedAt, zone);
  sealPlace(flow, { anchor: 'tenderee-seal', role: '招标人 Tenderee（电子印章）', organisation: content.tenderee, date });
  if (content.agency !== undefined) sealPlace(flow, { anchor: 'agency-seal', role: '招标代理机构 Agency（电子印章）', organisation: content.agency, date });
  return finish(flow);
}

/** Own scores of one bidder with reasons. Anchor: `agency-seal`. */
export interface ScoreLetterContent {
  readonly frame: DocumentFrame;
  readonly tender: TenderReference;
  readonly bidder: string;
  readonly issuer: string;
  readonly outcome: string;
  readonly rank?: { readonly place: number; readonly of: number };
  /** Decimal strings. */
  readonly total: string;
  readonly items: readonly { readonly code: string; readonly title: string; readonly full: string; readonly score: string; readonly reason: string }[];
  readonly qualification: readonly { readonly title: string; readonly result: string; readonly reason: string }[];
  /** Steps of the own price score, to be recomputed. */
  readonly priceSteps: readonly string[];
  readonly objectionUntil: Instant;
}

/** @throws DomainError `E_GLYPH_MISSING` */
export async function renderScoreLetter(content: ScoreLetterContent, options: RenderOptions): Promise<Uint8Array> {
  const { frame, tender } = content;
  const zone = zoneOf(frame);
  const flow = startFlow(frame, { zh: '评审结果告知书', en: 'Notice of Scores' }, options);
  tenderTitle(flow, tender);
  paragraph(flow, `${content.bidder}：`, { size: 11, face: 'bold' });
  const rank = content.rank === undefined ? '' : `，在 ${content.rank.of} 份有效投标中排名第 ${content.rank.place}`;
  notice(flow, `评审结论：${content.outcome}。总得分 ${content.total} 分${rank}。`);
  heading(flow, '一、资格与符合性审查', 'Qualification and compliance');
  table(flow, {
    columns: [
      { zh: '审查项目', en: 'Item', weight: 3.4 },
      { zh: '结论', en: 'Result', weight: 1.2, align: 'center' },
      { zh: '理由', en: 'Reason', weight: 5 },
    ],
    rows: content.qualification.map((item) => [item.title, item.result, item.reason]),
  });
  heading(flow, '二、得分与理由', 'Scores and reasons');
  table(flow, {
    columns: [
      { zh: '编号', en: 'Code', weight: 1 },
      { zh: '评审因素', en: 'Criterion', weight: 2.8 },
      { zh: '满分', en: 'Full', weight: 1.1, align: 'right' },
      { zh: '得分', en: 'Score', weight: 1.1, align: 'right' },
      { zh: '理由', en: 'Reason', weight: 4.6 },
    ],
    rows: [...content.items.map((item) => [item.code, item.title, item.full, item.score, item.reason]), ['', '合计 Total', '', content.total, '']],
    emphasised: new Set([content.items.length]),
  });
  heading(flow, '三、报价得分的计算', 'How the price score was computed');
  numbered(flow, content.priceSteps);
  heading(flow, '四、救济途径', 'Objection');
  paragraph(flow, `对评标结果有异议的，应当在 ${dateTime(content.objectionUntil, zone)} 之前通过平台提出；贵方可在平台“重新计算”页面核对以上每一步。`, { indent: true });
  sealPlace(flow, { anchor: 'agency-seal', role: '招标代理机构 Agency（电子印章）', organisation: content.issuer, date: dateOnly(frame.issuedAt, zone) });
  return finish(flow);
}

/** Decision on a credit-based waiver. Anchor: `platform-seal`. */
export interface CreditDecisionLetterContent {
  readonly frame: DocumentFrame;
  readonly tender: TenderReference;
  readonly bidder: string;
  readonly creditCode: string;
  readonly policyVersion: string;
  readonly grade: string;
  readonly required: Money;
  readonly waived: Money;
  readonly due: Money;
  readonly asOf: Instant;
  readonly validUntil: Instant;
  /** Each step of the decision in words, in order. */
  readonly reasons: readonly string[];
  readonly facts: readonly { readonly source: string; readonly statement: string; readonly issuedAt: Instant; readonly sha256: string }[];
  readonly payWithinDays: number;
}

/** @throws DomainError `E_GLYPH_MISSING` */
export async function renderCreditDecisionLetter(content: CreditDecisionLetterContent, options: RenderOptions): Promise<Uint8Array> {
  const { frame } = content;
  const zone = zoneOf(frame);
  const yuan = (amount: Money): string => `￥${moneyInFigures(amount)} 元（${moneyInWords(amount.amountMinor)}）`;
  const flow = startFlow(frame, { zh: '投标保证金信用减免决定书', en: 'Decision on a Credit-based Deposit Waiver' }, options);
  title(flow, `编号 No. ${frame.code}`);
  keyValues(flow, [
    { zh: '投标人', en: 'Bidder', value: `${content.bidder}\n统一社会信用代码：${content.creditCode}` },
    ...tenderEntries(content.tender),
    { zh: '政策版本', en: 'Policy version', value: content.policyVersion },
    { zh: '信用等级', en: 'Credit grade', value: content.grade },
    { zh: '认定基准时间', en: 'As of', value: dateTime(content.asOf, zone) },
  ]);
  notice(flow, `应缴 ${moneyInFigures(content.required)} 元，信用减免 ${moneyInFigures(content.waived)} 元，仍须提供 ${moneyInFigures(content.due)} 元。`);
  table(flow, {
    columns: [
      { zh: '项目', en: 'Item', weight: 2 },
      { zh: '金额', en: 'Amount', weight: 6, align: 'right' },
    ],
    rows: [
      ['应缴保证金 Required', yuan(content.required)],
      ['信用减免 Waived', yuan(content.waived)],
      ['仍须提供 Still due', yuan(content.due)],
    ],
    emphasised: new Set([2]),
  });
  heading(flow, '一、认定过程', 'Steps of the decision');
  numbered(flow, content.reasons);
  heading(flow, '二、所依据的事实', 'Facts relied on');
  table(flow, {
    size: 8.5,
    columns: [
      { zh: '来源', en: 'Source', weight: 2.2 },
      { zh: '内容', en: 'Statement', weight: 3 },
      { zh: '出具时间', en: 'Issued at', weight: 1.7 },
      { zh: '摘要', en: 'SHA-256', weight: 3.4 },
    ],
    rows: content.facts.map((fact) => [fact.source, fact.statement, dateOnly(fact.issuedAt, zone), fact.sha256]),
  });
  heading(flow, '三、承诺义务', 'Commitment');
  paragraph(
    flow,
    `减免部分以投标人签署的承诺书代替：发生保证金不予退还的情形时，投标人应当在收到书面通知后 ${content.payWithinDays} 日内支付被减免的金额。本决定有效至 ${dateTime(content.validUntil, zone)}，相同输入和相同政策版本必然得出相同结果，任何人可据此复算。`,
    { indent: true },
  );
  sealPlace(flow, { anchor: 'platform-seal', role: '平台 Platform（电子印章）', organisation: frame.platform, date: dateOnly(frame.issuedAt, zone) });
  return finish(flow);
}

/** 流标/终止公告. Anchors: `tenderee-seal`. */
export interface TerminationNoticeContent {
  readonly frame: DocumentFrame;
  readonly tender: TenderReference;
  readonly tenderee: string;
  readonly agency: string;
  /** `failed`: too few or no valid bids; `terminated`: ended by the tenderee. */
  readonly kind: 'failed' | 'terminated';
  readonly decidedAt: Instant;
  readonly reasons: readonly string[];
  /** Legal basis, e.g. `《招标投标法》第二十八条`. */
  readonly basis: string;
  readonly consequences: readonly string[];
  /** Code of the tender that follows, if known. */
  readonly retender?: string;
}

/** @throws DomainError `E_GLYPH_MISSING` */
export async function renderTerminationNotice(content: TerminationNoticeContent, options: RenderOptions): Promise<Uint8Array> {
  const { frame } = content;
  const zone = zoneOf(frame);
  const failed = content.kind === 'failed';
  const titles = failed ? { zh: '流标公告', en: 'Notice of a Failed Tender' } : { zh: '终止招标公告', en: 'Notice of Termination' };
  const flow = startFlow(frame, titles, options);
  title(flow, `编号 No. ${frame.code}`);
  keyValues(flow, [
    ...tenderEntries(content.tender),
    { zh: '招标人', en: 'Tenderee', value: content.tenderee },
    { zh: '招标代理机构', en: 'Agency', value: content.agency },
    { zh: '决定时间', en: 'Decided at', value: dateTime(content.decidedAt, zone) },
    { zh: '法律依据', en: 'Legal basis', value: content.basis },
  ]);
  heading(flow, failed ? '一、流标原因' : '一、终止原因', 'Reasons');
  numbered(flow, content.reasons);
  heading(flow, '二、后续事项', 'What follows');
  numbered(flow, content.consequences);
  paragraph(flow, content.retender === undefined ? '重新招标的，另行公告。' : `重新招标项目编号：${content.retender}。`, { indent: true });
  sealPlace(flow, { anchor: 'tenderee-seal', role: '招标人 Tenderee（电子印章）', organisation: content.tenderee, date: dateOnly(frame.issuedAt, zone) });
  return finish(flow);
}
