import { DomainError, advance, plusMs } from '@qej/kernel';
import type { Instant, Money, Transitions } from '@qej/kernel';

export const commitmentClaimStates = ['noticed', 'paid', 'defaulted', 'published', 'closed', 'withdrawn'] as const;
/** Collecting a waived deposit after a breach: notice → pay window → paid | defaulted → published → closed. */
export type CommitmentClaimState = (typeof commitmentClaimStates)[number];
export type CommitmentClaimStep = 'pay' | 'default' | 'publish' | 'expire' | 'withdraw';

export const commitmentClaimTransitions = {
  noticed: { pay: 'paid', default: 'defaulted', withdraw: 'withdrawn' },
  defaulted: { publish: 'published', pay: 'paid', withdraw: 'withdrawn' },
  published: { pay: 'closed', expire: 'closed', withdraw: 'withdrawn' },
  paid: {},
  closed: {},
  withdrawn: {},
} as const satisfies Transitions<CommitmentClaimState, CommitmentClaimStep>;

export interface CommitmentClaim {
  readonly state: CommitmentClaimState;
  readonly lotId: string;
  readonly organizationId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly noticedAt: Instant;
  readonly payUntil: Instant;
  readonly changedAt: Instant;
}

export function claimCommitment(
  command: {
    readonly lotId: string;
    readonly organizationId: string;
    readonly amount: Money;
    readonly reason: string;
    readonly payWindowMs: number;
  },
  now: Instant,
): CommitmentClaim {
  if (command.reason.trim().length < 10) throw new DomainError('E_REASON_MISSING', { params: { minimum: 10 } });
  const { lotId, organizationId, amount, reason, payWindowMs } = command;
  return {
    state: 'noticed',
    lotId,
    organizationId,
    amount,
    reason,
    noticedAt: now,
    payUntil: plusMs(now, payWindowMs),
    changedAt: now,
  };
}

/** @throws DomainError `E_STATE`, `E_WINDOW_OPEN` (a default before the pay window is over) */
export function advanceClaim(claim: CommitmentClaim, step: CommitmentClaimStep, now: Instant): CommitmentClaim {
  if (step === 'default' && now <= claim.payUntil)
    throw new DomainError('E_WINDOW_OPEN', { params: { until: claim.payUntil } });
  return { ...claim, state: advance(commitmentClaimTransitions, claim.state, step), changedAt: now };
}
