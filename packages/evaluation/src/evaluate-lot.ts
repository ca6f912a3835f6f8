import { DomainError } from '@qej/kernel';
import { aggregate } from './aggregation.ts';
import type { CriterionMarks, TechnicalScore } from './aggregation.ts';
import { checkRuleFits, passFailItems, scoredItems } from './criteria.ts';
import type { LotCriteria } from './criteria.ts';
import { abnormalScores, lowPrices, objectiveDivergences } from './flags.ts';
import type { AbnormalReason, Flag } from './flags.ts';
import { rank } from './ranking.ts';
import type { Ranked } from './ranking.ts';
import { add, formatExact, formatFraction, formatRounded, isDecimal, parseDecimal } from './rational.ts';
import type { Rational } from './rational.ts';
import type { ScoringRule } from './rule-syntax.ts';
import { checkScoreSheet, checkVoteSheet, indexSheets, marksOf, verdictsOf, vetoGrounds } from './score-sheet.ts';
import type { ScoreSheet, VetoGround, VoteSheet } from './score-sheet.ts';
import { runScoringRule } from './scoring-run.ts';
import type { InputValue, ScoredBid, TraceStep } from './scoring-run.ts';

/** A bid as the opening record has it. The price is a decimal string. */
export interface EvaluatedBid {
  readonly id: string;
  readonly price: string;
  /** What the scoring rule asks beyond `price` and `technical`. */
  readonly inputs?: Readonly<Record<string, InputValue>>;
}

export interface LotInputs {
  readonly criteria: LotCriteria;
  readonly rule: ScoringRule;
  /** Values of the rule's parameters: `ceiling`, a drawn coefficient, … */
  readonly parameters: Readonly<Record<string, string>>;
  /** Ids of the members who sit; conclusions of replaced ones are left out before (L-10). */
  readonly experts: readonly string[];
  readonly bids: readonly EvaluatedBid[];
  readonly votes: readonly VoteSheet[];
  readonly sheets: readonly ScoreSheet[];
  readonly reasons: readonly AbnormalReason[];
  /** 32 bytes of purpose `tie`. */
  readonly tieSeed?: Uint8Array;
}

/** A pass/fail item on which more than half of the members rejected the bid. */
export interface Veto {
  readonly criterionId: string;
  readonly votes: number;
  readonly of: number;
  /** Most voted first. */
  readonly grounds: readonly VetoGround[];
}

/** Scores are decimal strings; a member is absent where the bid did not get so far. */
export interface BidEvaluation {
  readonly bidId: string;
  readonly price: string;
  /** Neither rejected by vote nor stopped by a gate of the rule. */
  readonly passed: boolean;
  readonly vetoes: readonly Veto[];
  /** Gate of the scoring rule, e.g. `underCeiling`. */
  readonly stoppedAt?: string;
  readonly perCriterion: readonly {
    readonly criterionId: string;
    readonly marks: readonly { expertId: string; score: string }[];
    readonly score: string;
  }[];
  readonly technical?: string;
  readonly priceScore?: string;
  readonly total?: string;
  readonly rank?: number;
  readonly separatedBy?: Ranked['separatedBy'];
  readonly steps: readonly TraceStep[];
}

export interface Candidate {
  readonly bidId: string;
  readonly rank: number;
  readonly total: string;
  readonly price: string;
}

export interface LotEvaluation {
  /** In order of bid id. */
  readonly perBid: readonly BidEvaluation[];
  /** What the rule derived for the lot as a whole. */
  readonly set: readonly TraceStep[];
  readonly ranking: readonly Ranked[];
  readonly candidates: readonly Candidate[];
  readonly flags: readonly Flag[];
  /** No flag is open: the report may be made. */
  readonly isSettled: boolean;
}

/** A bid on its way through the evaluation. */
interface Working {
  readonly bid: EvaluatedBid;
  readonly price: Rational;
  readonly vetoes: readonly Veto[];
  readonly given: readonly CriterionMarks[];
  readonly technical?: TechnicalScore;
}

const sortedIds = (ids: readonly string[]): string[] => {
  if (new Set(ids).size !== ids.length)
    throw new DomainError('E_EVALUATION_DUPLICATE', { detail: 'an id is given twice' });
  return ids.toSorted();
};

function countGrounds(found: readonly VetoGround[]): VetoGround[] {
  const count = (ground: VetoGround) => found.filter((one) => one === ground).length;
  return vetoGrounds.filter((ground) => count(ground) > 0).toSorted((a, b) => count(b) - count(a));
}

