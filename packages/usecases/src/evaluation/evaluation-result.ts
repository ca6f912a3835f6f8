import type { Output, PlatformApi } from '@qej/contract';
import type { LotEvaluation } from '@qej/evaluation';
import { DomainError, formatInstant, instant } from '@qej/kernel';
import type { Caller } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { seatOf } from './committee-course.ts';
import { flagWords, vetoWords } from './evaluation-words.ts';
import { readLockedScores } from './locked-scores.ts';
import type { LockedScores } from './locked-scores.ts';
import type { EvaluationPorts, OpenedBid } from './ports.ts';

export type ResultView = Output<PlatformApi['getEvaluationResult']>;

const abnormalOf = ({ flags }: LotEvaluation): ResultView['abnormal'] =>
  flags.flatMap((flag) =>
    flag.kind === 'abnormal-score'
      ? [
          {
            bidId: flag.bidId,
            seat: seatOf(flag.expertId),
            deviationPercent: flag.deviationPercent,
            ...(flag.reason === undefined ? {} : { reason: flag.reason }),
          },
        ]
      : [],
  );

export function viewResult({ course, evaluation }: LockedScores, bids: readonly OpenedBid[]): ResultView {
  const nameOf = (bidId: string): string => bids.find((bid) => bid.bidId === bidId)?.name ?? bidId;
  return {
    computedAt: formatInstant(instant(course.lockedAt)),
    bids: evaluation.perBid.map((bid) => ({
      bidId: bid.bidId,
      bidder: nameOf(bid.bidId),
      passed: bid.passed,
      price: bid.price,
      vetoes: vetoWords(bid),
      steps: bid.steps,
      ...(bid.technical === undefined ? {} : { technical: bid.technical }),
      ...(bid.priceScore === undefined ? {} : { priceScore: bid.priceScore }),
      ...(bid.total === undefined ? {} : { total: bid.total }),
      ...(bid.rank === undefined ? {} : { rank: bid.rank }),
    })),
    candidates: evaluation.candidates.map(({ bidId }) => bidId),
    flags: evaluation.flags.map((flag) => flagWords(flag, nameOf)),
    abnormal: abnormalOf(evaluation),
    inputsSha256: course.inputsSha256,
    resultSha256: course.resultSha256,
    ...(course.reportDocumentId === null ? {} : { reportDocumentId: course.reportDocumentId }),
  };
}

/** The committee and supervision see the result from the lock on, agency and tenderee once the report is signed. */
function requireReader({ state }: TenderRecord, { role }: Caller): void {
  if (state === 'scored' && role !== 'expert' && role !== 'supervisor')
    throw new DomainError('E_STATE', { detail: 'the evaluation is secret until the report is signed' });
}

/** @throws DomainError `E_STATE` before the lock, and for agency and tenderee before the report */
export async function getEvaluationResult(
  ports: EvaluationPorts,
  tenderId: string,
  caller: Caller,
): Promise<ResultView> {
  const { record, bids } = await ports.db.read(async (tx) => ({
    record: await tx.tenders.get({ id: tenderId }),
    bids: await ports.bids.openedBidsOf(tx, tenderId),
  }));
  requireReader(record, caller);
  return viewResult(await readLockedScores(ports.blobs, record), bids);
}
