import test from 'ava';
import fc from 'fast-check';
import { DomainError, instant, plusMs } from '@qej/kernel';
import { voteForChair } from './chair-election.ts';
import { memberTransitions, seatedStates } from './committee-states.ts';
import type { MemberEvent } from './committee-states.ts';
import {
  addMember,
  concludeReview,
  dissolveCommittee,
  formCommittee,
  getMember,
  moveMember,
  seatedMembers,
  sittingExperts,
  withoutVoid,
} from './committee.ts';
import type { Committee, CommitteeFact } from './committee.ts';

const start = instant(Date.UTC(2026, 10, 23, 5));
const signInFrom = plusMs(start, 3_600_000);
const later = plusMs(signInFrom, 60_000);
const ids = ['m1', 'm2', 'm3', 'm4', 'm5'];
const formed = () =>
  formCommittee({ seats: ids.map((memberId, poolIndex) => ({ memberId, poolIndex })), signInFrom }, start);

const seat = (
  committee: Committee,
  memberId: string,
  events: readonly MemberCommandEvent[] = ['call', 'accept', 'sign-in', 'declare'],
) => events.reduce((state, event) => moveMember(state, { memberId, event }, later).state, committee);
type MemberCommandEvent = Exclude<MemberEvent, 'release'>;

const complete = () => ids.reduce((state, memberId) => seat(state, memberId), formed());
const vote = (committee: Committee, choices: readonly string[]) =>
  sittingExperts(committee).reduce<{ state: Committee; events: readonly CommitteeFact[] }>(
    ({ state }, voterId, place) => voteForChair(state, { voterId, choiceId: choices[place]! }, later),
    { state: committee, events: [] },
  );
const reviewing = () => vote(complete(), ['m1', 'm1', 'm1', 'm2', 'm3']).state;

test('a committee has five or more members, an odd number, nobody twice', (t) => {
  const of = (count: number) => Array.from({ length: count }, (_, place) => ({ memberId: `m${place}` }));
  for (const count of [0, 3, 4, 6])
    t.throws(() => formCommittee({ seats: of(count), signInFrom }, start), { code: 'E_COMMITTEE_SIZE' });
  t.throws(() => formCommittee({ seats: [...of(4), { memberId: 'm0' }], signInFrom }, start), {
    code: 'E_COMMITTEE_MEMBER',
  });
  t.is(formCommittee({ seats: of(7), signInFrom }, start).size, 7);
});

test('when every member has declared, the chair is elected and the review begins', (t) => {
  const committee = complete();
  t.is(committee.state, 'electing');
  t.deepEqual(sittingExperts(committee), ids);
  const { state, events } = vote(committee, ['m2', 'm2', 'm2', 'm1', 'm3']);
  t.is(state.chairId, 'm2');
  t.is(state.state, 'reviewing');
  t.is(state.ballot, undefined);
  t.deepEqual(
    events.map(({ type }) => type),
    ['ChairElected', 'CommitteeMoved'],
  );
});

test('nobody signs in before the time', (t) => {
  const called = seat(formed(), 'm1', ['call', 'accept']);
  t.throws(() => moveMember(called, { memberId: 'm1', event: 'sign-in' }, plusMs(signInFrom, -1)), {
    code: 'E_COMMITTEE_EARLY',
  });
  t.is(getMember(moveMember(called, { memberId: 'm1', event: 'sign-in' }, signInFrom).state, 'm1').state, 'signed-in');
});

test('a step out of turn, a stranger and a missing reason are refused', (t) => {
  t.throws(() => moveMember(formed(), { memberId: 'm1', event: 'declare' }, later), { code: 'E_STATE' });
  t.throws(() => moveMember(formed(), { memberId: 'mx', event: 'call' }, later), { code: 'E_COMMITTEE_MEMBER' });
  const called = seat(formed(), 'm1', ['call']);
  t.throws(() => moveMember(called, { memberId: 'm1', event: 'decline', reason: ' ' }, later), {
    code: 'E_COMMITTEE_REASON',
  });
});

test('whoever declines frees a seat, and the next of the list takes it', (t) => {
  t.throws(() => addMember(formed(), { memberId: 'm6' }, later), { code: 'E_COMMITTEE_SIZE' });
  const declined = moveMember(
    seat(formed(), 'm1', ['call']),
    { memberId: 'm1', event: 'decline', reason: '出差' },
    later,
  );
  t.deepEqual(
    declined.events.map(({ type }) => type),
    ['MemberMoved', 'SeatVacated'],
  );
  t.throws(() => addMember(declined.state, { memberId: 'm1' }, later), { code: 'E_COMMITTEE_MEMBER' });
  const { state } = addMember(declined.state, { memberId: 'm6', poolIndex: 9 }, later);
  t.deepEqual(
    seatedMembers(state).map(({ memberId }) => memberId),
    ['m2', 'm3', 'm4', 'm5', 'm6'],
  );
});

