import type { Output, PlatformApi } from '@qej/contract';
import { DomainError, formatInstant, fromBase64, instant, newId, toBase64 } from '@qej/kernel';
import type { AuthenticatedContext } from '../handlers.ts';
import { appendEntry } from '../log/append-entry.ts';
import type { Caller, Transaction } from '../ports.ts';
import type { SeatRecord, TenderRecord } from '../records.ts';
import { noticeOf } from '../tender/tender-course.ts';
import { callerSeat, requireTenderState } from './committee-course.ts';
import { sha256Hex } from './draw-committee.ts';
import type { EvaluationPorts, OpenedBid } from './ports.ts';
import { checkDraft, criteriaOf, marksJson, passFailJson, readSheet, submissionBytes } from './sheets.ts';
import type { Sheet } from './sheets.ts';
import { requireBound, verifyAct } from './signed-act.ts';

export type Workbench = Output<PlatformApi['getWorkbench']>;

const READING: readonly string[] = [
  'evaluating',
  'scored',
  'reported',
  'candidates-published',
  'awarded',
  'contracted',
];

/** @throws DomainError `E_STATE` before the declaration and for who left */
function requireDeclared(seat: SeatRecord): SeatRecord {
  if (seat.state !== 'declared' && seat.state !== 'released')
    throw new DomainError('E_STATE', { detail: `the seat is ${seat.state}`, params: { state: seat.state } });
  return seat;
}

const itemsOf = (record: TenderRecord): { id: string; kind: string }[] => {
  const { items } = noticeOf(record).criteria as unknown as { items: { id: string; kind: string }[] }; // parsed when frozen
  return items;
};
const viewBid = ({ bidId, name, files }: OpenedBid): Workbench['bids'][number] => ({
  bidId,
  bidder: name,
  files: files.map(({ fileIndex, stage, part, name: fileName, mediaType, bytes }) => ({
    fileIndex,
    stage,
    part,
    name: fileName,
    mediaType,
    bytes,
  })),
});

async function viewWorkbench(
  tx: Transaction,
  ports: EvaluationPorts,
  { record, seat }: { record: TenderRecord; seat: SeatRecord },
): Promise<Workbench> {
  const rows = await tx.sheets.list({ tenderId: record.id, seat: seat.seat });
  const bids = await ports.bids.openedBidsOf(tx, record.id);
  const savedAt = Math.max(0, ...rows.map((row) => row.savedAt));
  return {
    tenderId: record.id,
    seat: seat.seat,
    criteria: itemsOf(record).filter(({ kind }) => kind !== 'pass-fail'),
    passFail: itemsOf(record).filter(({ kind }) => kind === 'pass-fail'),
    bids: bids.map(viewBid),
    sheets: rows.map(readSheet),
    ...(seat.submittedAt === null ? {} : { submittedAt: formatInstant(instant(seat.submittedAt)) }),
    ...(savedAt === 0 ? {} : { savedAt: formatInstant(instant(savedAt)) }),
  };
}

/** The opened bids and the caller's own sheets; nobody else's. */
export const getWorkbench = (ports: EvaluationPorts, tenderId: string, caller: Caller): Promise<Workbench> =>
  ports.db.read(async (tx) => {
    const record = await tx.tenders.get({ id: tenderId });
    requireTenderState(record, ...READING);
    const seat = requireDeclared(await callerSeat(tx, tenderId, caller));
    return viewWorkbench(tx, ports, { record, seat });
  });

/** @throws DomainError `E_STATE` once the sheets are submitted */
function requireUnsubmitted(seat: SeatRecord): SeatRecord {
  if (requireDeclared(seat).submittedAt !== null)
    throw new DomainError('E_STATE', { detail: 'the sheets are submitted' });
  return seat;
}

/** Looked up before the transaction, which begins with the lock: what it reads is then at least as new as the lock. */
const ownSeatId = (ports: EvaluationPorts, tenderId: string, caller: Caller): Promise<string> =>
  ports.db.read(async (tx) => (await callerSeat(tx, tenderId, caller)).id);

