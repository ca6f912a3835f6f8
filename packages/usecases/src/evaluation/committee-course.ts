import type { Committee, CommitteeDraw, DrawFilters, DrawQuotas } from '@qej/evaluation';
import { DomainError } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { Caller, Transaction } from '../ports.ts';
import type { SeatRecord, TenderRecord } from '../records.ts';
import { setCourse } from '../tender/tender-course.ts';

/** `course.committee`: what was drawn, and the committee as it stands. */
export interface CommitteeCourse {
  readonly v: 1;
  readonly committee: Committee;
  readonly draw: CommitteeDraw & { readonly seed: string; readonly poolRoot: string; readonly poolSize: number };
  readonly filters: DrawFilters;
  readonly quotas: DrawQuotas;
}

/** Members are known by their seat: nothing that is kept or computed with carries a name. */
export const memberIdOf = (seat: number): string => `seat-${seat}`;
export const seatOf = (memberId: string): number => Number(memberId.slice('seat-'.length));

export const findCommittee = (record: TenderRecord): CommitteeCourse | undefined =>
  record.course['committee'] as unknown as CommitteeCourse | undefined; // written by saveCommittee alone

/** @throws DomainError `E_STATE` before the draw. */
export function getCommitteeCourse(record: TenderRecord): CommitteeCourse {
  const course = findCommittee(record);
  if (course === undefined) throw new DomainError('E_STATE', { detail: 'no committee has been drawn' });
  return course;
}

/** Writes the committee back and brings the seat rows, which authorisation reads, into line. */
export async function saveCommittee(
  tx: Transaction,
  record: TenderRecord,
  { course, now }: { course: CommitteeCourse; now: Instant },
): Promise<void> {
  setCourse(record, 'committee', JSON.parse(JSON.stringify(course)) as Json);
  record.updatedAt = now;
  const rows = await tx.seats.list({ tenderId: record.id });
  for (const row of rows) {
    const member = course.committee.members[row.seat - 1];
    if (member === undefined) continue;
    const isChair = course.committee.chairId === member.memberId;
    if (row.state !== member.state || row.isChair !== isChair) row.updatedAt = now;
    row.state = member.state;
    row.isChair = isChair;
  }
}

/** The seat of the calling expert. @throws DomainError `E_NOT_FOUND` */
export async function callerSeat(tx: Transaction, tenderId: string, caller: Caller): Promise<SeatRecord> {
  const expert = await tx.experts.find({ userId: caller.userId });
  if (expert === undefined || caller.role !== 'expert') throw new DomainError('E_NOT_FOUND');
  return tx.seats.get({ tenderId, expertId: expert.id });
}

/** @throws DomainError `E_NOT_CHAIR` */
export function requireChair(seat: SeatRecord): void {
  if (!seat.isChair) throw new DomainError('E_NOT_CHAIR');
}

/** @throws DomainError `E_STATE` */
export function requireTenderState(record: TenderRecord, ...states: readonly string[]): void {
  if (!states.includes(record.state))
    throw new DomainError('E_STATE', { detail: `needs ${states.join(' or ')}, is ${record.state}` });
}

/** Seats of members who sit and have declared. */
export const sittingSeats = (rows: readonly SeatRecord[]): SeatRecord[] =>
  rows.filter(({ state }) => state === 'declared' || state === 'released').toSorted((a, b) => a.seat - b.seat);