test('a tie among the most voted opens another round among them', (t) => {
  const tied = vote(complete(), ['m1', 'm1', 'm2', 'm2', 'm3']);
  t.deepEqual(tied.events, [{ type: 'ChairVoteTied', round: 1, eligible: ['m1', 'm2'], at: later }]);
  t.deepEqual(tied.state.ballot, { round: 2, eligible: ['m1', 'm2'], votes: {} });
  t.throws(() => voteForChair(tied.state, { voterId: 'm1', choiceId: 'm3' }, later), { code: 'E_COMMITTEE_VOTE' });
  const elected = vote(tied.state, ['m1', 'm1', 'm2', 'm2', 'm2']);
  t.is(elected.state.chairId, 'm2');
  t.like(elected.events[0], { type: 'ChairElected', round: 2 });
});

test('nobody votes twice, from outside or when there is nothing to elect', (t) => {
  const { state } = voteForChair(complete(), { voterId: 'm1', choiceId: 'm1' }, later);
  t.throws(() => voteForChair(state, { voterId: 'm1', choiceId: 'm2' }, later), { code: 'E_COMMITTEE_VOTE' });
  t.throws(() => voteForChair(state, { voterId: 'mx', choiceId: 'm2' }, later), { code: 'E_COMMITTEE_MEMBER' });
  t.throws(() => voteForChair(formed(), { voterId: 'm1', choiceId: 'm2' }, later), { code: 'E_STATE' });
  t.throws(() => voteForChair(reviewing(), { voterId: 'm1', choiceId: 'm2' }, later), { code: 'E_STATE' });
});

test('the conclusions of a member who recuses or leaves during the review are void', (t) => {
  const { state, events } = moveMember(
    reviewing(),
    { memberId: 'm1', event: 'recuse', reason: '与投标人有利害关系' },
    later,
  );
  t.deepEqual(
    events.map(({ type }) => type),
    ['MemberMoved', 'SeatVacated', 'ConclusionsVoided', 'CommitteeMoved'],
  );
  t.is(state.state, 'interrupted');
  t.is(state.chairId, undefined, 'the chair went too');
  const sheets = ids.map((expertId) => ({ expertId, bidId: 'a' }));
  t.deepEqual(
    withoutVoid(sheets, state).map(({ expertId }) => expertId),
    ['m2', 'm3', 'm4', 'm5'],
  );
  const refilled = seat(addMember(state, { memberId: 'm6' }, later).state, 'm6');
  t.is(refilled.state, 'reviewing');
  t.deepEqual(sittingExperts(refilled), ['m2', 'm3', 'm4', 'm5', 'm6']);
  const { state: chaired } = vote(refilled, ['m3', 'm3', 'm3', 'm3', 'm2']);
  t.deepEqual([chaired.state, chaired.chairId], ['reviewing', 'm3']);
});

test('somebody who recuses before the review has concluded nothing', (t) => {
  const signedIn = seat(formed(), 'm1', ['call', 'accept', 'sign-in']);
  const { events } = moveMember(signedIn, { memberId: 'm1', event: 'recuse', reason: '近亲属' }, later);
  t.deepEqual(
    events.map(({ type }) => type),
    ['MemberMoved', 'SeatVacated'],
  );
});

test('after the report nobody moves until all are released together', (t) => {
  const { state } = concludeReview(reviewing(), later);
  t.throws(() => moveMember(state, { memberId: 'm1', event: 'leave', reason: '身体不适' }, later), { code: 'E_STATE' });
  const dissolved = dissolveCommittee(state, later).state;
  t.is(dissolved.state, 'dissolved');
  t.true(dissolved.members.every((member) => member.state === 'released'));
  t.throws(() => concludeReview(dissolved, later), { code: 'E_STATE' });
});

test('no walk seats more members than seats, or reviews with a seat empty', (t) => {
  const events = ['call', 'accept', 'decline', 'miss', 'stay-away', 'sign-in', 'declare', 'recuse', 'leave'] as const;
  const step = fc.record({ member: fc.nat(9), event: fc.constantFrom(...events), choice: fc.nat(9) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      let committee = formed();
      let added = 5;
      for (const { member, event, choice } of steps) {
        const members = committee.members;
        const memberId = members[member % members.length]!.memberId;
        const attempts = [
          () => moveMember(committee, { memberId, event, reason: 'r' }, later).state,
          () => addMember(committee, { memberId: `m${added + 1}` }, later).state,
          () =>
            voteForChair(committee, { voterId: memberId, choiceId: members[choice % members.length]!.memberId }, later)
              .state,
        ];
        for (const attempt of attempts) committee = attemptOr(committee, attempt);
        added = Math.max(added, committee.members.length);
        const seated = seatedMembers(committee);
        t.true(seated.length <= committee.size);
        if (committee.state === 'reviewing' || committee.state === 'electing')
          t.is(sittingExperts(committee).length, committee.size);
        if (committee.chairId !== undefined) t.true(sittingExperts(committee).includes(committee.chairId));
      }
    }),
    { numRuns: 200 },
  );
});

/** The refusals of a walk leave the state as it was; any other error is a bug. */
function attemptOr(committee: Committee, attempt: () => Committee): Committee {
  try {
    return attempt();
  } catch (cause) {
    if (cause instanceof DomainError) return committee;
    throw cause;
  }
}

test('a state without a way on is one that holds no seat, or released', (t) => {
  for (const [state, ways] of Object.entries(memberTransitions)) {
    const isEnd = Object.keys(ways).length === 0;
    t.is(isEnd, state === 'released' || !seatedStates.some((seated) => seated === state), state);
  }
});
