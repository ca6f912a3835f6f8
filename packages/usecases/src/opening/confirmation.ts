import { canonicalBytes, DomainError, formatInstant, fromBase64, newId } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { answerAtOpening, confirmPrice, objectAtOpening } from '@qej/tendering';
import type { Opening } from '@qej/tendering';
import type { AuthenticatedContext } from '../handlers.ts';
import { appendEntry } from '../log/index.ts';
import type { Transaction } from '../ports.ts';
import type { BidRecord, TenderRecord } from '../records.ts';
import { refusalCode } from '../refusal-code.ts';
import { tenderOf } from '../tender/tender-course.ts';
import type { BidFault } from './fault.ts';
import { contentOf } from './open-content.ts';
import { openingOf, saveOpening } from './opening-course.ts';
import type { OpeningPorts } from './ports.ts';

/** Kept as `confirmation` of a bid's row. */
export interface ConfirmationFacts {
  readonly kind: 'confirmed' | 'objected';
  readonly text?: string;
  readonly at: string;
  /** CAdES over `confirmationBytes`, base64. */
  readonly cms: string;
  readonly answer?: string;
  readonly objectionId?: string;
}

export interface ConfirmationBody {
  readonly kind: 'confirmed' | 'objected';
  readonly text?: string | undefined;
}

/** What a bidder signs under `qej-confirm/1`: its own line of the price table, word for word. */
export const confirmationBytes = (of: {
  readonly tenderId: string;
  readonly bidId: string;
  readonly kind: string;
  readonly text?: string | undefined;
  readonly price: string;
}): Uint8Array<ArrayBuffer> =>
  canonicalBytes({ v: 1, tenderId: of.tenderId, bidId: of.bidId, kind: of.kind, text: of.text ?? '', price: of.price });

const opaqueIdOf = (opening: Opening, { messageHash }: BidRecord): string => {
  const bid = 'bids' in opening ? opening.bids.find((one) => one.messageHash === messageHash) : undefined;
  if (bid === undefined) throw new DomainError('E_STATE', { detail: 'the list is not published' });
  return bid.opaqueId;
};

/** A repeated answer of the same kind changes nothing. */
function respond(
  opening: Opening,
  row: BidRecord,
  { body, context }: { body: ConfirmationBody; context: AuthenticatedContext },
): { readonly opening: Opening; readonly objectionId?: string } {
  const { organizationId } = context.caller;
  if (opening.state === 'confirming' && context.now > opening.confirmingEndsAt) throw new DomainError('E_WINDOW_OVER');
  if (body.kind === 'confirmed') {
    const command = { opaqueId: opaqueIdOf(opening, row), organizationId };
    return { opening: confirmPrice(opening, command, context.now).state };
  }
  const text = body.text?.trim() ?? '';
  if (text === '') throw new DomainError('E_VALIDATION', { detail: 'body.text: an objection says what is wrong' });
  const objectionId = newId();
  return { opening: objectAtOpening(opening, { objectionId, organizationId, text }, context.now).state, objectionId };
}

async function saveResponse(
  tx: Transaction,
  { record, row }: { record: TenderRecord; row: BidRecord },
  { body, cms, context }: { body: ConfirmationBody; cms: string; context: AuthenticatedContext },
): Promise<void> {
  const { opening, objectionId } = respond(openingOf(record), row, { body, context });
  const facts: ConfirmationFacts = {
    kind: body.kind,
    at: formatInstant(context.now),
    cms,
    ...(body.text === undefined ? {} : { text: body.text }),
    ...(objectionId === undefined ? {} : { objectionId }),
  };
  row.confirmation = { ...facts };
  await appendEntry(tx, {
    type: 'price-answered',
    at: context.now,
    tenderId: record.id,
    members: { lotId: record.lotId, messageHash: row.messageHash, kind: body.kind },
  });
  saveOpening(record, tenderOf(record), opening, context.now);
}

/** Window over, not on the list: the refusals of the opening as the contract names them. */
export async function asRefusal<T>(work: () => Promise<T>): Promise<T> {
  const names: Readonly<Record<string, string>> = {
    E_WINDOW_OVER: 'E_WINDOW_CLOSED',
    E_BID_UNKNOWN: 'E_NOT_FOUND',
    E_NOT_ON_LIST: 'E_NOT_FOUND',
    E_OBJECTION_UNKNOWN: 'E_NOT_FOUND',
  };
  try {
    return await work();
  } catch (cause) {
    const name = names[refusalCode(cause) ?? ''];
    if (name === undefined) throw cause;
    throw new DomainError(name, { cause });
  }
}

