import { formatMoney, parseMoney } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { nextCheckAt, startOpening, procedureOf } from '@qej/tendering';
import type { BidOpening, Opening, Tender } from '@qej/tendering';
import type { TenderRecord } from '../records.ts';
import { noticeOf, saveTender, setCourse } from '../tender/tender-course.ts';

/** Where the parts of an opening stand in the course: the aggregate, and what was recorded beside it. */
export const OPENING = 'opening';
const FACTS = 'openingFacts';

/** A bid whose register did not open, or whose owner is nobody here: no row, but minuted. */
export interface RefusedRegister {
  readonly messageHash: string;
  readonly code: string;
  readonly party: string;
}

/** Written by this station alone. */
export interface OpeningFacts {
  /** Row of the `closing` entry; its place once a witness has seen it. */
  readonly closingOrdinal: number;
  readonly closingSeq: number | null;
  readonly closingRoot: string;
  readonly closedAt: number;
  readonly witnesses: readonly { readonly name: string; readonly at: number; readonly independent: boolean }[];
  /** Hex, of every register that opened, in closing order: the seed of all draws. */
  readonly entropies: readonly string[];
  readonly refused: readonly RefusedRegister[];
  readonly coefficient: { readonly name: string; readonly index: number; readonly value: string } | null;
  readonly recordDocumentId: string | null;
}

const encodeBid = (bid: BidOpening): Json => {
  const { ...members } = bid;
  const price = bid.state === 'opened' ? { price: formatMoney(bid.price) } : {};
  return { ...members, ...price } as unknown as Json; // every other member is a string, a number, null or such an object
};
const decodeBid = (json: Json): BidOpening => {
  const bid = json as unknown as BidOpening & { readonly price?: string }; // written by encodeBid alone
  return bid.state === 'opened' ? ({ ...bid, price: parseMoney(String(bid.price)) } as BidOpening) : bid;
};

/** JSON of the aggregate: instants as numbers, money as decimal strings. */
export const encodeOpening = (opening: Opening): Json =>
  ('bids' in opening ? { ...opening, bids: opening.bids.map(encodeBid) } : { ...opening }) as unknown as Json; // closing, windows and objections are JSON already

export function decodeOpening(json: Json): Opening {
  const opening = json as unknown as Opening; // written by encodeOpening alone
  if (!('bids' in opening)) return opening;
  return { ...opening, bids: (opening.bids as unknown as readonly Json[]).map(decodeBid) };
}

/** The opening of the tender's lot; before the closing one that waits for it. */
export function openingOf(record: TenderRecord): Opening {
  const stored = record.course[OPENING];
  if (stored !== undefined) return decodeOpening(stored);
  const notice = noticeOf(record);
  return startOpening({
    tenderId: record.id,
    lotId: record.lotId,
    openingMode: notice.openingMode,
    priceOpening: procedureOf(notice).priceOpening,
    hasCoefficient: notice.coefficient !== null,
  });
}

export const findFacts = (record: TenderRecord): OpeningFacts | undefined =>
  record.course[FACTS] as unknown as OpeningFacts | undefined; // written by saveFacts alone

/** @throws Error before the closing: a programmer's mistake. */
export function factsOf(record: TenderRecord): OpeningFacts {
  const facts = findFacts(record);
  if (facts === undefined) throw new Error('the lot is not closed');
  return facts;
}

export function saveFacts(record: TenderRecord, change: Partial<OpeningFacts>): void {
  setCourse(record, FACTS, { ...findFacts(record), ...change } as unknown as Json); // plain data
}

/** Writes both aggregates back with the earliest event that time will bring; the row is locked by the caller. */
export function saveOpening(record: TenderRecord, tender: Tender, opening: Opening, now: Instant): void {
  saveTender(record, tender, now);
  setCourse(record, OPENING, encodeOpening(opening));
  record.nextCheckAt = nextCheckAt(tender, [opening]);
}
