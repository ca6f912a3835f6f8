import { DomainError, plusMs } from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import type { BidOpening, BidOwner, DepositDelivery, FaultParty } from './bid-opening.ts';
import { deemedConsequence, enterBid } from './bid-opening.ts';
import type { Opening, OpeningDecision, OpeningEvent, OpeningIn } from './opening.ts';
import { enterOpening, eventBase } from './opening.ts';
import { getBid, replaceBid } from './opening-decisions.ts';
import { requireState } from './require-state.ts';

/** What came out of a content stage of one bid. */
export type ContentResult<Content> =
  | ({ readonly opaqueId: string } & Content)
  | { readonly opaqueId: string; readonly code: string; readonly fault: FaultParty };

function refuseBid(bid: BidOpening, at: 'technical' | 'price', code: string, fault: FaultParty): BidOpening {
  const { opaqueId, messageHash, receivedAt } = bid;
  const owner = 'owner' in bid ? bid.owner : null;
  return enterBid(bid, 'refuse', 'refused', {
    opaqueId,
    messageHash,
    receivedAt,
    owner,
    at,
    code,
    fault,
    deemed: deemedConsequence(fault),
  });
}

const refusal = (opening: Opening, opaqueId: string, code: string, fault: FaultParty, now: Instant): OpeningEvent => ({
  type: 'BidRefused',
  ...eventBase(opening, now),
  opaqueId,
  code,
  fault,
});

/**
 * The technical stage of one bid is open (or refused). In joint mode only after its half.
 * @throws DomainError `E_BID_UNKNOWN`, `E_STATE`
 */
export function recordTechnical(
  opening: Opening,
  result: ContentResult<unknown>,
  now: Instant,
): OpeningDecision<'decrypting' | 'halves-complete' | 'coefficient-drawn'> {
  const current = requireState(opening, 'decrypting', 'halves-complete', 'coefficient-drawn');
  const bid = getBid(current.bids, result.opaqueId);
  if ('code' in result) {
    const refused = refuseBid(bid, 'technical', result.code, result.fault);
    return {
      state: { ...current, bids: replaceBid(current.bids, refused) },
      events: [refusal(opening, bid.opaqueId, result.code, result.fault, now)],
    };
  }
  const ready =
    opening.openingMode === 'joint'
      ? requireState(bid, 'half-released')
      : requireState(bid, 'register-opened', 'half-released');
  const { opaqueId, messageHash, receivedAt, owner, deposit } = ready;
  const halfReleasedAt = ready.state === 'half-released' ? ready.halfReleasedAt : null;
  const opened = enterBid(bid, 'open-technical', 'technical-opened', {
    opaqueId,
    messageHash,
    receivedAt,
    owner,
    deposit,
    halfReleasedAt,
  });
  return {
    state: { ...current, bids: replaceBid(current.bids, opened) },
    events: [{ type: 'TechnicalOpened', ...eventBase(opening, now), opaqueId }],
  };
}

/** The coefficient follows from the seals' entropy and is fixed before the price stage. @throws DomainError `E_COEFFICIENT` */
export function drawCoefficient(
  opening: Opening,
  coefficient: string,
  now: Instant,
): OpeningDecision<'coefficient-drawn'> {
  const complete = requireState(opening, 'halves-complete');
  if (!opening.hasCoefficient) throw new DomainError('E_COEFFICIENT', { detail: 'the notice has no range' });
  return {
    state: enterOpening(opening, 'draw-coefficient', 'coefficient-drawn', { ...complete, coefficient }),
    events: [{ type: 'CoefficientDrawn', ...eventBase(opening, now), coefficient }],
  };
}

/**
 * All prices at once: nobody sees one before the others. Each bid whose technical stage is open needs a result.
 * @throws DomainError `E_PROCEDURE`, `E_COEFFICIENT`, `E_PRICES_INCOMPLETE`
 */
export function showPrices(
  opening: Opening,
  results: readonly ContentResult<{ readonly price: Money }>[],
  now: Instant,
): OpeningDecision<'prices-shown'> {
  const complete = requireState(opening, 'halves-complete', 'coefficient-drawn');
  if (opening.priceOpening !== 'at-opening')
    throw new DomainError('E_PROCEDURE', { params: { priceOpening: opening.priceOpening } });
  if (opening.hasCoefficient && complete.coefficient === null)
    throw new DomainError('E_COEFFICIENT', { detail: 'drawn before the prices' });
  const { bids, events } = openPriceStage(opening, complete.bids, results, now);
  return {
    state: enterOpening(opening, 'show-prices', 'prices-shown', { ...complete, bids, pricesShownAt: now }),
    events: [...events, { type: 'PricesShown', ...eventBase(opening, now) }],
  };
}

