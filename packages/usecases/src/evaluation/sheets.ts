import {
  checkScoreSheet,
  checkVoteSheet,
  parseLotCriteria,
  parseScore,
  passFailItems,
  scoredItems,
  vetoGrounds,
} from '@qej/evaluation';
import type { LotCriteria, ScoreSheet, Verdict, VetoGround, VoteSheet } from '@qej/evaluation';
import { canonicalBytes, DomainError } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import type { SheetRecord, TenderRecord } from '../records.ts';
import { noticeOf } from '../tender/tender-course.ts';
import { memberIdOf } from './committee-course.ts';

export interface Mark {
  criterionId: string;
  score: string;
  note?: string | undefined;
}
export interface PassMark {
  itemId: string;
  pass: boolean;
  /** Evidence: page of the bid and what it shows. */
  opinion?: string | undefined;
  ground?: string | undefined;
}
export interface Sheet {
  bidId: string;
  marks: Mark[];
  passFail: PassMark[];
}

export const criteriaOf = (record: TenderRecord): LotCriteria => parseLotCriteria(noticeOf(record).criteria);

/** What a row holds; written by saveSheet alone, which checked it. */
export const readSheet = ({ bidId, marks, passFail }: SheetRecord): Sheet => ({
  bidId,
  marks: marks as unknown as Mark[],
  passFail: passFail as unknown as PassMark[],
});

const plain = (value: object): Json => JSON.parse(JSON.stringify(value).normalize('NFC')) as Json;
export const marksJson = ({ marks }: Sheet): Json => plain(marks);
export const passFailJson = ({ passFail }: Sheet): Json => plain(passFail);

const refuse = (code: 'E_VALIDATION' | 'E_SCORE_RANGE', detail: string, id: string): never => {
  throw new DomainError(code, { detail, params: { criterionId: id } });
};

function checkUnique(ids: readonly string[]): void {
  if (new Set(ids).size !== ids.length) throw new DomainError('E_VALIDATION', { detail: 'an item is listed twice' });
}

/** An autosaved sheet may be unfinished, never wrong. @throws DomainError `E_SCORE_RANGE`, `E_VALIDATION`, `E_EVALUATION_VETO_GROUND` */
export function checkDraft({ marks, passFail }: Sheet, criteria: LotCriteria): void {
  checkUnique([...marks.map(({ criterionId }) => criterionId), ...passFail.map(({ itemId }) => itemId)]);
  for (const { criterionId, score } of marks) {
    const item = scoredItems(criteria).find(({ id }) => id === criterionId);
    if (item === undefined) refuse('E_VALIDATION', 'not a criterion of this tender', criterionId);
    else checkRange(item, score);
  }
  for (const { itemId, ground } of passFail) {
    if (!passFailItems(criteria).some(({ id }) => id === itemId))
      refuse('E_VALIDATION', 'not an item of this tender', itemId);
    if (ground !== undefined && !isGround(ground))
      throw new DomainError('E_EVALUATION_VETO_GROUND', { params: { criterionId: itemId } });
  }
}

function checkRange(item: ReturnType<typeof scoredItems>[number], score: string): void {
  try {
    parseScore(item, score);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new DomainError('E_SCORE_RANGE', { params: { criterionId: item.id }, cause });
  }
}

const isGround = (text: string): text is VetoGround => (vetoGrounds as readonly string[]).includes(text);

/** The clause comes from the notice, the ground and the evidence from the expert. */
function verdictOf({ itemId, pass, ground, opinion }: PassMark, criteria: LotCriteria): Verdict {
  if (pass) return { pass: true };
  const clause = passFailItems(criteria).find(({ id }) => id === itemId)?.clause ?? '';
  // An unknown or missing ground is refused by checkVoteSheet.
  return { pass: false, ground: (ground ?? '') as VetoGround, clause, evidence: opinion ?? '' };
}

export const voteSheetOf = (sheet: Sheet, seat: number, criteria: LotCriteria): VoteSheet => ({
  bidId: sheet.bidId,
  expertId: memberIdOf(seat),
  verdicts: Object.fromEntries(sheet.passFail.map((mark) => [mark.itemId, verdictOf(mark, criteria)])),
});
export const scoreSheetOf = (sheet: Sheet, seat: number): ScoreSheet => ({
  bidId: sheet.bidId,
  expertId: memberIdOf(seat),
  scores: Object.fromEntries(sheet.marks.map(({ criterionId, score }) => [criterionId, score])),
});

function checkComplete(
  sheet: Sheet | undefined,
  { seat, criteria, bidId }: { seat: number; criteria: LotCriteria; bidId: string },
): Sheet {
  if (sheet === undefined) throw new DomainError('E_SHEET_INCOMPLETE', { params: { bidId } });
  try {
    checkVoteSheet(voteSheetOf(sheet, seat, criteria), criteria);
    checkScoreSheet(scoreSheetOf(sheet, seat), criteria);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new DomainError('E_SHEET_INCOMPLETE', { params: { bidId, ...cause.params }, cause });
  }
  return sheet;
}

/**
 * What an expert signs at the submission, purpose `qej-scores/1`: all own sheets in order of bid id.
 * @throws DomainError `E_SHEET_INCOMPLETE`, params name bid and criterion
 */
export function submissionBytes(
  record: TenderRecord,
  { seat, bidIds, sheets }: { seat: number; bidIds: readonly string[]; sheets: readonly Sheet[] },
): Uint8Array<ArrayBuffer> {
  const criteria = criteriaOf(record);
  const complete = bidIds.toSorted().map((bidId) =>
    checkComplete(
      sheets.find((sheet) => sheet.bidId === bidId),
      { seat, criteria, bidId },
    ),
  );
  const written = complete.map((sheet) => ({
    bidId: sheet.bidId,
    marks: marksJson(sheet),
    passFail: passFailJson(sheet),
  }));
  return canonicalBytes({ v: 1, tenderId: record.id, noticeHash: record.noticeHash ?? '', seat, sheets: written });
}
