import type { Output, PlatformApi } from '@qej/contract';
import { DomainError, formatInstant, instant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Opening } from '@qej/tendering';
import { isFullySigned } from '../documents/create-document.ts';
import type { MaybeCaller, Transaction } from '../ports.ts';
import type { BidRecord, DocumentRecord, ReleaseRecord, TenderRecord } from '../records.ts';
import { noticeOf } from '../tender/tender-course.ts';
import type { ConfirmationFacts } from './confirmation.ts';
import type { BidFault } from './fault.ts';
import { contentOf } from './open-content.ts';
import { registerFactsOf } from './open-lot-technical.ts';
import { findFacts, OPENING, openingOf } from './opening-course.ts';
import type { DepositVerdict } from './ports.ts';

export type Hall = Output<PlatformApi['getHall']>;
type HallBid = Hall['bids'][number];

const at = (ms: number): string => formatInstant(instant(ms));
const PRICED: readonly Opening['state'][] = ['prices-shown', 'confirming', 'record-signed'];
const GIVING: readonly Opening['state'][] = ['list-published', 'decrypting'];

const viewState = (state: string): HallBid['state'] => {
  if (state === 'half-missing' || state === 'opened' || state === 'refused' || state === 'register-opened')
    return state;
  return 'half-released'; // half in, or its technical stage open: the price is not shown yet
};

const isOwner = (row: BidRecord, caller: MaybeCaller): boolean =>
  caller?.role === 'bidder' && caller.organizationId === row.organizationId;

function unwrapOf(row: BidRecord): Pick<HallBid, 'unwrap'> {
  const { wrappedSecret, registerContext, stages } = registerFactsOf(row);
  return { unwrap: { wrappedSecret, registerContext, stages: stages.map((stage) => ({ ...stage })) } };
}

function viewConfirmation(row: BidRecord): Pick<HallBid, 'confirmation'> {
  const given = row.confirmation as unknown as ConfirmationFacts | null; // written by confirmPrice alone
  if (given === null) return {};
  const { kind, text, at: when, answer } = given;
  return {
    confirmation: {
      kind,
      at: when,
      ...(text === undefined ? {} : { text }),
      ...(answer === undefined ? {} : { answer }),
    },
  };
}

function viewFault(row: BidRecord): Pick<HallBid, 'fault'> {
  const fault = row.fault as unknown as BidFault | null; // written by this station alone
  if (fault === null) return {};
  const { party, code, text, confirmedBySupervisor } = fault;
  return { fault: { party, code, text: { ...text }, confirmedBySupervisor } };
}

function viewBid(row: BidRecord, receivedAt: number, opening: Opening, caller: MaybeCaller): HallBid {
  const { state, text } = row.deposit as unknown as DepositVerdict; // written by the register step
  const price = PRICED.includes(opening.state) ? (contentOf(row)?.price ?? undefined) : undefined;
  const mine = isOwner(row, caller);
  return {
    bidId: row.id,
    bidder: registerFactsOf(row).name,
    bidderOrganizationId: row.organizationId,
    messageHash: row.messageHash,
    receivedAt: at(receivedAt),
    state: viewState(row.state),
    deposit: { state, text: { ...text } },
    ...(price === undefined ? {} : { price: { ...price } }),
    ...viewConfirmation(row),
    ...viewFault(row),
    mine,
    ...(mine && opening.openingMode === 'joint' && GIVING.includes(opening.state) ? unwrapOf(row) : {}),
  };
}

const none = { zh: '', en: '' };
const steps = {
  start: { zh: '公布投标人名单，开始解密', en: 'Publish the bidder list and start decryption' },
  close: { zh: '解密已全部到齐，结束解密', en: 'Every half is in: end the window' },
  record: { zh: '生成开标记录', en: 'Make the opening record' },
  finish: { zh: '结束开标', en: 'End the opening' },
} as const;

