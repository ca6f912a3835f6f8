import { DomainError, plusMs } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { BidOpening, BidOpeningIn, BidOwner, DepositDelivery, FaultParty } from './bid-opening.ts';
import { deemedConsequence, enterBid } from './bid-opening.ts';
import type { ClosingSet, Opening, OpeningDecision, OpeningEvent } from './opening.ts';
import { enterOpening, eventBase } from './opening.ts';
import { requireState } from './require-state.ts';

/**
 * The closing entry is there and somebody else has seen it after the deadline.
 * @throws DomainError `E_DEADLINE_NOT_REACHED`, `E_NOT_COSIGNED`, `E_CLOSING_SET`
 */
export function fixClosing(opening: Opening, closing: ClosingSet, now: Instant): OpeningDecision<'closing-fixed'> {
  if (now <= closing.deadline || closing.closedAt <= closing.deadline) throw new DomainError('E_DEADLINE_NOT_REACHED');
  if (!closing.cosignatures.some(({ cosignedAt }) => cosignedAt > closing.deadline))
    throw new DomainError('E_NOT_COSIGNED');
  const ids = new Set(closing.seals.map((seal) => seal.opaqueId));
  if (ids.size !== closing.seals.length) throw new DomainError('E_CLOSING_SET', { detail: 'a seal stands twice' });
  if (closing.seals.some((seal) => seal.receivedAt > closing.deadline))
    throw new DomainError('E_CLOSING_SET', { detail: 'a late seal' });
  return {
    state: enterOpening(opening, 'fix-closing', 'closing-fixed', { closing }),
    events: [{ type: 'ClosingFixed', ...eventBase(opening, now), entryHash: closing.entryHash }],
  };
}

/** What came out of one register envelope: an owner, or the container's refusal. */
export type RegisterResult =
  | { readonly opaqueId: string; readonly owner: BidOwner; readonly deposit: DepositDelivery }
  | { readonly opaqueId: string; readonly code: string; readonly fault: FaultParty };

/**
 * Of several live seals of one owner the latest stands; at the same millisecond the greater message hash (SEALING).
 * Take {@link revealOwners} in the same transaction: until it has counted, the bids of a lot that fails must not be kept, and no
 * event names one.
 * @throws DomainError `E_CLOSING_SET` unless there is exactly one result for each seal of the closing set.
 */
export function openRegister(
  opening: Opening,
  results: readonly RegisterResult[],
  now: Instant,
): OpeningDecision<'register-open'> {
  const { closing } = requireState(opening, 'closing-fixed');
  const byId = new Map(results.map((result) => [result.opaqueId, result]));
  if (byId.size !== results.length || results.length !== closing.seals.length) {
    throw new DomainError('E_CLOSING_SET', { detail: 'one result for each seal' });
  }
  const opened = closing.seals.map((seal) => openSeal({ state: 'sealed', ...seal }, byId.get(seal.opaqueId)));
  const bids = opened.map((bid) => supersede(bid, opened));
  return {
    state: enterOpening(opening, 'open-register', 'register-open', { closing, bids }),
    events: [{ type: 'RegisterOpened', ...eventBase(opening, now) }],
  };
}

function openSeal(sealed: BidOpeningIn<'sealed'>, result: RegisterResult | undefined): BidOpening {
  if (result === undefined) throw new DomainError('E_CLOSING_SET', { detail: 'a seal has no result' });
  const { opaqueId, messageHash, receivedAt } = sealed;
  if ('owner' in result) {
    const { owner, deposit } = result;
    return enterBid(sealed, 'open-register', 'register-opened', { opaqueId, messageHash, receivedAt, owner, deposit });
  }
  const { code, fault } = result;
  const deemed = deemedConsequence(fault);
  return enterBid(sealed, 'refuse', 'refused', {
    opaqueId,
    messageHash,
    receivedAt,
    owner: null,
    at: 'register',
    code,
    fault,
    deemed,
  });
}

function supersede(bid: BidOpening, all: readonly BidOpening[]): BidOpening {
  if (bid.state !== 'register-opened') return bid;
  const standing = all
    .filter((other) => other.state === 'register-opened' && other.owner.organizationId === bid.owner.organizationId)
    .reduce((latest, other) => (isLater(other, latest) ? other : latest));
  if (standing.opaqueId === bid.opaqueId) return bid;
  const { opaqueId, messageHash, receivedAt, owner, deposit } = bid;
  return enterBid(bid, 'supersede', 'superseded', {
    opaqueId,
    messageHash,
    receivedAt,
    owner,
    deposit,
    supersededBy: standing.opaqueId,
  });
}

const isLater = (a: BidOpening, b: BidOpening): boolean =>
  a.receivedAt > b.receivedAt || (a.receivedAt === b.receivedAt && a.messageHash > b.messageHash);

/** Distinct owners of a lot's standing bids. */
export const distinctOwners = (bids: readonly BidOpening[]): number =>
  new Set(bids.flatMap((bid) => (bid.state === 'register-opened' ? [bid.owner.organizationId] : []))).size;

/**
 * At least three distinct owners: the list is published. Fewer: nothing of them is kept but "<3" (L1 art. 28, L2 art. 44).
 * @param minimumBidders from the rules version (L-6).
 */