function openPriceStage(
  opening: Opening,
  before: readonly BidOpening[],
  results: readonly ContentResult<{ readonly price: Money }>[],
  now: Instant,
): { readonly bids: readonly BidOpening[]; readonly events: readonly OpeningEvent[] } {
  const expected = before.filter((bid) => bid.state === 'technical-opened').map((bid) => bid.opaqueId);
  const given = results.map((result) => result.opaqueId);
  if (
    new Set(given).size !== given.length ||
    given.length !== expected.length ||
    expected.some((opaqueId) => !given.includes(opaqueId))
  ) {
    throw new DomainError('E_PRICES_INCOMPLETE', { detail: 'one result for each bid whose technical stage is open' });
  }
  if (before.some((bid) => bid.state === 'half-released' || bid.state === 'register-opened')) {
    throw new DomainError('E_PRICES_INCOMPLETE', { detail: 'a technical stage is neither open nor refused' });
  }
  const events: OpeningEvent[] = [];
  const bids = before.map((bid) => {
    const result = results.find((entry) => entry.opaqueId === bid.opaqueId);
    if (bid.state !== 'technical-opened' || result === undefined) return bid;
    if ('code' in result) {
      events.push(refusal(opening, bid.opaqueId, result.code, result.fault, now));
      return refuseBid(bid, 'price', result.code, result.fault);
    }
    const { opaqueId, messageHash, receivedAt, owner, deposit, halfReleasedAt } = bid;
    return enterBid(bid, 'open-price', 'opened', {
      opaqueId,
      messageHash,
      receivedAt,
      owner,
      deposit,
      halfReleasedAt,
      price: result.price,
    });
  });
  return { bids, events };
}

/** One line of the price table (开标一览表), in closing-set order. */
export interface PriceRow {
  readonly opaqueId: string;
  readonly owner: BidOwner;
  readonly price: Money;
  readonly deposit: DepositDelivery;
  readonly isConfirmed: boolean;
}

export function priceTable(opening: OpeningIn<'prices-shown' | 'confirming' | 'record-signed'>): readonly PriceRow[] {
  const confirmed = new Set('confirmations' in opening ? opening.confirmations.map((entry) => entry.opaqueId) : []);
  return opening.bids.flatMap((bid) =>
    bid.state === 'opened'
      ? [
          {
            opaqueId: bid.opaqueId,
            owner: bid.owner,
            price: bid.price,
            deposit: bid.deposit,
            isConfirmed: confirmed.has(bid.opaqueId),
          },
        ]
      : [],
  );
}

export function startConfirming(opening: Opening, windowMs: number, now: Instant): OpeningDecision<'confirming'> {
  const shown = requireState(opening, 'prices-shown');
  const confirmingEndsAt = plusMs(now, windowMs);
  return {
    state: enterOpening(opening, 'start-confirming', 'confirming', { ...shown, confirmingEndsAt, confirmations: [] }),
    events: [{ type: 'ConfirmingStarted', ...eventBase(opening, now), confirmingEndsAt }],
  };
}

/** 报价确认: the bidder signs its own line. Repeating it changes nothing. @throws DomainError `E_WINDOW_OVER`, `E_BID_UNKNOWN` */
export function confirmPrice(
  opening: Opening,
  command: { readonly opaqueId: string; readonly organizationId: string },
  now: Instant,
): OpeningDecision<'confirming'> {
  const confirming = requireState(opening, 'confirming');
  if (now > confirming.confirmingEndsAt) throw new DomainError('E_WINDOW_OVER');
  const { opaqueId, organizationId } = command;
  const bid = getBid(confirming.bids, opaqueId);
  if (bid.state !== 'opened' || bid.owner.organizationId !== organizationId) throw new DomainError('E_BID_UNKNOWN');
  if (confirming.confirmations.some((entry) => entry.opaqueId === opaqueId)) return { state: confirming, events: [] };
  return {
    state: { ...confirming, confirmations: [...confirming.confirmations, { opaqueId, confirmedAt: now }] },
    events: [{ type: 'PriceConfirmed', ...eventBase(opening, now), opaqueId }],
  };
}
