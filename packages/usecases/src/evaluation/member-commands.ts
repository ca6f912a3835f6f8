import type { Output, PlatformApi } from '@qej/contract';
import { moveMember } from '@qej/evaluation';
import type { CommitteeFact, MemberCommand } from '@qej/evaluation';
import { canonicalBytes, formatInstant, instant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { AuthenticatedContext } from '../handlers.ts';
import type { Caller, Transaction } from '../ports.ts';
import type { SeatRecord, TenderRecord } from '../records.ts';
import { lockTender } from '../tender/tender-course.ts';
import { callerSeat, getCommitteeCourse, memberIdOf, requireTenderState, saveCommittee } from './committee-course.ts';
import { fillSeat } from './draw-committee.ts';
import type { EvaluationPorts } from './ports.ts';
import { requireBound, verifyAct } from './signed-act.ts';
import { viewCommittee } from './view-committee.ts';
import type { CommitteeView } from './view-committee.ts';

/** What an expert signs at the declaration, purpose `qej-declaration/1`; the reason is empty where none is given. */
export const declarationBytes = (declaration: {
  readonly tenderId: string;
  readonly seat: number;
  readonly recuse: boolean;
  readonly reason: string;
}): Uint8Array<ArrayBuffer> => {
  const { tenderId, seat, recuse, reason } = declaration;
  return canonicalBytes({ v: 1, tenderId, seat, recuse, reason: reason.normalize('NFC') });
};

interface Step {
  readonly seat: SeatRecord;
  readonly event: MemberCommand['event'];
  readonly reason?: string;
  readonly now: Instant;
}

/** One step of a member; a seat that becomes free is filled from the same list. */
async function moveSeat(
  tx: Transaction,
  record: TenderRecord,
  { seat, event, reason, now }: Step,
): Promise<readonly CommitteeFact[]> {
  const course = getCommitteeCourse(record);
  const command = { memberId: memberIdOf(seat.seat), event, ...(reason === undefined ? {} : { reason }) };
  const { state: committee, events } = moveMember(course.committee, command, now);
  const isVacated = events.some(({ type }) => type === 'SeatVacated');
  const moved = { ...course, committee };
  const filled = isVacated
    ? await fillSeat(tx, record, {
        course: moved,
        vacated: seat.seat,
        because: committee.members[seat.seat - 1]?.state ?? event,
        now,
      })
    : moved;
  await saveCommittee(tx, record, { course: filled, now });
  return events;
}

/** Members may come and go until the marks are locked. */
const requireOpenCommittee = (record: TenderRecord): void =>
  requireTenderState(record, 'committee-drawn', 'evaluating');

/** Accepts or declines a call; who declines is followed by the next of the list. */
export async function answerCall(
  ports: EvaluationPorts,
  answer: { tenderId: string; accept: boolean; reason?: string | undefined },
  { caller, now }: AuthenticatedContext,
): Promise<void> {
  await ports.db.transaction('evaluation:answer-call', async (tx) => {
    const record = await lockTender(tx, answer.tenderId);
    const seat = await callerSeat(tx, record.id, caller);
    requireOpenCommittee(record);
    const event = answer.accept ? 'accept' : 'decline';
    const reason = answer.accept ? undefined : (answer.reason ?? '谢绝 declined').normalize('NFC');
    await moveSeat(tx, record, { seat, event, now, ...(reason === undefined ? {} : { reason }) });
  });
  ports.live.publish({ tenderId: answer.tenderId, topic: 'committee' });
}

export async function signIn(
  ports: EvaluationPorts,
  tenderId: string,
  { caller, now }: AuthenticatedContext,
): Promise<CommitteeView> {
  const view = await ports.db.transaction('evaluation:sign-in', async (tx) => {
    const record = await lockTender(tx, tenderId);
    const seat = await callerSeat(tx, tenderId, caller);
    requireOpenCommittee(record);
    await moveSeat(tx, record, { seat, event: 'sign-in', now });
    return viewCommittee(tx, ports, { record, caller });
  });
  ports.live.publish({ tenderId, topic: 'committee' });
  return view;
}

/**
 * The declaration on conflicts of interest, signed. A recusal, then or later until the lock, frees the seat: whatever the member
 * concluded is void (L2 art. 48) and the next of the list is called.
 */
export async function declare(
  ports: EvaluationPorts,
  act: { tenderId: string; recuse: boolean; reason?: string | undefined; cms: string },
  { caller, now }: AuthenticatedContext,
): Promise<CommitteeView> {
  const { tenderId, recuse, cms } = act;
  const reason = (act.reason ?? '').normalize('NFC');
  const { seat: number } = await ports.db.read((tx) => callerSeat(tx, tenderId, caller));
  const content = declarationBytes({ tenderId, seat: number, recuse, reason });
  const signer = await verifyAct(ports.trust, { purpose: 'qej-declaration/1', content, cms, now });
  const view = await ports.db.transaction('evaluation:declare', async (tx) => {
    const record = await lockTender(tx, tenderId);
    const seat = await callerSeat(tx, tenderId, caller);
    requireOpenCommittee(record);
    await requireBound(tx, signer, caller);
    await moveSeat(tx, record, { seat, event: recuse ? 'recuse' : 'declare', now, ...(recuse ? { reason } : {}) });
    seat.declaration = { v: 1, recuse, reason, at: formatInstant(now), cms };
    return viewCommittee(tx, ports, { record, caller });
  });
  if (recuse) ports.rooms.remove(tenderId, memberIdOf(number));
  ports.live.publish({ tenderId, topic: 'committee' });
  return view;
}

type Calls = Output<PlatformApi['listMyCalls']>;

/** Calls to the expert, newest first: day and place, not the project. */
export async function listMyCalls(tx: Transaction, caller: Caller): Promise<Calls> {
  const expert = await tx.experts.find({ userId: caller.userId });
  if (expert === undefined) return { items: [] };
  const seats = await tx.seats.list({ expertId: expert.id }, { orderBy: { updatedAt: 'desc' }, limit: 100 });
  return {
    items: seats.map(({ tenderId, seat, state, updatedAt }) => ({
      tenderId,
      seat,
      state,
      at: formatInstant(instant(updatedAt)),
      text:
        state === 'called'
          ? { zh: '邀请您参加评标，请答复', en: 'You are asked to sit on a committee, please answer' }
          : { zh: `席位 ${seat}`, en: `Seat ${seat}` },
    })),
  };
}
