import { drawCoefficient, evaluateLot, parseLotCriteria, parseScoringRule } from '@qej/evaluation';
import type { AbnormalReason, LotEvaluation, ScoreSheet, VoteSheet } from '@qej/evaluation';
import { canonicalBytes, DomainError, fromHex, fromUtf8, toHex } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import type { BlobStore, Transaction } from '../ports.ts';
import type { SeatRecord, TenderRecord } from '../records.ts';
import { noticeOf } from '../tender/tender-course.ts';
import { memberIdOf, sittingSeats } from './committee-course.ts';
import type { EvaluationPorts } from './ports.ts';
import { criteriaOf, readSheet, scoreSheetOf, voteSheetOf } from './sheets.ts';

/** All that the evaluation is computed from, format `qej-evaluation-inputs` 1; experts are seats, nobody is named. */
export interface EvaluationInputs {
  readonly format: 'qej-evaluation-inputs';
  readonly v: 1;
  readonly tenderId: string;
  readonly lotId: string;
  readonly noticeHash: string;
  readonly criteria: Json;
  readonly rule: Json;
  readonly parameters: Readonly<Record<string, string>>;
  readonly experts: readonly string[];
  readonly bids: readonly { readonly id: string; readonly price: string }[];
  readonly votes: readonly VoteSheet[];
  readonly sheets: readonly ScoreSheet[];
  /** 32 bytes, hex. */
  readonly tieSeed: string;
}

/** Pure: whoever has the inputs gets the same result. */
export const evaluateInputs = (inputs: EvaluationInputs, reasons: readonly AbnormalReason[] = []): LotEvaluation =>
  evaluateLot({
    criteria: parseLotCriteria(inputs.criteria),
    rule: parseScoringRule(inputs.rule),
    parameters: inputs.parameters,
    experts: inputs.experts,
    bids: inputs.bids,
    votes: inputs.votes,
    sheets: inputs.sheets,
    reasons,
    tieSeed: fromHex(inputs.tieSeed),
  });

/** `course.evaluation`. The bytes of inputs and result are blobs, addressed by the hashes that the log has. */
export interface EvaluationCourse {
  readonly v: 1;
  readonly lockedAt: number;
  readonly inputsSha256: string;
  readonly resultSha256: string;
  readonly reasons: readonly AbnormalReason[];
  readonly dissents: readonly { readonly seat: number; readonly text: string; readonly at: number }[];
  readonly reportDocumentId: string | null;
}

/** @throws DomainError `E_STATE` before the lock */
export function getEvaluationCourse(record: TenderRecord): EvaluationCourse {
  const course = record.course['evaluation'] as unknown as EvaluationCourse | undefined; // written by this station alone
  if (course === undefined) throw new DomainError('E_STATE', { detail: 'the scores are not locked' });
  return course;
}

export interface LockedScores {
  readonly course: EvaluationCourse;
  readonly inputs: EvaluationInputs;
  /** With the reasons that were given since. */
  readonly evaluation: LotEvaluation;
}

/** The locked inputs and the result computed from them again. */
export async function readLockedScores(blobs: BlobStore, record: TenderRecord): Promise<LockedScores> {
  const course = getEvaluationCourse(record);
  const inputs = JSON.parse(fromUtf8(await blobs.get(course.inputsSha256))) as EvaluationInputs; // addressed by its hash
  return { course, inputs, evaluation: evaluateInputs(inputs, course.reasons) };
}

async function parametersOf(ports: EvaluationPorts, record: TenderRecord): Promise<Record<string, string>> {
  const notice = noticeOf(record);
  const rule = parseScoringRule(notice.scoringRule);
  const ceiling = notice.lots.find(({ lotId }) => lotId === record.lotId)?.ceilingPrice;
  const seed = notice.coefficient === null ? undefined : await ports.seeds.drawSeed(record, 'coefficient');
  const valueOf = (name: string): string[] => {
    if (name === 'ceiling') return ceiling === null || ceiling === undefined ? [] : [ceiling];
    if (notice.coefficient === null || seed === undefined) return [];
    const { from, to, step } = notice.coefficient;
    return [drawCoefficient({ seed, range: { from, to, step }, name }).value];
  };
  return Object.fromEntries(rule.parameters.flatMap(({ name }) => valueOf(name).map((value) => [name, value])));
}

/** What is locked: the sheets of the members who sit, prices as opened, rule and drawn values. */
export async function collectInputs(
  tx: Transaction,
  ports: EvaluationPorts,
  { record, seats }: { record: TenderRecord; seats: readonly SeatRecord[] },
): Promise<EvaluationInputs> {
  const notice = noticeOf(record);
  const criteria = criteriaOf(record);
  const sitting = sittingSeats(seats);
  const rows = await tx.sheets.list(
    { tenderId: record.id, seat: sitting.map(({ seat }) => seat) },
    { orderBy: { bidId: 'asc', seat: 'asc' } },
  );
  const bids = await ports.bids.openedBidsOf(tx, record.id);
  return {
    format: 'qej-evaluation-inputs',
    v: 1,
    tenderId: record.id,
    lotId: record.lotId,
    noticeHash: record.noticeHash ?? '',
    criteria: notice.criteria,
    rule: notice.scoringRule,
    parameters: await parametersOf(ports, record),
    experts: sitting.map(({ seat }) => memberIdOf(seat)),
    bids: bids.map(({ bidId, price }) => ({ id: bidId, price })).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    votes: rows.map((row) => voteSheetOf(readSheet(row), row.seat, criteria)),
    sheets: rows.map((row) => scoreSheetOf(readSheet(row), row.seat)),
    tieSeed: toHex(await ports.seeds.drawSeed(record, 'tie')),
  };
}

export const inputsBytes = (inputs: EvaluationInputs): Uint8Array<ArrayBuffer> => canonicalBytes(inputs);
export const resultBytes = (evaluation: LotEvaluation): Uint8Array<ArrayBuffer> =>
  canonicalBytes(JSON.parse(JSON.stringify(evaluation)) as Json); // absent members are left out
