import { DomainError } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { moveCommittee, sittingExperts } from './committee.ts';
import type { ChairBallot, Committee, CommitteeDecision } from './committee.ts';

function openBallot(committee: Committee): ChairBallot {
  return committee.ballot ?? { round: 1, eligible: sittingExperts(committee), votes: {} };
}

function mostVoted({ eligible, votes }: ChairBallot): readonly string[] {
  const count = (memberId: string) => Object.values(votes).filter((choice) => choice === memberId).length;
  const most = Math.max(...eligible.map(count));
  return eligible.filter((memberId) => count(memberId) === most);
}

/** A chair is needed: before the review, or again after the chair left during it. */
const needsChair = ({ state, chairId }: Committee): boolean =>
  chairId === undefined && (state === 'electing' || state === 'reviewing');

/**
 * One member's vote for the chair (评标委员会负责人推举). Counted when all have voted; a tie opens a new round among
 * those who are tied. After a replaced chair the review goes on while the new one is elected.
 * @throws DomainError `E_STATE` when no chair is to be elected, `E_COMMITTEE_MEMBER` for a voter who does not sit,
 * `E_COMMITTEE_VOTE` for a second vote in the round or somebody who does not stand in it.
 */
export function voteForChair(
  committee: Committee,
  vote: { readonly voterId: string; readonly choiceId: string },
  now: Instant,
): CommitteeDecision {
  if (!needsChair(committee))
    throw new DomainError('E_STATE', { detail: 'no chair is to be elected', params: { state: committee.state } });
  const voters = sittingExperts(committee);
  const ballot = openBallot(committee);
  if (!voters.includes(vote.voterId)) throw new DomainError('E_COMMITTEE_MEMBER', { detail: 'does not sit' });
  if (Object.hasOwn(ballot.votes, vote.voterId))
    throw new DomainError('E_COMMITTEE_VOTE', { detail: 'has voted in this round' });
  if (!ballot.eligible.includes(vote.choiceId))
    throw new DomainError('E_COMMITTEE_VOTE', { detail: 'does not stand in this round' });
  const cast: ChairBallot = { ...ballot, votes: { ...ballot.votes, [vote.voterId]: vote.choiceId } };
  const isCounted = voters.every((voterId) => Object.hasOwn(cast.votes, voterId));
  return isCounted ? countVotes(committee, cast, now) : { state: { ...committee, ballot: cast }, events: [] };
}

function countVotes(committee: Committee, ballot: ChairBallot, now: Instant): CommitteeDecision {
  const [first, ...tied] = mostVoted(ballot);
  if (first === undefined) throw new Error('a ballot without candidates');
  if (tied.length > 0) {
    const eligible = [first, ...tied];
    const next = { round: ballot.round + 1, eligible, votes: {} };
    return {
      state: { ...committee, ballot: next },
      events: [{ type: 'ChairVoteTied', round: ballot.round, eligible, at: now }],
    };
  }
  const { ballot: _counted, ...rest } = committee;
  const elected = { ...rest, chairId: first };
  const moved = committee.state === 'electing' ? moveCommittee(elected, 'elect', now) : { state: elected, events: [] };
  return {
    state: moved.state,
    events: [{ type: 'ChairElected', memberId: first, round: ballot.round, at: now }, ...moved.events],
  };
}