/** Rejection needs more than half of the members on one item. */
function vetoesOf(
  bidId: string,
  criteria: LotCriteria,
  { index, experts }: { index: ReadonlyMap<string, VoteSheet>; experts: readonly string[] },
): Veto[] {
  return passFailItems(criteria).flatMap(({ id }): Veto[] => {
    const verdicts = verdictsOf(index, bidId, { experts, criterionId: id }).map(({ verdict }) => verdict);
    const against = verdicts.flatMap((verdict) => (verdict.pass ? [] : [verdict.ground]));
    if (2 * against.length <= experts.length) return [];
    return [{ criterionId: id, votes: against.length, of: experts.length, grounds: countGrounds(against) }];
  });
}

function readPrice({ id, price }: EvaluatedBid): Rational {
  const value = isDecimal(price) ? parseDecimal(price) : undefined;
  if (value === undefined || value.numerator <= 0n)
    throw new DomainError('E_DECIMAL', { detail: 'a price is a decimal above zero', params: { bidId: id } });
  return value;
}

function reviewBids(inputs: LotInputs, experts: readonly string[]): Working[] {
  const { criteria, bids } = inputs;
  const bidIds = sortedIds(bids.map(({ id }) => id));
  const votes = indexSheets(inputs.votes, { bidIds, experts });
  const sheets = indexSheets(inputs.sheets, { bidIds, experts });
  for (const sheet of votes.values()) checkVoteSheet(sheet, criteria);
  for (const sheet of sheets.values()) checkScoreSheet(sheet, criteria);
  return bids
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((bid): Working => {
      const head = { bid, price: readPrice(bid), vetoes: vetoesOf(bid.id, criteria, { index: votes, experts }) };
      if (head.vetoes.length > 0) return { ...head, given: [] };
      const given = scoredItems(criteria).map((criterion) => ({
        criterion,
        marks: marksOf(sheets, bid.id, { experts, criterion }),
      }));
      return { ...head, given, technical: aggregate(given, criteria) };
    });
}

/** Runs the price rule over the bids that were not rejected; the others never touch the benchmark. */
function scorePrices(working: readonly Working[], { rule, parameters }: LotInputs) {
  const asksTechnical = rule.inputs.some(({ name }) => name === 'technical');
  const bids = working.flatMap(({ bid, technical }) => {
    if (technical === undefined) return [];
    const own = { ...bid.inputs, price: bid.price };
    const inputs = asksTechnical ? { ...own, technical: technical.steps.at(-1)?.value ?? '0' } : own;
    return [{ id: bid.id, inputs }];
  });
  return runScoringRule(rule, { bids, parameters });
}

interface Scored extends Working {
  readonly technical: TechnicalScore;
  readonly result: Rational;
  readonly total: Rational;
}

function withTotals(
  working: readonly Working[],
  scored: ReadonlyMap<string, ScoredBid>,
  criteria: LotCriteria,
): Scored[] {
  return working.flatMap((one): Scored[] => {
    const result = scored.get(one.bid.id)?.result;
    if (result === undefined || one.technical === undefined) return [];
    const total = criteria.total === 'rule' ? result : add(one.technical.technical, result);
    return [{ ...one, technical: one.technical, result, total }];
  });
}

const decimalsOf = (text: string): number =>
  text.includes('…') || !text.includes('.') ? 0 : text.length - text.indexOf('.') - 1;

/** A sum is printed with the decimals of its parts. */
function shownTotal(total: Rational, parts: readonly string[]): string {
  const decimals = Math.max(...parts.map(decimalsOf));
  return parts.some((part) => part.endsWith('…'))
    ? formatExact(total)
    : formatRounded(total, { decimals, mode: 'half-up' });
}

