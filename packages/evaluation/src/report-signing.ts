import { DomainError } from '@qej/kernel';
import type { Instant } from '@qej/kernel';

/** How one member stands to the report ([L2] art. 53). */
export type SigningStatus =
  | { readonly memberId: string; readonly status: 'pending' }
  | { readonly memberId: string; readonly status: 'signed'; readonly at: Instant }
  /** Signed, with a dissent in writing that the report prints. */
  | {
      readonly memberId: string;
      readonly status: 'dissents';
      readonly at: Instant;
      readonly reason: string;
      readonly hasSigned: boolean;
    }
  /** L-12: refused to sign and gave no written reason = agrees. */
  | { readonly memberId: string; readonly status: 'deemed-to-agree'; readonly at: Instant };

export interface SigningActs {
  readonly signatures: readonly { readonly memberId: string; readonly at: Instant }[];
  readonly dissents: readonly { readonly memberId: string; readonly at: Instant; readonly reason: string }[];
  /** Refusals without reasons, recorded by the host and noticed to the member. */
  readonly refusals: readonly { readonly memberId: string; readonly reasonsUntil: Instant }[];
}

function statusOf(memberId: string, { signatures, dissents, refusals }: SigningActs, now: Instant): SigningStatus {
  const signature = signatures.find((one) => one.memberId === memberId);
  const dissent = dissents.find((one) => one.memberId === memberId);
  const refusal = refusals.find((one) => one.memberId === memberId);
  if (dissent !== undefined) {
    if (dissent.reason.trim() === '')
      throw new DomainError('E_COMMITTEE_REASON', { detail: 'a dissent gives its reasons' });
    return { memberId, status: 'dissents', at: dissent.at, reason: dissent.reason, hasSigned: signature !== undefined };
  }
  if (signature !== undefined) return { memberId, status: 'signed', at: signature.at };
  if (refusal !== undefined && now > refusal.reasonsUntil)
    return { memberId, status: 'deemed-to-agree', at: refusal.reasonsUntil };
  return { memberId, status: 'pending' };
}

/** Where each member stands at `now`, and whether nobody is awaited any more. */
export function signingStatuses(
  members: readonly string[],
  acts: SigningActs,
  now: Instant,
): { statuses: readonly SigningStatus[]; isComplete: boolean } {
  const all = [...acts.signatures, ...acts.dissents, ...acts.refusals];
  if (all.some(({ memberId }) => !members.includes(memberId)))
    throw new DomainError('E_COMMITTEE_MEMBER', { detail: 'not a member' });
  const statuses = members.map((memberId) => statusOf(memberId, acts, now));
  return { statuses, isComplete: statuses.every(({ status }) => status !== 'pending') };
}
