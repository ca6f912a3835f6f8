import { DomainError } from '@qej/kernel';
import { parseScore, passFailItems, scoredItems } from './criteria.ts';
import type { LotCriteria } from './criteria.ts';
import type { Rational } from './rational.ts';

/** The seven grounds of [L2] art. 51 for rejecting a bid (否决投标). There are no others. */
export const vetoGrounds = [
  'unsigned-or-unsealed',
  'no-consortium-agreement',
  'unqualified-bidder',
  'several-bids-or-prices',
  'below-cost-or-above-ceiling',
  'not-substantively-responsive',
  'collusion-fraud-or-bribery',
] as const;
export type VetoGround = (typeof vetoGrounds)[number];

/** A rejection names ground, clause of the tender document and the page of the bid that shows it. */
export type Verdict =
  | { readonly pass: true }
  | { readonly pass: false; readonly ground: VetoGround; readonly clause: string; readonly evidence: string };

/** One expert's verdicts on the pass/fail items of one bid, by criterion id. */
export interface VoteSheet {
  readonly bidId: string;
  readonly expertId: string;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

/** One expert's marks for one bid: decimal strings by criterion id. */
export interface ScoreSheet {
  readonly bidId: string;
  readonly expertId: string;
  readonly scores: Readonly<Record<string, string>>;
}

interface Sheet {
  readonly bidId: string;
  readonly expertId: string;
}

const sheetKey = ({ bidId, expertId }: Sheet): string => JSON.stringify([bidId, expertId]);

/** Sheets by bid and expert, each of a known bid and a sitting expert, none twice. */
export function indexSheets<Kind extends Sheet>(
  sheets: readonly Kind[],
  { bidIds, experts }: { bidIds: readonly string[]; experts: readonly string[] },
): ReadonlyMap<string, Kind> {
  const index = new Map<string, Kind>();
  for (const sheet of sheets) {
    if (!bidIds.includes(sheet.bidId) || !experts.includes(sheet.expertId)) {
      throw new DomainError('E_EVALUATION_UNKNOWN', {
        detail: 'a sheet of an unknown bid or expert',
        params: { bidId: sheet.bidId },
      });
    }
    if (index.has(sheetKey(sheet))) throw new DomainError('E_EVALUATION_DUPLICATE', { params: { bidId: sheet.bidId } });
    index.set(sheetKey(sheet), sheet);
  }
  return index;
}

function sheetOf<Kind extends Sheet>(index: ReadonlyMap<string, Kind>, key: Sheet): Kind {
  const sheet = index.get(sheetKey(key));
  if (sheet === undefined) throw new DomainError('E_EVALUATION_INCOMPLETE', { params: { ...key } });
  return sheet;
}

function checkKeys(given: object, ids: readonly string[]): void {
  const extra = Object.keys(given).find((id) => !ids.includes(id));
  if (extra !== undefined)
    throw new DomainError('E_EVALUATION_UNKNOWN', { detail: 'not a criterion here', params: { criterionId: extra } });
}

/** @throws DomainError `E_EVALUATION_VETO_GROUND` unless a rejection names a statutory ground, clause and evidence. */
export function checkVerdict(verdict: Verdict): Verdict {
  if (verdict.pass) return verdict;
  const isReasoned =
    vetoGrounds.includes(verdict.ground) && verdict.clause.trim() !== '' && verdict.evidence.trim() !== '';
  if (!isReasoned) throw new DomainError('E_EVALUATION_VETO_GROUND');
  return verdict;
}

/** A vote sheet that may be stored: known criteria, reasoned rejections, complete. */
export function checkVoteSheet(sheet: VoteSheet, criteria: LotCriteria): VoteSheet {
  const items = passFailItems(criteria);
  checkKeys(
    sheet.verdicts,
    items.map(({ id }) => id),
  );
  for (const { id } of items) verdictOf(sheet, id);
  return sheet;
}

/** A score sheet that may be stored: known criteria, marks in range and step, complete. */
export function checkScoreSheet(sheet: ScoreSheet, criteria: LotCriteria): ScoreSheet {
  const items = scoredItems(criteria);
  checkKeys(
    sheet.scores,
    items.map(({ id }) => id),
  );
  for (const item of items) parseScore(item, scoreTextOf(sheet, item.id));
  return sheet;
}

function verdictOf({ verdicts, bidId, expertId }: VoteSheet, criterionId: string): Verdict {
  const verdict = Object.hasOwn(verdicts, criterionId) ? verdicts[criterionId] : undefined;
  if (verdict === undefined)
    throw new DomainError('E_EVALUATION_INCOMPLETE', { params: { bidId, expertId, criterionId } });
  return checkVerdict(verdict);
}

function scoreTextOf({ scores, bidId, expertId }: ScoreSheet, criterionId: string): string {
  const text = Object.hasOwn(scores, criterionId) ? scores[criterionId] : undefined;
  if (text === undefined)
    throw new DomainError('E_EVALUATION_INCOMPLETE', { params: { bidId, expertId, criterionId } });
  return text;
}

export interface Mark {
  readonly expertId: string;
  readonly score: Rational;
}

/** All experts' verdicts on one item of one bid, in order of expert id. */
export const verdictsOf = (
  index: ReadonlyMap<string, VoteSheet>,
  bidId: string,
  of: { experts: readonly string[]; criterionId: string },
) =>
  of.experts.map((expertId) => ({ expertId, verdict: verdictOf(sheetOf(index, { bidId, expertId }), of.criterionId) }));

/** All experts' marks for one criterion of one bid, in order of expert id. */
export function marksOf(
  index: ReadonlyMap<string, ScoreSheet>,
  bidId: string,
  { experts, criterion }: { experts: readonly string[]; criterion: ReturnType<typeof scoredItems>[number] },
): Mark[] {
  return experts.map((expertId) => {
    const sheet = sheetOf(index, { bidId, expertId });
    return { expertId, score: parseScore(criterion, scoreTextOf(sheet, criterion.id)) };
  });
}
