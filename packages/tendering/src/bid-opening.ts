import { advance } from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import type { BidState, BidStep } from './opening-state.ts';
import { bidTransitions } from './opening-state.ts';

export const faultParties = ['bidder', 'platform', 'ca', 'network', 'undetermined'] as const;
/** To whom a bid that cannot be opened is attributed; a supervisor confirms it. */
export type FaultParty = (typeof faultParties)[number];

/**
 * 电子招标投标办法 art. 31: by the bidder's own fault = deemed revoked (撤销, the deposit may be kept); otherwise deemed withdrawn
 * (撤回, the deposit goes back and the damage may be claimed). Undetermined never costs the bidder its deposit.
 */
export const deemedConsequence = (fault: FaultParty): 'revoked' | 'withdrawn' =>
  fault === 'bidder' ? 'revoked' : 'withdrawn';

export interface BidOwner {
  readonly organizationId: string;
  readonly name: string;
  readonly uscc: string;
}

/** 已递交 / 未递交: all that is shown of a deposit at the opening. */
export type DepositDelivery = 'submitted' | 'not-submitted';

interface SealedFacts {
  /** The one-time id of the seal; it never meets an account before the register opens. */
  readonly opaqueId: string;
  readonly messageHash: string;
  readonly receivedAt: Instant;
}

interface OwnedFacts extends SealedFacts {
  readonly owner: BidOwner;
  readonly deposit: DepositDelivery;
}

interface ContentFacts extends OwnedFacts {
  /** Null in group mode. */
  readonly halfReleasedAt: Instant | null;
}

interface BidFacts {
  sealed: SealedFacts;
  'register-opened': OwnedFacts;
  superseded: OwnedFacts & { readonly supersededBy: string };
  'half-released': ContentFacts;
  'half-missing': OwnedFacts & { readonly fault: FaultParty; readonly deemed: 'revoked' | 'withdrawn' };
  'technical-opened': ContentFacts;
  opened: ContentFacts & { readonly price: Money };
  refused: SealedFacts & {
    /** Null when the register itself could not be opened: then nobody knows whose it is. */
    readonly owner: BidOwner | null;
    readonly at: 'register' | 'technical' | 'price';
    /** The container's own error code, e.g. `E_OFFICE_HALF`. */
    readonly code: string;
    readonly fault: FaultParty;
    readonly deemed: 'revoked' | 'withdrawn';
  };
}

/** One bid at the opening. Only an opened one has a price; a sealed one has no owner. */
export type BidOpeningIn<State extends BidState> = State extends BidState
  ? { readonly state: State } & BidFacts[State]
  : never;
export type BidOpening = BidOpeningIn<BidState>;

/** The only place where a bid's state is assigned. */
export function enterBid<To extends BidState>(
  bid: BidOpening,
  step: BidStep,
  to: To,
  facts: BidFacts[To],
): BidOpeningIn<To> {
  const next = advance(bidTransitions, bid.state, step);
  if (next !== to) throw new Error(`the table leads from ${bid.state} by ${step} to ${next}, not to ${to}`);
  const entered: unknown = { ...facts, state: to };
  return entered as BidOpeningIn<To>; // TypeScript cannot resolve the conditional type for an open To
}

/** Is this bid still on its way, after the register? */
export const isLive = (
  bid: BidOpening,
): bid is BidOpeningIn<'register-opened' | 'half-released' | 'technical-opened' | 'opened'> =>
  bid.state === 'register-opened' ||
  bid.state === 'half-released' ||
  bid.state === 'technical-opened' ||
  bid.state === 'opened';
