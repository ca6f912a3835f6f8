import { DomainError } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Opening, OpeningDecision, OpeningIn } from './opening.ts';
import { enterOpening, eventBase } from './opening.ts';
import { requireState } from './require-state.ts';

const objectable = ['decrypting', 'halves-complete', 'coefficient-drawn', 'prices-shown', 'confirming'] as const;
type ObjectableState = (typeof objectable)[number];

/** Any bidder on the list may object on the spot (L2 art. 44). @throws DomainError `E_NOT_ON_LIST`, `E_OBJECTION_DUPLICATE` */
export function objectAtOpening(
  opening: Opening,
  command: { readonly objectionId: string; readonly organizationId: string; readonly text: string },
  now: Instant,
): OpeningDecision<ObjectableState> {
  const current = requireState(opening, ...objectable);
  const isListed = current.bids.some((bid) => 'owner' in bid && bid.owner?.organizationId === command.organizationId);
  if (!isListed) throw new DomainError('E_NOT_ON_LIST');
  if (current.objections.some((objection) => objection.objectionId === command.objectionId))
    throw new DomainError('E_OBJECTION_DUPLICATE');
  const objection = { ...command, raisedAt: now, answer: null };
  return {
    state: { ...current, objections: [...current.objections, objection] },
    events: [{ type: 'OpeningObjectionRaised', ...eventBase(opening, now), objectionId: command.objectionId }],
  };
}

/** @throws DomainError `E_OBJECTION_UNKNOWN` unless the objection is open. */
export function answerAtOpening(
  opening: Opening,
  command: { readonly objectionId: string; readonly text: string },
  now: Instant,
): OpeningDecision<ObjectableState> {
  const current = requireState(opening, ...objectable);
  const open = current.objections.find(
    (objection) => objection.objectionId === command.objectionId && objection.answer === null,
  );
  if (open === undefined) throw new DomainError('E_OBJECTION_UNKNOWN');
  const answered = { ...open, answer: { text: command.text, answeredAt: now } };
  return {
    state: {
      ...current,
      objections: current.objections.map((objection) => (objection === open ? answered : objection)),
    },
    events: [{ type: 'OpeningObjectionAnswered', ...eventBase(opening, now), objectionId: command.objectionId }],
  };
}

function requireFinished(opening: OpeningIn<'confirming' | 'halves-complete'>, now: Instant): void {
  if (opening.objections.some((objection) => objection.answer === null)) throw new DomainError('E_OBJECTION_OPEN');
  if (opening.state === 'halves-complete') {
    if (opening.priceOpening === 'at-opening')
      throw new DomainError('E_PROCEDURE', { params: { priceOpening: opening.priceOpening } });
    return;
  }
  const priced = opening.bids.filter((bid) => bid.state === 'opened').length;
  if (opening.confirmations.length < priced && now <= opening.confirmingEndsAt) {
    throw new DomainError('E_WINDOW_OPEN', { params: { until: opening.confirmingEndsAt } });
  }
}

/**
 * The opening record (开标记录) is signed when every price is confirmed or the window is over, and no objection is open.
 * A bidder that neither confirms nor objects in time is minuted as such and stays in.
 * @throws DomainError `E_OBJECTION_OPEN`, `E_WINDOW_OPEN`, `E_PROCEDURE`
 */
export function signRecord(opening: Opening, recordSha256: string, now: Instant): OpeningDecision<'record-signed'> {
  const current = requireState(opening, 'confirming', 'halves-complete');
  requireFinished(current, now);
  const confirmations = current.state === 'confirming' ? current.confirmations : [];
  return {
    state: enterOpening(opening, 'sign-record', 'record-signed', {
      ...current,
      recordSha256,
      signedAt: now,
      confirmations,
    }),
    events: [{ type: 'RecordSigned', ...eventBase(opening, now), sha256: recordSha256 }],
  };
}
