import { roomError } from './error-codes.ts';
import type { RoomRole } from './roles.ts';

/** What the evaluation says about a person who knocks. The caller reads it from its own aggregates. */
export interface AdmissionFacts {
  /** `undefined`: the person has no part in this evaluation. */
  readonly role: RoomRole | undefined;
  readonly evaluation: 'notOpen' | 'open' | 'closed';
  /** Whether the person signed in for this evaluation today (签到). */
  readonly isSignedIn: boolean;
  /** The declaration on conflicts of interest (回避承诺); only committee members make one. */
  readonly declaration: 'none' | 'declared' | 'recused';
}

const EVALUATION_REFUSALS = { notOpen: 'E_ROOM_NOT_OPEN_YET', open: undefined, closed: 'E_ROOM_CLOSED' } as const;

/**
 * Whether a person may enter the evaluation room. A committee member enters only signed in and declared
 * (Evaluation Committee Rules, 国家计委等七部门令第12号 art. 12: who has an interest recuses himself);
 * the host signs in but declares nothing; a supervisor needs neither: the mandate is the admission.
 * @throws DomainError `E_ROOM_NOT_MEMBER`, `E_ROOM_NOT_OPEN_YET`, `E_ROOM_CLOSED`, `E_ROOM_RECUSED`, `E_ROOM_NOT_SIGNED_IN`, `E_ROOM_NOT_DECLARED`
 */
export function admit(facts: AdmissionFacts): RoomRole {
  const { role } = facts;
  if (role === undefined) throw roomError('E_ROOM_NOT_MEMBER');
  const refusal = EVALUATION_REFUSALS[facts.evaluation];
  if (refusal !== undefined) throw roomError(refusal);
  if (role === 'supervisor') return role;
  if (facts.declaration === 'recused') throw roomError('E_ROOM_RECUSED');
  if (!facts.isSignedIn) throw roomError('E_ROOM_NOT_SIGNED_IN');
  if (role !== 'host' && facts.declaration !== 'declared') throw roomError('E_ROOM_NOT_DECLARED');
  return role;
}