/**
 * A bidder confirms its own line or objects to it, signed with a certificate bound to the caller.
 * @throws DomainError `E_STATE`, `E_SIGNATURE`, `E_CERT_UNBOUND`, `E_WINDOW_CLOSED`, `E_NOT_FOUND`
 */
export async function confirmOwnPrice(
  ports: OpeningPorts,
  ids: { readonly tenderId: string; readonly bidId: string },
  body: ConfirmationBody & { readonly cms: string },
  context: AuthenticatedContext,
): Promise<void> {
  const { caller, now } = context;
  const where = { id: ids.bidId, tenderId: ids.tenderId, organizationId: caller.organizationId };
  const row = await ports.db.read((tx) => tx.bids.get(where));
  const price = contentOf(row)?.price;
  if (row.state !== 'opened' || price === null || price === undefined) throw new DomainError('E_STATE');
  const { kind, text, cms } = body;
  const content = confirmationBytes({ ...ids, kind, text, price: price.total });
  const signer = await ports.trust.verify({ purpose: 'qej-confirm/1', content, cms: fromBase64(cms), at: now });
  await asRefusal(() =>
    ports.db.transaction('opening:confirm', async (tx) => {
      const bound = await tx.certificates.find({ fingerprint: signer.fingerprint, userId: caller.userId });
      if (bound === undefined) throw new DomainError('E_CERT_UNBOUND');
      const record = await tx.tenders.lock({ id: ids.tenderId });
      const own = await tx.bids.lock(where);
      const given = own.confirmation as unknown as ConfirmationFacts | null; // written here alone
      if (given?.kind === kind && given.answer === undefined) return;
      await saveResponse(tx, { record, row: own }, { body: { kind, text }, cms, context });
    }),
  );
}

/** @throws DomainError `E_STATE`, `E_NOT_FOUND` */
export async function answerBidder(
  ports: OpeningPorts,
  ids: { readonly tenderId: string; readonly bidId: string },
  answer: string,
  { now }: AuthenticatedContext,
): Promise<void> {
  await asRefusal(() =>
    ports.db.transaction('opening:answer', async (tx) => {
      const record = await tx.tenders.lock({ id: ids.tenderId });
      const row = await tx.bids.lock({ id: ids.bidId, tenderId: ids.tenderId });
      const given = row.confirmation as unknown as ConfirmationFacts | null; // written here alone
      if (given?.objectionId === undefined) throw new DomainError('E_NOT_FOUND', { detail: 'no objection' });
      const answered = answerAtOpening(openingOf(record), { objectionId: given.objectionId, text: answer }, now).state;
      row.confirmation = { ...given, answer };
      saveOpening(record, tenderOf(record), answered, now);
    }),
  );
}

/** The supervisor agrees with who is at fault. @throws DomainError `E_NOT_FOUND` */
export async function confirmBidFault(
  ports: OpeningPorts,
  ids: { readonly tenderId: string; readonly bidId: string },
  { now }: AuthenticatedContext,
): Promise<void> {
  await ports.db.transaction('opening:confirm-fault', async (tx) => {
    const record = await tx.tenders.lock({ id: ids.tenderId });
    const row = await tx.bids.lock({ id: ids.bidId, tenderId: ids.tenderId });
    const fault = row.fault as unknown as BidFault | null; // written by this station alone
    if (fault === null) throw new DomainError('E_NOT_FOUND', { detail: 'no fault' });
    if (fault.confirmedBySupervisor) return;
    const confirmed: BidFault = { ...fault, confirmedBySupervisor: true };
    row.fault = confirmed as unknown as Json; // plain data
    const { messageHash } = row;
    await appendEntry(tx, {
      type: 'fault-confirmed',
      at: now,
      tenderId: record.id,
      members: { lotId: record.lotId, messageHash, code: fault.code, party: fault.party },
      dedupe: `fault-confirmed:${row.id}`,
    });
  });
}
