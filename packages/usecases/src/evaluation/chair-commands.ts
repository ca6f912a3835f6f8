import { voteForChair as castVote } from '@qej/evaluation';
import { DomainError } from '@qej/kernel';
import { startEvaluation as startReview } from '@qej/tendering';
import type { AuthenticatedContext } from '../handlers.ts';
import { appendEntry } from '../log/append-entry.ts';
import { lockTender, saveTender, tenderOf } from '../tender/tender-course.ts';
import {
  callerSeat,
  getCommitteeCourse,
  memberIdOf,
  requireChair,
  requireTenderState,
  saveCommittee,
} from './committee-course.ts';
import type { EvaluationPorts } from './ports.ts';
import { viewCommittee } from './view-committee.ts';
import type { CommitteeView } from './view-committee.ts';

/** A secret vote for the chair; counted when all have voted, a tie opens a new round among those who are tied. */
export async function voteChair(
  ports: EvaluationPorts,
  vote: { tenderId: string; seat: number },
  { caller, now }: AuthenticatedContext,
): Promise<CommitteeView> {
  const view = await ports.db.transaction('evaluation:vote-chair', async (tx) => {
    const record = await lockTender(tx, vote.tenderId);
    requireTenderState(record, 'committee-drawn', 'evaluating');
    const own = await callerSeat(tx, record.id, caller);
    const course = getCommitteeCourse(record);
    const choice = { voterId: memberIdOf(own.seat), choiceId: memberIdOf(vote.seat) };
    const { state: committee, events } = castVote(course.committee, choice, now);
    own.chairVote = vote.seat;
    await saveCommittee(tx, record, { course: { ...course, committee }, now });
    const elected = events.find(({ type }) => type === 'ChairElected');
    if (elected?.type === 'ChairElected')
      await appendEntry(tx, {
        type: 'chair-elected',
        at: now,
        tenderId: record.id,
        members: { seat: Number(elected.memberId.slice('seat-'.length)), round: elected.round },
      });
    return viewCommittee(tx, ports, { record, caller });
  });
  ports.live.publish({ tenderId: vote.tenderId, topic: 'committee' });
  return view;
}

/** The chair opens the evaluation once every seat has declared; the expert room opens with it. */
export async function startEvaluation(
  ports: EvaluationPorts,
  tenderId: string,
  { caller, now }: AuthenticatedContext,
): Promise<CommitteeView> {
  const view = await ports.db.transaction('evaluation:start', async (tx) => {
    const record = await lockTender(tx, tenderId);
    const { committee } = getCommitteeCourse(record);
    requireTenderState(record, 'committee-drawn');
    if (committee.state !== 'reviewing')
      throw new DomainError('E_STATE', {
        detail: `the committee is ${committee.state}`,
        params: { state: committee.state },
      });
    requireChair(await callerSeat(tx, tenderId, caller));
    saveTender(record, startReview(tenderOf(record), now).state, now);
    await appendEntry(tx, {
      type: 'evaluation-started',
      at: now,
      tenderId,
      members: {},
      dedupe: `evaluation-started:${tenderId}`,
    });
    return viewCommittee(tx, ports, { record, caller });
  });
  await ports.rooms.open(tenderId);
  ports.live.publish({ tenderId, topic: 'tender' });
  return view;
}
