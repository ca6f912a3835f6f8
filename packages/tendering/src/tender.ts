import { advance } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Notice } from './notice.ts';
import type { TenderEvent } from './tender-events.ts';
import type { TenderState, TenderStep } from './tender-state.ts';
import { tenderTransitions } from './tender-state.ts';

/** A pure decision: the new state and what happened. */
export interface Decision<State, Event> {
  readonly state: State;
  readonly events: readonly Event[];
}

export interface PublishedFacts {
  readonly noticeHash: string;
  readonly publishedAt: Instant;
  /** Follows the latest edition of the tender document; the notice's own deadline is only the first one. */
  readonly closesAt: Instant;
  readonly edition: number;
}

export interface ClosedFacts extends PublishedFacts {
  readonly closedAt: Instant;
}

export interface DecryptingFacts extends ClosedFacts {
  readonly windowEndsAt: Instant;
  /** Lots with at least three distinct owners; the others have failed unopened. */
  readonly openLotIds: readonly string[];
}

export interface OpenedFacts extends DecryptingFacts {
  readonly openedAt: Instant;
  readonly openingRecordSha256: string;
}

export interface CommitteeFacts extends OpenedFacts {
  readonly drawnAt: Instant;
  readonly drawHash: string;
}

export interface EvaluatingFacts extends CommitteeFacts {
  readonly evaluationStartedAt: Instant;
}

export interface TechnicalLockedFacts extends EvaluatingFacts {
  readonly technicalLockedAt: Instant;
  readonly technicalScoresSha256: string;
}

export interface ScoredFacts extends EvaluatingFacts {
  readonly scoredAt: Instant;
  readonly scoresSha256: string;
}

/** 中标候选人: at most three a lot, rank 1 first. */
export interface Candidate {
  readonly rank: number;
  readonly bidId: string;
  readonly organizationId: string;
  readonly name: string;
  /** Decimal CNY. */
  readonly price: string;
}

export interface LotCandidates {
  readonly lotId: string;
  /** Empty: all bids were rejected. */
  readonly candidates: readonly Candidate[];
}

export interface ReportedFacts extends ScoredFacts {
  readonly reportedAt: Instant;
  readonly reportSha256: string;
  readonly lots: readonly LotCandidates[];
}

export interface PublicityFacts extends ReportedFacts {
  readonly candidatesPublishedAt: Instant;
  /** The award may follow at this moment, not before. */
  readonly publicityEndsAt: Instant;
  /** Objections that are not answered yet; while there is one, the award is suspended (L2 art. 54). */
  readonly openObjectionIds: readonly string[];
}

export interface Award {
  readonly lotId: string;
  readonly bidId: string;
  readonly organizationId: string;
  readonly name: string;
  readonly price: string;
}

export interface AwardedFacts extends PublicityFacts {
  readonly awardedAt: Instant;
  readonly awards: readonly Award[];
  readonly awardNoticeSha256: string;
  /** The contract is due until then (L1 art. 46). */
  readonly contractDueAt: Instant;
}

export interface ContractRecord {
  readonly lotId: string;
  readonly signedAt: Instant;
  readonly contractSha256: string;
  readonly amount: string;
}

export interface ContractedFacts extends AwardedFacts {
  readonly contracts: readonly ContractRecord[];
  readonly contractedAt: Instant;
}

export interface TerminatedFacts {
  readonly terminatedAt: Instant;
  readonly terminatedFrom: TenderState;
  readonly ground: TerminationGround;
  readonly reason: string;
  /** Null where the notice had not been published. */
  readonly noticeHash: string | null;
}

/** 终止招标 grounds, L2 art. 31 and L4 art. 36; the reason says it in words. */
export const terminationGrounds = [
  'force-majeure',
  'need-ceased',
  'law-violation',
  'no-valid-bid',
  'supervisor-order',
  'keys-lost',
  'other',
] as const;
export type TerminationGround = (typeof terminationGrounds)[number];

interface TenderFacts {
  draft: unknown;
  'awaiting-holders': { readonly submittedAt: Instant; readonly noticeHash: string };
  published: PublishedFacts;
  closed: ClosedFacts;
  'register-released': ClosedFacts;
  /** What is kept of a failed tender: that there were fewer than three, never how many or who. */
  'failed-few': PublishedFacts & { readonly failedAt: Instant; readonly distinctOwners: '<3' };
  decrypting: DecryptingFacts;
  'prices-open': DecryptingFacts & { readonly pricesShownAt: Instant };
  opened: OpenedFacts;
  'committee-drawn': CommitteeFacts;
  evaluating: EvaluatingFacts;
  'technical-locked': TechnicalLockedFacts;
  'price-decrypting': TechnicalLockedFacts & { readonly priceWindowEndsAt: Instant };
  'price-evaluating': TechnicalLockedFacts & { readonly pricesShownAt: Instant };
  scored: ScoredFacts;
  reported: ReportedFacts;
  'candidates-published': PublicityFacts;
  awarded: AwardedFacts;
  contracted: ContractedFacts;
  terminated: TerminatedFacts;
}

/** A tender in one state (or a union of states) with exactly the facts of that state. */
export type TenderIn<State extends TenderState> = State extends TenderState
  ? { readonly state: State; readonly tenderId: string; readonly notice: Notice } & TenderFacts[State]
  : never;

export type Tender = TenderIn<TenderState>;

export type TenderDecision<State extends TenderState> = Decision<TenderIn<State>, TenderEvent>;

/** The only place where a tender's state is assigned. Facts are given whole: nothing leaks from one state into the next. */
export function enter<To extends TenderState>(
  tender: Tender,
  step: TenderStep,
  to: To,
  facts: TenderFacts[To],
): TenderIn<To> {
  const next = advance(tenderTransitions, tender.state, step);
  if (next !== to) throw new Error(`the table leads from ${tender.state} by ${step} to ${next}, not to ${to}`);
  const entered: unknown = { ...(facts as object), tenderId: tender.tenderId, notice: tender.notice, state: to };
  return entered as TenderIn<To>; // TypeScript cannot resolve the conditional type for an open To
}

export const draftTender = (notice: Notice): TenderIn<'draft'> => ({
  state: 'draft',
  tenderId: notice.tenderId,
  notice,
});
