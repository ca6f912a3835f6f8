import { type Instant, type Money } from '@qej/kernel';
import { heading, numbered, paragraph, title } from '../layout/blocks.ts';
import { dateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type DocumentFrame, type RenderOptions, startFlow } from '../layout/flow.ts';
import { keyValues } from '../layout/key-values.ts';
import { sealPlaces } from '../layout/signature-boxes.ts';
import { moneyInFigures, moneyInWords } from '../money-words.ts';
import { agencySeal, tendereeSeal, type TenderReference, tenderEntries, zoneOf } from './common.ts';

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

const EFFECT =
  '中标通知书对招标人和中标人具有法律效力。中标通知书发出后，招标人改变中标结果的，或者中标人放弃中标项目的，应当依法承担法律责任（《中华人民共和国招标投标法》第四十五条）。';

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
    ...tenderEntries(tender).slice(1),
    { zh: '招标人', en: 'Tenderee', value: content.tenderee },
    { zh: '中标价', en: 'Price', value: `￥${moneyInFigures(price)} 元\n${moneyInWords(price.amountMinor)}` },
    ...content.terms,
  ]);
  paragraph(
    flow,
    `请在 ${dateTime(content.contractBy, zone)} 之前，按照招标文件和贵方的投标文件与招标人订立书面合同。`,
    { indent: true, size: 11, gap: 6 },
  );
  if (content.duties.length > 0) {
    heading(flow, '中标人应当办理的事项', 'What the winner has to do');
    numbered(flow, content.duties);
  }
  paragraph(flow, EFFECT, { indent: true });
  const agency = content.agency === undefined ? [] : [agencySeal(frame, content.agency)];
  sealPlaces(flow, [...agency, tendereeSeal(frame, content.tenderee)]);
  return finish(flow);
}
