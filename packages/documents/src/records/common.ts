import { dateOnly } from '../layout/dates.ts';
import { type SealPlace } from '../layout/signature-boxes.ts';
import { type DocumentFrame, type Flow, PAGE, put, textOp, COLORS } from '../layout/flow.ts';
import { title } from '../layout/blocks.ts';

/** The tender that a document belongs to. */
export interface TenderReference {
  readonly code: string;
  readonly name: string;
  readonly lotCode: string;
  readonly lotName: string;
}

/** A person who takes part under a role. */
export interface Participant {
  readonly role: string;
  readonly name: string;
  readonly organisation?: string;
  /** Free text such as `在线签到 13:02:11`. */
  readonly note?: string;
}

export const tenderEntries = (tender: TenderReference): { zh: string; en: string; value: string }[] => [
  { zh: '项目名称', en: 'Tender', value: tender.name },
  { zh: '项目编号', en: 'Tender code', value: tender.code },
  { zh: '标段', en: 'Lot', value: `${tender.lotCode}　${tender.lotName}` },
];

/** Title block of a document that belongs to a tender. */
export const tenderTitle = (flow: Flow, tender: TenderReference): void =>
  title(flow, `${tender.name}　·　${tender.lotName}\n项目编号 ${tender.code}　标段编号 ${tender.lotCode}`);

export const zoneOf = (frame: DocumentFrame): string => frame.zone ?? 'Asia/Shanghai';

/** Stands under a table that has no rows. */
export function none(flow: Flow, text = '无 None'): void {
  flow.y -= 16;
  put(flow, textOp(PAGE.left, flow.y, text, { size: 9.5, color: COLORS.muted }));
  flow.y -= 6;
}

const dated = (frame: DocumentFrame): string => dateOnly(frame.issuedAt, zoneOf(frame));

/** Anchor `platform-seal`. */
export const platformSeal = (frame: DocumentFrame): SealPlace => ({
  anchor: 'platform-seal',
  role: '平台 Platform（电子印章）',
  organisation: frame.platform,
  date: dated(frame),
});

/** Anchor `agency-seal`. */
export const agencySeal = (frame: DocumentFrame, organisation: string): SealPlace => ({
  anchor: 'agency-seal',
  role: '招标代理机构 Agency（电子印章）',
  organisation,
  date: dated(frame),
});

/** Anchor `tenderee-seal`. */
export const tendereeSeal = (frame: DocumentFrame, organisation: string): SealPlace => ({
  anchor: 'tenderee-seal',
  role: '招标人 Tenderee（电子印章）',
  organisation,
  date: dated(frame),
});
