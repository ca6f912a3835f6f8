import { advance, DomainError } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { committeeTransitions, memberTransitions, seatedStates } from './committee-states.ts';
import type { CommitteeEvent, CommitteeState, MemberEvent, MemberState } from './committee-states.ts';

export interface CommitteeMember {
  readonly memberId: string;
  /** Place in the pool; absent for a representative of the tenderee. */
  readonly poolIndex?: number;
  readonly state: MemberState;
  readonly since: Instant;
  /** Of declining, recusal or leaving. */
  readonly reason?: string;
}

export interface ChairBallot {
  readonly round: number;
  readonly eligible: readonly string[];
  /** Voter → chosen member. Shown to nobody before all have voted. */
  readonly votes: Readonly<Record<string, string>>;
}

export interface Committee {
  readonly size: number;
  /** Nobody signs in, and no name is shown, before this instant. */
  readonly signInFrom: Instant;
  readonly state: CommitteeState;
  /** Everybody who was ever drawn, in order of the draw. */
  readonly members: readonly CommitteeMember[];
  readonly ballot?: ChairBallot;
  readonly chairId?: string;
}

export type CommitteeFact =
  | {
      readonly type: 'MemberMoved';
      readonly memberId: string;
      readonly from: MemberState;
      readonly to: MemberState;
      readonly at: Instant;
    }
  | { readonly type: 'SeatVacated'; readonly memberId: string; readonly at: Instant }
  | { readonly type: 'MemberAdded'; readonly memberId: string; readonly at: Instant }
  /** L-10: what a replaced member concluded is void; the new member reviews again. */
  | { readonly type: 'ConclusionsVoided'; readonly memberId: string; readonly at: Instant }
  | {
      readonly type: 'CommitteeMoved';
      readonly from: CommitteeState;
      readonly to: CommitteeState;
      readonly at: Instant;
    }
  | {
      readonly type: 'ChairVoteTied';
      readonly round: number;
      readonly eligible: readonly string[];
      readonly at: Instant;
    }
  | { readonly type: 'ChairElected'; readonly memberId: string; readonly round: number; readonly at: Instant };

export interface CommitteeDecision {
  readonly state: Committee;
  readonly events: readonly CommitteeFact[];
}

export interface Seat {
  readonly memberId: string;
  readonly poolIndex?: number;
}

const needsReason: readonly MemberEvent[] = ['decline', 'recuse', 'leave', 'stay-away'];
const endsConclusions: readonly MemberState[] = ['recused', 'left'];

/**
 * The committee right after the draw ([L1] art. 37: five or more, odd).
 * @throws DomainError `E_COMMITTEE_SIZE`, `E_COMMITTEE_MEMBER` for somebody who is listed twice.
 */
export function formCommittee(
  { seats, signInFrom }: { seats: readonly Seat[]; signInFrom: Instant },
  now: Instant,
): Committee {
  if (seats.length < 5 || seats.length % 2 === 0)
    throw new DomainError('E_COMMITTEE_SIZE', { params: { size: seats.length } });
  if (new Set(seats.map(({ memberId }) => memberId)).size !== seats.length)
    throw new DomainError('E_COMMITTEE_MEMBER', { detail: 'listed twice' });
  const members = seats.map((seat): CommitteeMember => ({ ...seat, state: 'drawn', since: now }));
  return { size: seats.length, signInFrom, state: 'forming', members };
}

export const seatedMembers = ({ members }: Committee): readonly CommitteeMember[] =>
  members.filter(({ state }) => seatedStates.includes(state));

/** Ids of those who sit and have declared: whose sheets count. */
export const sittingExperts = (committee: Committee): readonly string[] =>
  committee.members.filter(({ state }) => state === 'declared' || state === 'released').map(({ memberId }) => memberId);

/** Leaves out the sheets of members who recused or left (L-10). */
export function withoutVoid<Sheet extends { readonly expertId: string }>(
  sheets: readonly Sheet[],
  { members }: Committee,
): Sheet[] {
  const gone = members.filter(({ state }) => endsConclusions.includes(state)).map(({ memberId }) => memberId);
  return sheets.filter(({ expertId }) => !gone.includes(expertId));
}

export function getMember({ members }: Committee, memberId: string): CommitteeMember {
  const member = members.find((one) => one.memberId === memberId);
  if (member === undefined) throw new DomainError('E_COMMITTEE_MEMBER', { detail: 'not a member' });
  return member;
}

/** Moves the committee and says so, unless it stays where it is. */
export function moveCommittee(committee: Committee, event: CommitteeEvent, now: Instant): CommitteeDecision {
  const to = advance<CommitteeState, CommitteeEvent>(committeeTransitions, committee.state, event);
  const events: CommitteeFact[] =
    to === committee.state ? [] : [{ type: 'CommitteeMoved', from: committee.state, to, at: now }];
  return { state: { ...committee, state: to }, events };
}

