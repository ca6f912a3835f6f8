import { renderEvaluationReport } from '@qej/documents';
import type { AbnormalReason } from '@qej/evaluation';
import { DomainError, instant } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { putDocument, signaturesOf, storeDocument } from '../documents/create-document.ts';
import type { RequiredSigner } from '../documents/create-document.ts';
import { viewDocument } from '../documents/document-handlers.ts';
import type { AuthenticatedContext } from '../handlers.ts';
import type { Transaction } from '../ports.ts';
import type { SeatRecord, TenderRecord } from '../records.ts';
import { lockTender, noticeOf, setCourse, tenderOf } from '../tender/tender-course.ts';
import {
  callerSeat,
  getCommitteeCourse,
  memberIdOf,
  requireChair,
  requireTenderState,
  sittingSeats,
} from './committee-course.ts';
import { evaluateInputs, getEvaluationCourse, readLockedScores } from './locked-scores.ts';
import type { EvaluationCourse } from './locked-scores.ts';
import type { EvaluationPorts } from './ports.ts';
import { reportContent } from './report-content.ts';
import type { ReportFacts, ReportMember } from './report-content.ts';
import { criteriaOf } from './sheets.ts';

export interface ReportCommand {
  readonly tenderId: string;
  readonly dissents: readonly { readonly seat: number; readonly text: string }[];
  readonly reasons: readonly { readonly bidId: string; readonly seat: number; readonly text: string }[];
}

async function membersOf(tx: Transaction, seats: readonly SeatRecord[]): Promise<ReportMember[]> {
  const experts = await tx.experts.list({ id: seats.map(({ expertId }) => expertId) });
  const users = await tx.users.list({ id: experts.map(({ userId }) => userId) });
  return seats.flatMap(({ seat, expertId, isChair, submittedAt }) => {
    const expert = experts.find(({ id }) => id === expertId);
    const user = users.find(({ id }) => id === expert?.userId);
    if (expert === undefined || user === undefined) return [];
    const { employer, specialty } = expert;
    return [{ seat, userId: user.id, name: user.name, employer, specialty, isChair, submittedAt: submittedAt ?? 0 }];
  });
}

/** Once a member has signed it, the report is not made again. @throws DomainError `E_STATE` */
async function requireUnsigned(tx: Transaction, course: EvaluationCourse): Promise<void> {
  const earlier =
    course.reportDocumentId === null ? undefined : await tx.documents.find({ id: course.reportDocumentId });
  if (earlier !== undefined && signaturesOf(earlier).length > 0)
    throw new DomainError('E_STATE', { detail: 'a member has signed the report' });
}

async function reportable(
  tx: Transaction,
  record: TenderRecord,
  caller: AuthenticatedContext['caller'],
): Promise<SeatRecord[]> {
  requireTenderState(record, 'scored');
  requireChair(await callerSeat(tx, record.id, caller));
  await requireUnsigned(tx, getEvaluationCourse(record));
  return sittingSeats(await tx.seats.list({ tenderId: record.id }));
}

const nfc = (text: string): string => text.normalize('NFC').trim();

/** Reasons and dissents into the course. @throws DomainError `E_COMMITTEE_MEMBER` for a seat that does not sit */
function withWords(
  course: EvaluationCourse,
  command: ReportCommand,
  { seats, now }: { seats: readonly SeatRecord[]; now: number },
): EvaluationCourse {
  const named = [...command.dissents, ...command.reasons];
  if (named.some(({ seat }) => !seats.some((row) => row.seat === seat))) throw new DomainError('E_COMMITTEE_MEMBER');
  const reasons = command.reasons.map(({ bidId, seat, text }): AbnormalReason => ({
    bidId,
    expertId: memberIdOf(seat),
    text: nfc(text),
  }));
  return {
    ...course,
    reasons,
    dissents: command.dissents.map(({ seat, text }) => ({ seat, text: nfc(text), at: now })),
  };
}

async function factsOf(
  ports: EvaluationPorts,
  command: ReportCommand,
  { caller, now }: AuthenticatedContext,
): Promise<ReportFacts> {
  const read = await ports.db.read(async (tx) => {
    const record = await tx.tenders.get({ id: command.tenderId });
    const seats = await reportable(tx, record, caller);
    return { record, seats, members: await membersOf(tx, seats), bids: await ports.bids.openedBidsOf(tx, record.id) };
  });
  const { record } = read;
  const stored = await readLockedScores(ports.blobs, record);
  const course = withWords(stored.course, command, { seats: read.seats, now });
  const locked = { ...stored, course, evaluation: evaluateInputs(stored.inputs, course.reasons) };
  const open = locked.evaluation.flags.filter(({ isOpen }) => isOpen).length;
  if (open > 0) throw new DomainError('E_FLAGS_OPEN', { params: { open } });
  const tender = tenderOf(record);
  if (tender.state !== 'scored') throw new DomainError('E_STATE');
  return {
    notice: noticeOf(record),
    course: getCommitteeCourse(record),
    locked,
    bids: read.bids,
    members: read.members,
    startedAt: instant(tender.evaluationStartedAt),
    drawnAt: instant(tender.drawnAt),
    drawHash: tender.drawHash,
    criteria: criteriaOf(record),
    now,
  };
}

const signerOf = ({ seat, userId }: ReportMember): RequiredSigner => ({
  field: `expert-${seat}`,
  role: 'expert',
  userId,
  anchor: `expert-${seat}`,
  reason: '签署评标报告 Sign the evaluation report',
  look: 'person',
});

/**
 * The report as a PDF that every member signs (L2 art. 53). The chair gives the reasons for abnormal scores and the dissents;
 * until somebody has signed, it can be made again.
 * @throws DomainError `E_FLAGS_OPEN`, `E_NOT_CHAIR`, `E_STATE`
 */
export async function makeReport(ports: EvaluationPorts, command: ReportCommand, context: AuthenticatedContext) {
  const { caller, now } = context;
  const facts = await factsOf(ports, command, context);
  const bytes = await renderEvaluationReport(reportContent(facts), { demo: facts.notice.rulesVersion === 'demo' });
  const row = await storeDocument(ports.blobs, {
    tenderId: command.tenderId,
    kind: 'report',
    name: '评标报告',
    bytes,
    audience: 'committee',
    signers: facts.members.map(signerOf),
    at: now,
  });
  const view = await ports.db.transaction('evaluation:make-report', async (tx) => {
    const record = await lockTender(tx, command.tenderId);
    await reportable(tx, record, caller);
    const saved = await putDocument(tx, row);
    const course: EvaluationCourse = { ...facts.locked.course, reportDocumentId: saved.id };
    setCourse(record, 'evaluation', course as unknown as Json); // plain JSON by its type
    return viewDocument(saved, caller);
  });
  ports.live.publish({ tenderId: command.tenderId, topic: 'evaluation' });
  return view;
}
