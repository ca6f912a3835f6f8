import { concludeReview, dissolveCommittee } from '@qej/evaluation';
import { DomainError } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { signReport } from '@qej/tendering';
import type { LotCandidates } from '@qej/tendering';
import { isFullySigned } from '../documents/create-document.ts';
import type { AuthenticatedContext } from '../handlers.ts';
import { enqueueJob } from '../jobs/enqueue-job.ts';
import { appendEntry } from '../log/append-entry.ts';
import type { Transaction } from '../ports.ts';
import type { DocumentRecord, TenderRecord } from '../records.ts';
import { lockTender, saveTender, tenderOf } from '../tender/tender-course.ts';
import {
  callerSeat,
  getCommitteeCourse,
  requireChair,
  requireTenderState,
  saveCommittee,
  sittingSeats,
} from './committee-course.ts';
import { getEvaluationCourse, readLockedScores } from './locked-scores.ts';
import type { LockedScores } from './locked-scores.ts';
import type { EvaluationPorts, OpenedBid } from './ports.ts';

/** The job that closes a room whose closing after the commit was lost. */
export const CLOSE_ROOM = 'evaluation:close-room';

export const candidatesOf = ({ evaluation, inputs }: LockedScores, bids: readonly OpenedBid[]): LotCandidates => ({
  lotId: inputs.lotId,
  candidates: evaluation.candidates.map(({ bidId, rank, price }) => {
    const bid = bids.find((one) => one.bidId === bidId);
    if (bid === undefined) throw new Error(`candidate ${bidId} is not an opened bid`);
    return { rank, bidId, organizationId: bid.organizationId, name: bid.name, price };
  }),
});

async function signedReport(tx: Transaction, record: TenderRecord): Promise<DocumentRecord> {
  const { reportDocumentId } = getEvaluationCourse(record);
  const document = reportDocumentId === null ? undefined : await tx.documents.find({ id: reportDocumentId });
  if (document === undefined || !isFullySigned(document)) throw new DomainError('E_DOCUMENT_UNSIGNED');
  return document;
}

async function releaseMembers(tx: Transaction, record: TenderRecord, now: Instant): Promise<void> {
  const course = getCommitteeCourse(record);
  const concluded = concludeReview(course.committee, now).state;
  const { state: committee } = dissolveCommittee(concluded, now);
  await saveCommittee(tx, record, { course: { ...course, committee }, now });
  for (const { expertId } of sittingSeats(await tx.seats.list({ tenderId: record.id }))) {
    const expert = await tx.experts.lock({ id: expertId });
    expert.recentCommittees += 1;
  }
}

/**
 * Ends the evaluation once all members have signed the report: the committee is released, the room closes. Who dissents signs
 * too, with the dissent printed in the report (L2 art. 53).
 * @throws DomainError `E_DOCUMENT_UNSIGNED`, `E_NOT_CHAIR`, `E_STATE`
 */
export async function finishEvaluation(ports: EvaluationPorts, tenderId: string, context: AuthenticatedContext) {
  const { caller, now } = context;
  const before = await ports.db.read((tx) => tx.tenders.get({ id: tenderId }));
  requireTenderState(before, 'scored');
  const locked = await readLockedScores(ports.blobs, before);
  await ports.db.transaction('evaluation:finish', async (tx) => {
    const record = await lockTender(tx, tenderId);
    requireTenderState(record, 'scored');
    requireChair(await callerSeat(tx, tenderId, caller));
    const { sha256 } = await signedReport(tx, record);
    const lots = [candidatesOf(locked, await ports.bids.openedBidsOf(tx, tenderId))];
    saveTender(record, signReport(tenderOf(record), { reportSha256: sha256, lots }, now).state, now);
    await releaseMembers(tx, record, now);
    await appendEntry(tx, { type: 'report', at: now, tenderId, members: { sha256 }, dedupe: `report:${tenderId}` });
    await enqueueJob(tx, { kind: CLOSE_ROOM, dedupe: `close-room:${tenderId}`, payload: { tenderId }, at: now });
  });
  await ports.rooms.close(tenderId);
  ports.live.publish({ tenderId, topic: 'tender' });
  return ports.viewTender(tenderId, context);
}
