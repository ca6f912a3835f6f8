import type { Regime } from '@qej/tendering';

/** Who may learn what, and from which state of the tender on. One row per regime. */
export interface DisclosurePolicy {
  /** A bidder's own scores and reasons. */
  readonly ownScores: readonly string[];
  /** The committee's names, to the tenderee. */
  readonly namesToTenderee: readonly string[];
  /** The committee's names, to everybody, with the result. */
  readonly namesToPublic: readonly string[];
  /** Losers' deposits go back with the award notice; the others' only after the contract. */
  readonly releasedAtAward: 'all-losers' | 'non-candidates';
}

const AWARDED = ['awarded', 'contracted'] as const;
const PUBLISHED = ['candidates-published', ...AWARDED] as const;

const policies: Readonly<Record<Regime, DisclosurePolicy>> = {
  /** L1 art. 37: names are secret until the award; L2 art. 54 (publicity), art. 57 (deposits after the contract). */
  'mandatory-tender': {
    ownScores: PUBLISHED,
    namesToTenderee: AWARDED,
    namesToPublic: [],
    releasedAtAward: 'non-candidates',
  },
  /** 财政部令第87号 art. 69: the result names the experts; L3 art. 33: losers' deposits with the award notice. */
  'government-procurement': {
    ownScores: AWARDED,
    namesToTenderee: AWARDED,
    namesToPublic: AWARDED,
    releasedAtAward: 'all-losers',
  },
};

export const disclosureOf = (regime: Regime): DisclosurePolicy => policies[regime];