/** Keeps the caller's marks for one bid, finished or not. @throws DomainError `E_STATE` after the submission */
export async function saveSheet(
  ports: EvaluationPorts,
  { tenderId, sheet }: { tenderId: string; sheet: Sheet },
  { caller, now }: AuthenticatedContext,
): Promise<{ savedAt: string }> {
  const id = await ownSeatId(ports, tenderId, caller);
  await ports.db.transaction('evaluation:save-sheet', async (tx) => {
    const seat = requireUnsubmitted(await tx.seats.lock({ id }));
    const record = await tx.tenders.get({ id: tenderId });
    requireTenderState(record, 'evaluating');
    const bids = await ports.bids.openedBidsOf(tx, tenderId);
    if (!bids.some(({ bidId }) => bidId === sheet.bidId)) throw new DomainError('E_NOT_FOUND');
    checkDraft(sheet, criteriaOf(record));
    const written = { marks: marksJson(sheet), passFail: passFailJson(sheet), savedAt: now };
    const known = await tx.sheets.find({ tenderId, seat: seat.seat, bidId: sheet.bidId });
    if (known === undefined)
      await tx.sheets.insert({ id: newId(), tenderId, seat: seat.seat, bidId: sheet.bidId, ...written });
    else Object.assign(known, written);
  });
  ports.live.publish({ tenderId, topic: 'evaluation' });
  return { savedAt: formatInstant(now) };
}

/** All own sheets as the bytes that the expert signs. @throws DomainError `E_SHEET_INCOMPLETE`, `E_STATE` */
async function ownBytes(
  tx: Transaction,
  ports: EvaluationPorts,
  seat: SeatRecord,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; record: TenderRecord }> {
  requireUnsubmitted(seat);
  const record = await tx.tenders.get({ id: seat.tenderId });
  requireTenderState(record, 'evaluating');
  const bidIds = (await ports.bids.openedBidsOf(tx, record.id)).map(({ bidId }) => bidId);
  const sheets = (await tx.sheets.list({ tenderId: record.id, seat: seat.seat })).map(readSheet);
  return { bytes: submissionBytes(record, { seat: seat.seat, bidIds, sheets }), record };
}

const readOwnBytes = (ports: EvaluationPorts, tenderId: string, caller: Caller): Promise<Uint8Array<ArrayBuffer>> =>
  ports.db.read(async (tx) => (await ownBytes(tx, ports, await callerSeat(tx, tenderId, caller))).bytes);

export const getSheetDigest = (ports: EvaluationPorts, tenderId: string, caller: Caller): Promise<{ bytes: string }> =>
  readOwnBytes(ports, tenderId, caller).then((bytes) => ({ bytes: toBase64(bytes) }));

/** Submits all own sheets, signed; nothing of them changes afterwards. */
export async function submitSheets(
  ports: EvaluationPorts,
  { tenderId, cms }: { tenderId: string; cms: string },
  { caller, now }: AuthenticatedContext,
): Promise<Workbench> {
  const content = await readOwnBytes(ports, tenderId, caller);
  const signer = await verifyAct(ports.trust, { purpose: 'qej-scores/1', content, cms, now });
  const cmsSha256 = await sha256Hex(fromBase64(cms));
  const id = await ownSeatId(ports, tenderId, caller);
  const view = await ports.db.transaction('evaluation:submit-sheets', async (tx) => {
    const seat = await tx.seats.lock({ id });
    const { bytes, record } = await ownBytes(tx, ports, seat);
    if (toBase64(bytes) !== toBase64(content))
      throw new DomainError('E_CONFLICT', { detail: 'the sheets changed meanwhile' });
    await requireBound(tx, signer, caller);
    seat.sheetCms = cms;
    seat.submittedAt = now;
    seat.updatedAt = now;
    // The signature's hash, not the marks': a few marks could be guessed from theirs.
    await appendEntry(tx, { type: 'sheets-submitted', at: now, tenderId, members: { seat: seat.seat, cmsSha256 } });
    return viewWorkbench(tx, ports, { record, seat });
  });
  ports.live.publish({ tenderId, topic: 'evaluation' });
  return view;
}
