import { type Instant } from '@qej/kernel';
import { heading, numbered, paragraph, title } from '../layout/blocks.ts';
import { dateTime } from '../layout/dates.ts';
import { finish } from '../layout/finish.ts';
import { type DocumentFrame, type RenderOptions, startFlow } from '../layout/flow.ts';
import { keyValues } from '../layout/key-values.ts';
import { sealPlaces } from '../layout/signature-boxes.ts';
import { tendereeSeal, type TenderReference, tenderEntries, zoneOf } from './common.ts';

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
export async function renderTerminationNotice(
  content: TerminationNoticeContent,
  options: RenderOptions,
): Promise<Uint8Array> {
  const { frame } = content;
  const zone = zoneOf(frame);
  const failed = content.kind === 'failed';
  const titles = failed
    ? { zh: '流标公告', en: 'Notice of a Failed Tender' }
    : { zh: '终止招标公告', en: 'Notice of Termination' };
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
  paragraph(
    flow,
    content.retender === undefined ? '重新招标的，另行公告。' : `重新招标项目编号：${content.retender}。`,
    { indent: true },
  );
  sealPlaces(flow, [tendereeSeal(frame, content.tenderee)]);
  return finish(flow);
}