/** May the record be made: everybody has answered or the window is over, and no objection waits for its answer. */
export function recordDue(opening: Opening, now: Instant): boolean {
  if (opening.state !== 'confirming')
    return opening.state === 'halves-complete' && opening.priceOpening !== 'at-opening';
  const answered = opening.objections.every(({ answer }) => answer !== null);
  const opened = opening.bids.filter(({ state }) => state === 'opened').length;
  return answered && (opening.confirmations.length >= opened || now > opening.confirmingEndsAt);
}

function hostStep(opening: Opening, document: DocumentRecord | undefined, now: Instant): Hall['hostStep'] {
  if (opening.state === 'list-published') return { command: 'start-decryption', text: { ...steps.start } };
  if (document !== undefined && opening.state !== 'record-signed' && isFullySigned(document))
    return { command: 'finish', text: { ...steps.finish } };
  if (document === undefined && recordDue(opening, now)) return { command: 'make-record', text: { ...steps.record } };
  return { command: 'none', text: { ...none } };
}

const viewReleases = (rows: readonly ReleaseRecord[]): Hall['releases'] =>
  rows.map(({ holderId, stage, releasedAt }) => ({ holderId, stage, at: at(releasedAt) }));

function viewClosing(record: TenderRecord, opening: Opening): Partial<Hall> {
  const facts = findFacts(record);
  if (facts === undefined) return {};
  const entryHash = 'closing' in opening ? { closingEntryHash: opening.closing.entryHash } : {};
  return {
    closedAt: at(facts.closedAt),
    closingRoot: facts.closingRoot,
    ...(facts.closingSeq === null ? {} : { closingSeq: facts.closingSeq }),
    ...entryHash,
    witnesses: facts.witnesses.map(({ name, at: when, independent }) => ({ name, at: at(when), independent })),
    ...(facts.coefficient === null ? {} : { coefficient: facts.coefficient.value }),
    ...(facts.recordDocumentId === null ? {} : { recordDocumentId: facts.recordDocumentId }),
    ...('windowEndsAt' in opening ? { windowEndsAt: at(opening.windowEndsAt) } : {}),
    ...(opening.state === 'failed-few' ? { count: opening.distinctOwners } : {}),
  };
}

async function viewBids(tx: Transaction, opening: Opening, caller: MaybeCaller): Promise<Hall['bids']> {
  if (!('bids' in opening)) return [];
  const rows = await tx.bids.list({ tenderId: opening.tenderId }, { orderBy: { order: 'asc' } });
  return rows.map((row) => {
    const receivedAt = opening.bids.find(({ messageHash }) => messageHash === row.messageHash)?.receivedAt ?? 0;
    return viewBid(row, receivedAt, opening, caller);
  });
}

/**
 * What everybody may see. Before the deadline nothing of any bid, no presence and no count; until the list is published only root,
 * witnesses and releases.
 * @throws DomainError `E_NOT_FOUND` before the publication
 */
export async function viewHall(
  tx: Transaction,
  record: TenderRecord,
  caller: MaybeCaller,
  now: Instant,
): Promise<Hall> {
  if (record.publishedAt === null || record.notice === null) throw new DomainError('E_NOT_FOUND');
  const opening = openingOf(record);
  const documentId = findFacts(record)?.recordDocumentId ?? null;
  const document = documentId === null ? undefined : await tx.documents.find({ id: documentId });
  const [lot] = noticeOf(record).lots;
  const releases = await tx.releases.list({ tenderId: record.id }, { orderBy: { releasedAt: 'asc' } });
  return {
    tenderId: record.id,
    state: record.course[OPENING] === undefined ? record.state : opening.state,
    now: formatInstant(now),
    deadline: at(record.deadline),
    witnesses: [],
    releases: viewReleases(releases),
    bids: await viewBids(tx, opening, caller),
    hostStep: hostStep(opening, document, now),
    ...(lot === undefined || lot.ceilingPrice === null ? {} : { ceilingPrice: lot.ceilingPrice }),
    ...viewClosing(record, opening),
  };
}