function describe(
  one: Working,
  { scored, total, ranked, criteria }: { scored?: ScoredBid; total?: Rational; ranked?: Ranked; criteria: LotCriteria },
): BidEvaluation {
  const perCriterion = one.given.map(({ criterion, marks }) => ({
    criterionId: criterion.id,
    marks: marks.map(({ expertId, score }) => ({ expertId, score: formatExact(score) })),
    score: one.technical?.steps.find(({ name }) => name === `criterion:${criterion.id}`)?.value ?? '',
  }));
  const head = { bidId: one.bid.id, price: one.bid.price, vetoes: one.vetoes, perCriterion };
  const technicalSteps = one.technical?.steps ?? [];
  const technical = technicalSteps.at(-1)?.value;
  const reached = technical === undefined ? head : { ...head, technical };
  const steps = [...technicalSteps, ...(scored?.steps ?? [])];
  const stopped = scored?.leftAt === undefined ? reached : { ...reached, stoppedAt: scored.leftAt };
  if (scored?.result === undefined || total === undefined || ranked === undefined)
    return { ...stopped, passed: false, steps };
  const priceScore = scored.shownResult ?? '';
  const shown = shownTotal(total, criteria.total === 'rule' ? [priceScore] : [technical ?? '', priceScore]);
  const words =
    criteria.total === 'rule'
      ? { zh: '按评审规则', en: 'result of the rule' }
      : { zh: '技术分 + 价格分', en: 'technical score + price score' };
  const last: TraceStep = {
    name: 'total',
    title: { zh: '总分', en: 'total' },
    scope: 'bid',
    formula: words,
    value: shown,
    exact: formatFraction(total),
  };
  const place =
    ranked.separatedBy === undefined ? { rank: ranked.rank } : { rank: ranked.rank, separatedBy: ranked.separatedBy };
  return { ...stopped, passed: true, priceScore, total: last.value, ...place, steps: [...steps, last] };
}

function collectFlags(scored: readonly Scored[], working: readonly Working[], inputs: LotInputs): Flag[] {
  const { criteria, reasons, parameters } = inputs;
  const reviewed = working.filter(({ vetoes }) => vetoes.length === 0);
  const ceiling = parameters['ceiling'];
  const against = { policy: criteria.lowPrice, ...(ceiling === undefined ? {} : { ceiling: parseDecimal(ceiling) }) };
  return [
    ...reviewed.flatMap(({ bid, given }) => objectiveDivergences(bid.id, given)),
    ...reviewed.flatMap(({ bid, given }) => abnormalScores(bid.id, given, { policy: criteria.abnormal, reasons })),
    ...lowPrices(
      scored.map(({ bid, price }) => ({ id: bid.id, price })),
      against,
    ),
    ...(scored.length < 3 ? [{ kind: 'few-valid-bids', count: scored.length, isOpen: false } as const] : []),
  ];
}

/**
 * The whole evaluation of a lot from complete sheets: vetoes by majority, technical scores, price scores, totals,
 * ranking and at most three candidates. Pure, exact, and the same for any order in which anything arrives.
 * @throws DomainError `E_EVALUATION_…` for unknown, doubled, missing or impossible sheets, `E_RULE_…` from the scoring rule.
 */
export function evaluateLot(inputs: LotInputs): LotEvaluation {
  const { criteria, rule } = inputs;
  checkRuleFits(criteria, rule);
  const experts = sortedIds(inputs.experts);
  if (experts.length === 0) throw new DomainError('E_EVALUATION_INCOMPLETE', { detail: 'nobody sits' });
  const working = reviewBids(inputs, experts);
  const run = scorePrices(working, inputs);
  const scoredById = new Map(run.bids.map((bid) => [bid.id, bid]));
  const scored = withTotals(working, scoredById, criteria);
  const contenders = scored.map(({ bid, total, price, technical }) => ({
    id: bid.id,
    total,
    price,
    technical: technical.technical,
  }));
  const better = criteria.total === 'rule' ? rule.result.better : 'higher';
  const seed = inputs.tieSeed === undefined ? {} : { tieSeed: inputs.tieSeed };
  const ranking = rank(contenders, { better, tieBreak: criteria.tieBreak, ...seed });
  const perBid = working.map((one) => {
    const [own, ranked] = [scoredById.get(one.bid.id), ranking.find(({ id }) => id === one.bid.id)];
    const total = scored.find(({ bid }) => bid.id === one.bid.id)?.total;
    return describe(one, { criteria, ...(own && { scored: own }), ...(total && { total }), ...(ranked && { ranked }) });
  });
  const flags = collectFlags(scored, working, inputs);
  const candidates = ranking.slice(0, criteria.maxCandidates).map(({ id, rank: place }): Candidate => {
    const own = perBid.find(({ bidId }) => bidId === id);
    return { bidId: id, rank: place, total: own?.total ?? '', price: own?.price ?? '' };
  });
  return { perBid, set: run.set, ranking, candidates, flags, isSettled: flags.every(({ isOpen }) => !isOpen) };
}
