import { advance } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { BidOpening, BidOwner, FaultParty } from './bid-opening.ts';
import type { OpeningMode } from './notice.ts';
import type { OpeningState, OpeningStep } from './opening-state.ts';
import { openingTransitions } from './opening-state.ts';
import type { PriceOpening } from './procedures.ts';
import type { Decision } from './tender.ts';

/** The closing set of a lot: one log entry over all live seals, cosigned by a witness that somebody else runs. */
export interface ClosingSet {
  /** Merkle root, hex. */
  readonly root: string;
  readonly entryHash: string;
  readonly deadline: Instant;
  readonly closedAt: Instant;
  readonly cosignatures: readonly { readonly witnessId: string; readonly cosignedAt: Instant }[];
  /** In closing-set order, which is the order of every list of this opening. */
  readonly seals: readonly { readonly opaqueId: string; readonly messageHash: string; readonly receivedAt: Instant }[];
}

/** 开标异议: raised on the spot, answered on the spot, minuted (L2 art. 44). */
export interface OpeningObjection {
  readonly objectionId: string;
  readonly organizationId: string;
  readonly text: string;
  readonly raisedAt: Instant;
  readonly answer: { readonly text: string; readonly answeredAt: Instant } | null;
}

export interface PriceConfirmation {
  readonly opaqueId: string;
  readonly confirmedAt: Instant;
}

interface RegisterFacts {
  readonly closing: ClosingSet;
  readonly bids: readonly BidOpening[];
}

interface WindowFacts extends RegisterFacts {
  readonly windowStartedAt: Instant;
  readonly windowEndsAt: Instant;
  readonly objections: readonly OpeningObjection[];
}

interface CompleteFacts extends WindowFacts {
  readonly halvesCompleteAt: Instant;
  /** Decimal string; null where the notice has no range or it is not drawn yet. */
  readonly coefficient: string | null;
}

interface PriceFacts extends CompleteFacts {
  readonly pricesShownAt: Instant;
}

interface ConfirmingFacts extends PriceFacts {
  readonly confirmingEndsAt: Instant;
  readonly confirmations: readonly PriceConfirmation[];
}

interface OpeningFacts {
  'awaiting-closing': unknown;
  'closing-fixed': { readonly closing: ClosingSet };
  'register-open': RegisterFacts;
  /** No seals, no owners, no count: that there were fewer than three is all that is kept. */
  'failed-few': {
    readonly closingRoot: string;
    readonly closingEntryHash: string;
    readonly distinctOwners: '<3';
    readonly failedAt: Instant;
  };
  'list-published': RegisterFacts & { readonly listPublishedAt: Instant };
  decrypting: WindowFacts;
  'halves-complete': CompleteFacts;
  'coefficient-drawn': CompleteFacts;
  'prices-shown': PriceFacts;
  confirming: ConfirmingFacts;
  'record-signed': CompleteFacts & {
    readonly recordSha256: string;
    readonly signedAt: Instant;
    readonly confirmations: readonly PriceConfirmation[];
  };
}

interface OpeningCore {
  readonly tenderId: string;
  readonly lotId: string;
  readonly openingMode: OpeningMode;
  readonly priceOpening: PriceOpening;
  readonly hasCoefficient: boolean;
}

export type OpeningIn<State extends OpeningState> = State extends OpeningState
  ? { readonly state: State } & OpeningCore & OpeningFacts[State]
  : never;
export type Opening = OpeningIn<OpeningState>;
export type OpeningDecision<State extends OpeningState> = Decision<OpeningIn<State>, OpeningEvent>;

interface EventBase {
  readonly tenderId: string;
  readonly lotId: string;
  readonly at: Instant;
}

export type OpeningEvent = EventBase &
  (
    | { readonly type: 'ClosingFixed'; readonly entryHash: string }
    | { readonly type: 'RegisterOpened' }
    | { readonly type: 'LotFailedFew'; readonly distinctOwners: '<3' }
    | { readonly type: 'BidderListPublished'; readonly owners: readonly BidOwner[] }
    | { readonly type: 'WindowStarted'; readonly windowEndsAt: Instant }
    | { readonly type: 'HalfReleased'; readonly opaqueId: string }
    | { readonly type: 'HalfMissed'; readonly opaqueId: string; readonly fault: FaultParty }
    | { readonly type: 'HalvesComplete' }
    | { readonly type: 'TechnicalOpened'; readonly opaqueId: string }
    | { readonly type: 'CoefficientDrawn'; readonly coefficient: string }
    | { readonly type: 'PricesShown' }
    | { readonly type: 'BidRefused'; readonly opaqueId: string; readonly code: string; readonly fault: FaultParty }
    | { readonly type: 'ConfirmingStarted'; readonly confirmingEndsAt: Instant }
    | { readonly type: 'PriceConfirmed'; readonly opaqueId: string }
    | { readonly type: 'OpeningObjectionRaised'; readonly objectionId: string }
    | { readonly type: 'OpeningObjectionAnswered'; readonly objectionId: string }
    | { readonly type: 'RecordSigned'; readonly sha256: string }
  );

/** The only place where an opening's state is assigned; facts are given whole. */
export function enterOpening<To extends OpeningState>(
  opening: Opening,
  step: OpeningStep,
  to: To,
  facts: OpeningFacts[To],
): OpeningIn<To> {
  const next = advance(openingTransitions, opening.state, step);
  if (next !== to) throw new Error(`the table leads from ${opening.state} by ${step} to ${next}, not to ${to}`);
  const { tenderId, lotId, openingMode, priceOpening, hasCoefficient } = opening;
  const entered: unknown = {
    ...(facts as object),
    tenderId,
    lotId,
    openingMode,
    priceOpening,
    hasCoefficient,
    state: to,
  };
  return entered as OpeningIn<To>; // TypeScript cannot resolve the conditional type for an open To
}

export const startOpening = (core: OpeningCore): OpeningIn<'awaiting-closing'> => ({
  ...core,
  state: 'awaiting-closing',
});

export const eventBase = (opening: Opening, at: Instant): EventBase => ({
  tenderId: opening.tenderId,
  lotId: opening.lotId,
  at,
});
