import type { Output, PlatformApi } from '@qej/contract';
import { passFailItems, parseLotCriteria, scoredItems, sittingExperts } from '@qej/evaluation';
import type { Caller, Transaction } from '../ports.ts';
import type { SeatRecord, SheetRecord, TenderRecord } from '../records.ts';
import { noticeOf } from '../tender/tender-course.ts';
import { findCommittee, seatOf } from './committee-course.ts';
import type { CommitteeCourse } from './committee-course.ts';
import { disclosureOf } from './disclosure.ts';
import type { EvaluationPorts } from './ports.ts';

export type CommitteeView = Output<PlatformApi['getCommittee']>;
type SeatView = CommitteeView['seats'][number];

const SIGNED_IN: readonly string[] = ['signed-in', 'declared', 'released'];
/** States in which the experts meet. */
export const roomStates: readonly string[] = ['evaluating', 'scored'];

/** Names by user, read only for those whom the caller may know. */
async function namesOf(tx: Transaction, seats: readonly SeatRecord[]): Promise<ReadonlyMap<number, string>> {
  if (seats.length === 0) return new Map();
  const experts = await tx.experts.list({ id: seats.map(({ expertId }) => expertId) });
  const users = await tx.users.list({ id: experts.map(({ userId }) => userId) });
  const nameOf = (expertId: string) => {
    const userId = experts.find(({ id }) => id === expertId)?.userId;
    return users.find(({ id }) => id === userId)?.name ?? '';
  };
  return new Map(seats.map(({ seat, expertId }) => [seat, nameOf(expertId)]));
}

/** Before sign-in the host sees seat numbers; the tenderee sees names after the award (L1 art. 37); members know one another. */
function mayKnow(
  seat: SeatRecord,
  { caller, own, record }: { caller: Caller; own?: SeatRecord; record: TenderRecord },
): boolean {
  const isHere = SIGNED_IN.includes(seat.state);
  if (caller.role === 'supervisor') return true;
  if (caller.role === 'agency') return isHere;
  if (caller.role === 'tenderee')
    return isHere && disclosureOf(noticeOf(record).regime).namesToTenderee.includes(record.state);
  return own !== undefined && (own.id === seat.id || (isHere && SIGNED_IN.includes(own.state)));
}

interface Shown {
  readonly names: ReadonlyMap<number, string>;
  readonly own: SeatRecord | undefined;
  readonly sheets: readonly SheetRecord[];
  readonly all: number;
}
const length = (value: unknown): number => (Array.isArray(value) ? value.length : 0);

function viewSeat(row: SeatRecord, { names, own, sheets, all }: Shown): SeatView {
  const mine = sheets.filter(({ seat }) => seat === row.seat);
  const done = mine.reduce((total, { marks, passFail }) => total + length(marks) + length(passFail), 0);
  const name = names.get(row.seat);
  return {
    seat: row.seat,
    state: row.state as SeatView['state'], // written by saveCommittee alone
    kind: row.kind === 'economic' ? 'economic' : 'technical',
    poolIndex: row.poolIndex,
    isChair: row.isChair,
    mine: own?.id === row.id,
    progress: { done, all, submitted: row.submittedAt !== null },
    ...(name === undefined ? {} : { name }),
  };
}

function viewBallot({ committee }: CommitteeCourse): Pick<CommitteeView, 'chairVotes' | 'ballot'> {
  const sitting = sittingExperts(committee);
  const isElecting = committee.chairId === undefined && ['electing', 'reviewing'].includes(committee.state);
  const hasVoted = (memberId: string): boolean =>
    isElecting ? Object.hasOwn(committee.ballot?.votes ?? {}, memberId) : committee.chairId !== undefined;
  const chairVotes = sitting.map((memberId) => ({ seat: seatOf(memberId), voted: hasVoted(memberId) }));
  if (!isElecting) return { chairVotes };
  const eligible = (committee.ballot?.eligible ?? sitting).map(seatOf);
  return { chairVotes, ballot: { round: committee.ballot?.round ?? 1, eligible } };
}

/** How many marks and verdicts each member gives in all. */
export async function countOfMarks(
  tx: Transaction,
  ports: Pick<EvaluationPorts, 'bids'>,
  record: TenderRecord,
): Promise<number> {
  const criteria = parseLotCriteria(noticeOf(record).criteria);
  const bids = await ports.bids.openedBidsOf(tx, record.id);
  return bids.length * (passFailItems(criteria).length + scoredItems(criteria).length);
}

/** The committee as this caller may see it. Marks of others are never part of it, only how many there are. */
export async function viewCommittee(
  tx: Transaction,
  ports: Pick<EvaluationPorts, 'bids'>,
  { record, caller }: { record: TenderRecord; caller: Caller },
): Promise<CommitteeView> {
  const course = findCommittee(record);
  const head = { tenderId: record.id, roomOpen: roomStates.includes(record.state) };
  if (course === undefined) return { ...head, state: 'none', seats: [], chairVotes: [] };
  const rows = await tx.seats.list({ tenderId: record.id }, { orderBy: { seat: 'asc' } });
  const expert = caller.role === 'expert' ? await tx.experts.find({ userId: caller.userId }) : undefined;
  const own = expert === undefined ? undefined : rows.find(({ expertId }) => expertId === expert.id);
  const known = rows.filter((row) => mayKnow(row, { caller, record, ...(own && { own }) }));
  const sheets = await tx.sheets.list({ tenderId: record.id });
  const shown = { names: await namesOf(tx, known), own, sheets, all: await countOfMarks(tx, ports, record) };
  const entry = await tx.logEntries.find({ dedupe: `draw:${record.id}` });
  return {
    ...head,
    state: course.committee.state,
    seats: rows.map((row) => viewSeat(row, shown)),
    poolRoot: course.draw.poolRoot,
    seed: course.draw.seed,
    ...(entry === undefined || entry.seq === null ? {} : { drawSeq: entry.seq }),
    ...viewBallot(course),
  };
}
