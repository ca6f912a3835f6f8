import { type Instant } from '@qej/kernel';
import { heading, notice, numbered, paragraph } from '../layout/blocks.ts';
import { dateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type DocumentFrame, type Flow, type RenderOptions, startFlow } from '../layout/flow.ts';
import { sealPlaces } from '../layout/signature-boxes.ts';
import { table } from '../layout/table.ts';
import { agencySeal, type TenderReference, tenderTitle, zoneOf } from './common.ts';

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
  readonly items: readonly {
    readonly code: string;
    readonly title: string;
    readonly full: string;
    readonly score: string;
    readonly reason: string;
  }[];
  readonly qualification: readonly { readonly title: string; readonly result: string; readonly reason: string }[];
  /** Steps of the own price score, to be recomputed. */
  readonly priceSteps: readonly string[];
  readonly objectionUntil: Instant;
}

function judged(flow: Flow, content: ScoreLetterContent): void {
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
    rows: [
      ...content.items.map((item) => [item.code, item.title, item.full, item.score, item.reason]),
      ['', '合计 Total', '', content.total, ''],
    ],
    emphasised: new Set([content.items.length]),
  });
}

/** @throws DomainError `E_GLYPH_MISSING` */
export async function renderScoreLetter(content: ScoreLetterContent, options: RenderOptions): Promise<Uint8Array> {
  const { frame } = content;
  const flow = startFlow(frame, { zh: '评审结果告知书', en: 'Notice of Scores' }, options);
  tenderTitle(flow, content.tender);
  paragraph(flow, `${content.bidder}：`, { size: 11, face: 'bold' });
  const rank = content.rank === undefined ? '' : `，在 ${content.rank.of} 份有效投标中排名第 ${content.rank.place}`;
  notice(flow, `评审结论：${content.outcome}。总得分 ${content.total} 分${rank}。`);
  judged(flow, content);
  heading(flow, '三、报价得分的计算', 'How the price score was computed');
  numbered(flow, content.priceSteps);
  heading(flow, '四、救济途径', 'Objection');
  paragraph(
    flow,
    `对评标结果有异议的，应当在 ${dateTime(content.objectionUntil, zoneOf(frame))} 之前通过平台提出；贵方可在平台“重新计算”页面核对以上每一步。`,
    { indent: true },
  );
  sealPlaces(flow, [agencySeal(frame, content.issuer)]);
  return finish(flow);
}
