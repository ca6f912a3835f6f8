import {
  add,
  evaluateLot,
  formatExact,
  parseDecimal,
  parseLotCriteria,
  parseScoringRule,
  passFailItems,
  runScoringRule,
} from '@qej/evaluation';
import type { LotCriteria, TraceStep } from '@qej/evaluation';
import * as z from 'zod';

/** Members of `getMyResult` that other packages own. */
const zMarks = z.array(
  z.object({
    criterionId: z.string(),
    marks: z.array(z.object({ expertId: z.string(), score: z.string() })),
    score: z.string(),
  }),
);
const zInput = z.union([z.string(), z.boolean(), z.array(z.string())]);
const zRuleInputs = z.object({
  parameters: z.record(z.string(), z.string()),
  bids: z.array(z.object({ id: z.string(), inputs: z.record(z.string(), zInput) })),
});
export type OwnMarks = z.output<typeof zMarks>;
export const readMarks = (value: unknown): OwnMarks => zMarks.parse(value);
export const readCriteria = (value: unknown): LotCriteria => parseLotCriteria(value);

export interface ComputedResult {
  readonly bidId: string;
  readonly technical?: string | undefined;
  readonly priceScore?: string | undefined;
  readonly total?: string | undefined;
  readonly perCriterion: unknown;
  readonly criteria: unknown;
  readonly rule: unknown;
  readonly ruleInputs: unknown;
}

export interface Recomputed {
  readonly technical: string | undefined;
  readonly priceScore: string | undefined;
  readonly total: string | undefined;
  /** Of the lot as a whole, then of the own bid. */
  readonly steps: readonly TraceStep[];
  readonly agrees: boolean;
}

/** The own bid alone gives its technical score: it depends on no other bid. */
function technicalOf(result: ComputedResult, rule: ReturnType<typeof parseScoringRule>) {
  const criteria = readCriteria(result.criteria);
  const marks = readMarks(result.perCriterion);
  const { parameters, bids } = zRuleInputs.parse(result.ruleInputs);
  const price = bids.find(({ id }) => id === result.bidId)?.inputs['price'];
  const experts = [...new Set(marks.flatMap((one) => one.marks.map(({ expertId }) => expertId)))];
  if (experts.length === 0 || typeof price !== 'string') return undefined;
  const { bidId } = result;
  const pass = Object.fromEntries(passFailItems(criteria).map(({ id }) => [id, { pass: true as const }]));
  const scoresOf = (expertId: string) =>
    Object.fromEntries(
      marks.flatMap(({ criterionId, marks: given }) =>
        given.filter((mark) => mark.expertId === expertId).map(({ score }) => [criterionId, score]),
      ),
    );
  return evaluateLot({
    criteria,
    rule,
    parameters,
    experts,
    bids: [{ id: bidId, price }],
    votes: experts.map((expertId) => ({ bidId, expertId, verdicts: pass })),
    sheets: experts.map((expertId) => ({ bidId, expertId, scores: scoresOf(expertId) })),
    reasons: [],
  }).perBid[0];
}

const isTechnical = ({ name }: TraceStep): boolean => name.startsWith('criterion:') || name === 'technical';
const equal = (one: string | undefined, other: string | undefined): boolean =>
  one === other ||
  (one !== undefined && other !== undefined && formatExact(parseDecimal(one)) === formatExact(parseDecimal(other)));

/**
 * Computes the own result again in this browser, from the marks and the opened prices, with the rule of the tender document.
 * @throws DomainError of @qej/evaluation when rule or inputs do not fit; ZodError for another shape
 */
export function recompute(result: ComputedResult): Recomputed {
  const rule = parseScoringRule(result.rule);
  const own = technicalOf(result, rule);
  const run = runScoringRule(rule, zRuleInputs.parse(result.ruleInputs));
  const bid = run.bids.find(({ id }) => id === result.bidId);
  const technical = own?.technical;
  const priceScore = bid?.shownResult;
  const total =
    technical === undefined || priceScore === undefined
      ? undefined
      : formatExact(add(parseDecimal(technical), parseDecimal(priceScore)));
  return {
    technical,
    priceScore,
    total,
    steps: [...run.set, ...(own?.steps.filter(isTechnical) ?? []), ...(bid?.steps ?? [])],
    agrees: equal(technical, result.technical) && equal(priceScore, result.priceScore) && equal(total, result.total),
  };
}
