import { DomainError } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { lockScores as recordLock } from '@qej/tendering';
import type { AuthenticatedContext } from '../handlers.ts';
import { appendEntry } from '../log/append-entry.ts';
import type { Caller, Transaction } from '../ports.ts';
import type { SeatRecord, TenderRecord } from '../records.ts';
import { lockTender, saveTender, setCourse, tenderOf } from '../tender/tender-course.ts';
import { callerSeat, getCommitteeCourse, requireChair, requireTenderState, sittingSeats } from './committee-course.ts';
import { sha256Hex } from './draw-committee.ts';
import { collectInputs, evaluateInputs, inputsBytes, resultBytes } from './locked-scores.ts';
import type { EvaluationCourse, EvaluationInputs } from './locked-scores.ts';
import type { EvaluationPorts } from './ports.ts';

/** All sheets of a full committee, asked for by its chair. @throws DomainError `E_STATE`, `E_NOT_CHAIR`, `E_SHEETS_OPEN` */
async function lockable(
  tx: Transaction,
  ports: EvaluationPorts,
  { record, caller }: { record: TenderRecord; caller: Caller },
): Promise<{ inputs: EvaluationInputs; seats: readonly SeatRecord[] }> {
  requireTenderState(record, 'evaluating');
  requireChair(await callerSeat(tx, record.id, caller));
  const seats = sittingSeats(await tx.seats.list({ tenderId: record.id }));
  const { committee } = getCommitteeCourse(record);
  const open = committee.size - seats.filter(({ submittedAt }) => submittedAt !== null).length;
  if (committee.state !== 'reviewing' || open > 0) throw new DomainError('E_SHEETS_OPEN', { params: { open } });
  return { inputs: await collectInputs(tx, ports, { record, seats }), seats };
}

interface Locking {
  readonly record: TenderRecord;
  readonly seats: readonly SeatRecord[];
  readonly inputs: EvaluationInputs;
  readonly now: Instant;
}

/**
 * Objective items have one answer. Where experts differ the marks are not summed up: the sheets go back to all members, and the
 * log says so (财政部令第87号 art. 64: differing objective marks are corrected before the report).
 */
async function reopenSheets(tx: Transaction, { record, seats, now }: Locking): Promise<void> {
  for (const { id } of seats) {
    const seat = await tx.seats.lock({ id });
    seat.submittedAt = null;
    seat.sheetCms = null;
    seat.updatedAt = now;
  }
  const members = { because: 'objective-divergence', seats: seats.map(({ seat }) => seat) };
  await appendEntry(tx, { type: 'sheets-reopened', at: now, tenderId: record.id, members });
}

async function writeLock(tx: Transaction, { record, inputs, now }: Locking): Promise<void> {
  const inputsSha256 = await sha256Hex(inputsBytes(inputs));
  const resultSha256 = await sha256Hex(resultBytes(evaluateInputs(inputs)));
  saveTender(record, recordLock(tenderOf(record), resultSha256, now).state, now);
  const course: EvaluationCourse = {
    v: 1,
    lockedAt: now,
    inputsSha256,
    resultSha256,
    reasons: [],
    dissents: [],
    reportDocumentId: null,
  };
  setCourse(record, 'evaluation', course as unknown as Json); // plain JSON by its type
  await appendEntry(tx, {
    type: 'scores-locked',
    at: now,
    tenderId: record.id,
    members: { inputsSha256, resultSha256, experts: inputs.experts.length, bids: inputs.bids.length },
    dedupe: `scores-locked:${record.id}`,
  });
}

const findDivergence = (inputs: EvaluationInputs) =>
  evaluateInputs(inputs).flags.find((flag) => flag.kind === 'objective-divergence');

/**
 * The chair locks all marks and the platform computes. Inputs and result are kept as bytes under the hashes that the log
 * publishes; nobody saw another's marks before this.
 * @throws DomainError `E_OBJECTIVE_DIVERGENCE` after giving the sheets back, `E_CONFLICT`
 */
export async function lockScores(
  ports: EvaluationPorts,
  tenderId: string,
  { caller, now }: AuthenticatedContext,
): Promise<void> {
  const { inputs } = await ports.db.read(async (tx) =>
    lockable(tx, ports, { record: await tx.tenders.get({ id: tenderId }), caller }),
  );
  const kept = await ports.blobs.put(inputsBytes(inputs));
  await ports.blobs.put(resultBytes(evaluateInputs(inputs)));
  const divergence = await ports.db.transaction('evaluation:lock-scores', async (tx) => {
    const record = await lockTender(tx, tenderId);
    const found = await lockable(tx, ports, { record, caller });
    if ((await sha256Hex(inputsBytes(found.inputs))) !== kept.sha256)
      throw new DomainError('E_CONFLICT', { detail: 'the sheets changed meanwhile' });
    const differing = findDivergence(found.inputs);
    if (differing === undefined) await writeLock(tx, { record, ...found, now });
    else await reopenSheets(tx, { record, ...found, now });
    return differing;
  });
  ports.live.publish({ tenderId, topic: 'evaluation' });
  if (divergence !== undefined) {
    const { bidId, criterionId } = divergence;
    throw new DomainError('E_OBJECTIVE_DIVERGENCE', { params: { bidId, criterionId } });
  }
}