export function revealOwners(
  opening: Opening,
  minimumBidders: number,
  now: Instant,
): OpeningDecision<'list-published' | 'failed-few'> {
  const { closing, bids } = requireState(opening, 'register-open');
  const base = eventBase(opening, now);
  if (distinctOwners(bids) < minimumBidders) {
    const facts = {
      closingRoot: closing.root,
      closingEntryHash: closing.entryHash,
      distinctOwners: '<3',
      failedAt: now,
    } as const;
    return {
      state: enterOpening(opening, 'fail-few', 'failed-few', facts),
      events: [{ type: 'LotFailedFew', ...base, distinctOwners: '<3' }],
    };
  }
  const owners = bids.flatMap((bid) => (bid.state === 'register-opened' ? [bid.owner] : []));
  const refused = bids.flatMap((bid): OpeningEvent[] =>
    bid.state === 'refused'
      ? [{ type: 'BidRefused', ...base, opaqueId: bid.opaqueId, code: bid.code, fault: bid.fault }]
      : [],
  );
  return {
    state: enterOpening(opening, 'publish-list', 'list-published', { closing, bids, listPublishedAt: now }),
    events: [{ type: 'BidderListPublished', ...base, owners }, ...refused],
  };
}

export function startWindow(opening: Opening, windowMs: number, now: Instant): OpeningDecision<'decrypting'> {
  const { closing, bids } = requireState(opening, 'list-published');
  const windowEndsAt = plusMs(now, windowMs);
  return {
    state: enterOpening(opening, 'start-window', 'decrypting', {
      closing,
      bids,
      windowStartedAt: now,
      windowEndsAt,
      objections: [],
    }),
    events: [{ type: 'WindowStarted', ...eventBase(opening, now), windowEndsAt }],
  };
}

/** Finds a bid that a command names. @throws DomainError `E_BID_UNKNOWN` */
export function getBid(bids: readonly BidOpening[], opaqueId: string): BidOpening {
  const bid = bids.find((entry) => entry.opaqueId === opaqueId);
  if (bid === undefined) throw new DomainError('E_BID_UNKNOWN');
  return bid;
}

export const replaceBid = (bids: readonly BidOpening[], changed: BidOpening): readonly BidOpening[] =>
  bids.map((bid) => (bid.opaqueId === changed.opaqueId ? changed : bid));

/**
 * A bidder's half is in, checked against cb by the caller. At the window's last millisecond it is in time.
 * @throws DomainError `E_WINDOW_OVER`, `E_OPENING_MODE`, `E_BID_UNKNOWN`
 */
export function releaseHalf(opening: Opening, opaqueId: string, now: Instant): OpeningDecision<'decrypting'> {
  const decrypting = requireState(opening, 'decrypting');
  if (opening.openingMode === 'group')
    throw new DomainError('E_OPENING_MODE', { detail: 'group mode has no bidder half' });
  if (now > decrypting.windowEndsAt) throw new DomainError('E_WINDOW_OVER');
  const bid = getBid(decrypting.bids, opaqueId);
  if (bid.state === 'half-released') return { state: decrypting, events: [] };
  const { messageHash, receivedAt, owner, deposit } = requireState(bid, 'register-opened');
  const released = enterBid(bid, 'release-half', 'half-released', {
    opaqueId,
    messageHash,
    receivedAt,
    owner,
    deposit,
    halfReleasedAt: now,
  });
  return {
    state: { ...decrypting, bids: replaceBid(decrypting.bids, released) },
    events: [{ type: 'HalfReleased', ...eventBase(opening, now), opaqueId }],
  };
}

/**
 * Every half is in, or the window is over. Before this no price may be shown (SEALING: the closing set).
 * @param faults why a half is missing, by opaque id; what is not named is `undetermined`.
 * @throws DomainError `E_WINDOW_OPEN`
 */
export function completeHalves(
  opening: Opening,
  faults: Readonly<Record<string, FaultParty>>,
  now: Instant,
): OpeningDecision<'halves-complete'> {
  const decrypting = requireState(opening, 'decrypting');
  const isJoint = opening.openingMode === 'joint';
  const waiting = isJoint && decrypting.bids.some((bid) => bid.state === 'register-opened');
  if (waiting && now <= decrypting.windowEndsAt)
    throw new DomainError('E_WINDOW_OPEN', { params: { until: decrypting.windowEndsAt } });
  const events: OpeningEvent[] = [];
  const bids = decrypting.bids.map((bid) => {
    if (!isJoint || bid.state !== 'register-opened') return bid;
    const fault = faults[bid.opaqueId] ?? 'undetermined';
    events.push({ type: 'HalfMissed', ...eventBase(opening, now), opaqueId: bid.opaqueId, fault });
    return missHalf(bid, fault);
  });
  const { closing, windowStartedAt, windowEndsAt, objections } = decrypting;
  const facts = { closing, bids, windowStartedAt, windowEndsAt, objections, halvesCompleteAt: now, coefficient: null };
  return {
    state: enterOpening(opening, 'complete-halves', 'halves-complete', facts),
    events: [...events, { type: 'HalvesComplete', ...eventBase(opening, now) }],
  };
}

function missHalf(bid: BidOpeningIn<'register-opened'>, fault: FaultParty): BidOpening {
  const { opaqueId, messageHash, receivedAt, owner, deposit } = bid;
  return enterBid(bid, 'miss-half', 'half-missing', {
    opaqueId,
    messageHash,
    receivedAt,
    owner,
    deposit,
    fault,
    deemed: deemedConsequence(fault),
  });
}
