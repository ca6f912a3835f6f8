import { admit } from '@qej/rooms';
import type { AdmissionFacts, ParticipantInfo, RoomRole } from '@qej/rooms';
import type { Caller, Transaction } from '../ports.ts';
import type { SeatRecord, TenderRecord } from '../records.ts';
import { memberIdOf } from './committee-course.ts';
import { roomStates } from './view-committee.ts';

const HERE: readonly string[] = ['signed-in', 'declared', 'released', 'recused'];

function evaluationOf({ state }: TenderRecord): AdmissionFacts['evaluation'] {
  if (roomStates.includes(state)) return 'open';
  const isBefore = [
    'draft',
    'awaiting-holders',
    'published',
    'closed',
    'register-released',
    'decrypting',
    'prices-open',
    'opened',
    'committee-drawn',
  ].includes(state);
  return isBefore ? 'notOpen' : 'closed';
}

const declarationOf = (seat: SeatRecord | undefined): AdmissionFacts['declaration'] => {
  if (seat?.state === 'recused') return 'recused';
  return seat?.state === 'declared' || seat?.state === 'released' ? 'declared' : 'none';
};

function roleOf(record: TenderRecord, caller: Caller, seat: SeatRecord | undefined): RoomRole | undefined {
  if (caller.role === 'expert') return seat === undefined ? undefined : seat.isChair ? 'chair' : 'expert';
  if (caller.role === 'agency') return caller.organizationId === record.agencyOrganizationId ? 'host' : undefined;
  return caller.role === 'supervisor' ? 'supervisor' : undefined;
}

function infoOf(role: RoomRole, caller: Caller, seat: SeatRecord | undefined): ParticipantInfo {
  if (seat !== undefined)
    return { id: memberIdOf(seat.seat), displayName: `专家${seat.seat}`, seat: String(seat.seat), role };
  const displayName = role === 'host' ? '代理机构' : '行政监督';
  return { id: `${role}-${caller.userId}`, displayName, seat: '', role };
}

/**
 * Who enters the expert room of a tender, and as whom: members who declared, by their seat and never by name; the host; the
 * supervisor, whose look the media service reports to `onLook`. The room's id is the tender's.
 * @throws DomainError `E_NOT_FOUND` and the room codes of @qej/rooms
 */
export async function roomAdmission(tx: Transaction, caller: Caller, tenderId: string): Promise<ParticipantInfo> {
  const record = await tx.tenders.get({ id: tenderId });
  const expert = caller.role === 'expert' ? await tx.experts.find({ userId: caller.userId }) : undefined;
  const seat = expert === undefined ? undefined : await tx.seats.find({ tenderId, expertId: expert.id });
  const role = admit({
    role: roleOf(record, caller, seat),
    evaluation: evaluationOf(record),
    isSignedIn: seat === undefined ? caller.role !== 'expert' : HERE.includes(seat.state),
    declaration: declarationOf(seat),
  });
  return infoOf(role, caller, seat);
}
