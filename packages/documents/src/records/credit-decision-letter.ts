import { type Instant, type Money } from '@qej/kernel';
import { heading, notice, numbered, paragraph, title } from '../layout/blocks.ts';
import { dateOnly, dateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type DocumentFrame, type Flow, type RenderOptions, startFlow } from '../layout/flow.ts';
import { keyValues } from '../layout/key-values.ts';
import { sealPlaces } from '../layout/signature-boxes.ts';
import { table } from '../layout/table.ts';
import { moneyInFigures, moneyInWords } from '../money-words.ts';
import { platformSeal, type TenderReference, tenderEntries, zoneOf } from './common.ts';

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
  readonly facts: readonly {
    readonly source: string;
    readonly statement: string;
    readonly issuedAt: Instant;
    readonly sha256: string;
  }[];
  readonly payWithinDays: number;
}

const yuan = (amount: Money): string => `￥${moneyInFigures(amount)} 元（${moneyInWords(amount.amountMinor)}）`;

function amounts(flow: Flow, { required, waived, due }: CreditDecisionLetterContent): void {
  notice(
    flow,
    `应缴 ${moneyInFigures(required)} 元，信用减免 ${moneyInFigures(waived)} 元，仍须提供 ${moneyInFigures(due)} 元。`,
  );
  table(flow, {
    columns: [
      { zh: '项目', en: 'Item', weight: 2 },
      { zh: '金额', en: 'Amount', weight: 6, align: 'right' },
    ],
    rows: [
      ['应缴保证金 Required', yuan(required)],
      ['信用减免 Waived', yuan(waived)],
      ['仍须提供 Still due', yuan(due)],
    ],
    emphasised: new Set([2]),
  });
}

function grounds(flow: Flow, content: CreditDecisionLetterContent): void {
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
    rows: content.facts.map((fact) => [
      fact.source,
      fact.statement,
      dateOnly(fact.issuedAt, zoneOf(content.frame)),
      fact.sha256,
    ]),
  });
}

/** @throws DomainError `E_GLYPH_MISSING` */
export async function renderCreditDecisionLetter(
  content: CreditDecisionLetterContent,
  options: RenderOptions,
): Promise<Uint8Array> {
  const { frame } = content;
  const zone = zoneOf(frame);
  const titles = { zh: '投标保证金信用减免决定书', en: 'Decision on a Credit-based Deposit Waiver' };
  const flow = startFlow(frame, titles, options);
  title(flow, `编号 No. ${frame.code}`);
  keyValues(flow, [
    { zh: '投标人', en: 'Bidder', value: `${content.bidder}\n统一社会信用代码：${content.creditCode}` },
    ...tenderEntries(content.tender),
    { zh: '政策版本', en: 'Policy version', value: content.policyVersion },
    { zh: '信用等级', en: 'Credit grade', value: content.grade },
    { zh: '认定基准时间', en: 'As of', value: dateTime(content.asOf, zone) },
  ]);
  amounts(flow, content);
  grounds(flow, content);
  heading(flow, '三、承诺义务', 'Commitment');
  paragraph(
    flow,
    `减免部分以投标人签署的承诺书代替：发生保证金不予退还的情形时，投标人应当在收到书面通知后 ${content.payWithinDays} 日内支付被减免的金额。本决定有效至 ${dateTime(content.validUntil, zone)}，相同输入和相同政策版本必然得出相同结果，任何人可据此复算。`,
    { indent: true },
  );
  sealPlaces(flow, [platformSeal(frame)]);
  return finish(flow);
}