const isComplete = (committee: Committee): boolean => sittingExperts(committee).length === committee.size;

/** After a seat became free: the ballot ends, a chair who left is no longer chair. */
function vacate(committee: Committee, member: CommitteeMember, now: Instant): CommitteeDecision {
  const { ballot: _ended, chairId, ...rest } = committee;
  const kept = chairId === undefined || chairId === member.memberId ? rest : { ...rest, chairId };
  const moved = moveCommittee(kept, 'vacate', now);
  const hasReviewed = committee.state === 'reviewing' || committee.state === 'interrupted';
  const voided: CommitteeFact[] =
    hasReviewed && endsConclusions.includes(member.state)
      ? [{ type: 'ConclusionsVoided', memberId: member.memberId, at: now }]
      : [];
  return {
    state: moved.state,
    events: [{ type: 'SeatVacated', memberId: member.memberId, at: now }, ...voided, ...moved.events],
  };
}

function afterMove(committee: Committee, member: CommitteeMember, now: Instant): CommitteeDecision {
  if (!seatedStates.includes(member.state)) return vacate(committee, member, now);
  if (member.state === 'declared' && isComplete(committee)) return moveCommittee(committee, 'complete', now);
  return { state: committee, events: [] };
}

export interface MemberCommand {
  readonly memberId: string;
  readonly event: Exclude<MemberEvent, 'release'>;
  readonly reason?: string;
}

/**
 * Calls a member, records the answer, signs it in, takes its declaration or recusal.
 * @throws DomainError `E_STATE` for a step out of turn, `E_COMMITTEE_MEMBER`, `E_COMMITTEE_REASON` where a reason is due,
 * `E_COMMITTEE_EARLY` for a sign-in before its time.
 */
export function moveMember(
  committee: Committee,
  { memberId, event, reason }: MemberCommand,
  now: Instant,
): CommitteeDecision {
  const member = getMember(committee, memberId);
  if (committee.state === 'concluded' || committee.state === 'dissolved')
    throw new DomainError('E_STATE', { detail: 'the committee has concluded' });
  const to = advance<MemberState, MemberEvent>(memberTransitions, member.state, event);
  if (event === 'sign-in' && now < committee.signInFrom) throw new DomainError('E_COMMITTEE_EARLY');
  if (needsReason.includes(event) && (reason ?? '').trim() === '')
    throw new DomainError('E_COMMITTEE_REASON', { params: { event } });
  const moved: CommitteeMember = { ...member, state: to, since: now, ...(reason === undefined ? {} : { reason }) };
  const members = committee.members.map((one) => (one.memberId === memberId ? moved : one));
  const after = afterMove({ ...committee, members }, moved, now);
  return {
    state: after.state,
    events: [{ type: 'MemberMoved', memberId, from: member.state, to, at: now }, ...after.events],
  };
}

/**
 * Seats the next one of the drawn list (see `nextReserve`) where a seat is free.
 * @throws DomainError `E_COMMITTEE_SIZE` when none is, `E_COMMITTEE_MEMBER` for somebody who was a member before.
 */
export function addMember(committee: Committee, seat: Seat, now: Instant): CommitteeDecision {
  if (seatedMembers(committee).length >= committee.size)
    throw new DomainError('E_COMMITTEE_SIZE', { detail: 'no seat is free' });
  if (committee.members.some(({ memberId }) => memberId === seat.memberId))
    throw new DomainError('E_COMMITTEE_MEMBER', { detail: 'was a member before' });
  const member: CommitteeMember = { ...seat, state: 'drawn', since: now };
  return {
    state: { ...committee, members: [...committee.members, member] },
    events: [{ type: 'MemberAdded', memberId: seat.memberId, at: now }],
  };
}

/** The report is signed by all: the committee has concluded. */
export const concludeReview = (committee: Committee, now: Instant): CommitteeDecision =>
  moveCommittee(committee, 'conclude', now);

/** Releases every member; their names may be shown with the result. */
export function dissolveCommittee(committee: Committee, now: Instant): CommitteeDecision {
  const moved = moveCommittee(committee, 'dissolve', now);
  const events: CommitteeFact[] = [...moved.events];
  const members = committee.members.map((member): CommitteeMember => {
    if (member.state !== 'declared') return member;
    events.push({ type: 'MemberMoved', memberId: member.memberId, from: member.state, to: 'released', at: now });
    return {
      ...member,
      state: advance<MemberState, MemberEvent>(memberTransitions, member.state, 'release'),
      since: now,
    };
  });
  return { state: { ...moved.state, members }, events };
}
