import { DomainError } from '@qej/kernel';
import { compare, isDecimal, isZero, parseDecimal, rational, roundingModes, subtract, sum } from './rational.ts';
import type { Rational, Rounding } from './rational.ts';
import { readArray, readBilingual, readDecimal, readObject, readOneOf, readText, refuse } from './rule-reader.ts';
import type { Path } from './rule-reader.ts';
import type { Bilingual, ScoringRule } from './rule-syntax.ts';

/** 初步评审 (each expert votes), 客观分 (everybody gives the same), 主观分 (each expert for himself). */
export const criterionKinds = ['pass-fail', 'objective', 'subjective'] as const;
export type CriterionKind = (typeof criterionKinds)[number];

interface CriterionHead {
  readonly id: string;
  readonly title: Bilingual;
  /** Clause of the tender document. */
  readonly clause: string;
}
export interface PassFailCriterion extends CriterionHead {
  readonly kind: 'pass-fail';
}
export interface ScoredCriterion extends CriterionHead {
  readonly kind: 'objective' | 'subjective';
  readonly max: Rational;
  /** Scores are multiples of it. */
  readonly step: Rational;
}
export type Criterion = PassFailCriterion | ScoredCriterion;

/** How the marks of the experts become one: `drop-extremes` leaves out one highest and one lowest. */
export interface Aggregation {
  readonly method: 'mean' | 'drop-extremes';
  /** What is averaged: the marks of each criterion, or each expert's total. */
  readonly over: 'criterion' | 'expert-total';
  /** Where it is rounded: each criterion, or only their sum. With `expert-total` only `technical`. */
  readonly roundAt: 'criterion' | 'technical';
  readonly rounding: Rounding;
}

export const tieBreakers = ['lower-price', 'higher-technical', 'draw'] as const;
export type TieBreaker = (typeof tieBreakers)[number];

/** Percentages of a mean or median beyond which a score needs a written reason. */
export interface AbnormalPolicy {
  readonly meanPercent: Rational;
  /** Beyond so many median absolute deviations … */
  readonly madFactor: Rational;
  /** … and at least so many percent of the median. */
  readonly madFloorPercent: Rational;
}

/** Shares below which a price is called low. A clue for the committee, never a rejection. */
export interface LowPricePolicy {
  readonly ofMean: Rational;
  readonly ofNextLowest: Rational;
  readonly ofCeiling: Rational;
}

export interface LotCriteria {
  readonly items: readonly Criterion[];
  readonly full: Rational;
  readonly priceMax: Rational;
  /** `rule`: the result of the scoring rule is the total. */
  readonly total: 'technical-plus-price' | 'rule';
  readonly aggregation: Aggregation;
  readonly tieBreak: readonly TieBreaker[];
  readonly maxCandidates: number;
  readonly abnormal: AbnormalPolicy;
  readonly lowPrice: LowPricePolicy;
}

export const lotCriteriaFormat = 'qej-lot-criteria';
export const lotCriteriaVersion = 1;
export const minimumForDropping = 5;
/** Not more than three ([L2] art. 53). */
const statutoryCandidates = 3;

function readCriterion(value: unknown, path: Path): Criterion {
  const isVote = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'pass-fail';
  const item = readObject(value, path, {
    required: ['id', 'title', 'clause', 'kind', ...(isVote ? [] : ['max', 'step'])],
  });
  const kind = readOneOf(item['kind'], `${path}/kind`, criterionKinds);
  const head = {
    id: readText(item['id'], `${path}/id`),
    title: readBilingual(item['title'], `${path}/title`),
    clause: readText(item['clause'], `${path}/clause`),
  };
  if (kind === 'pass-fail') return { ...head, kind };
  const [max, step] = [readDecimal(item['max'], `${path}/max`), readDecimal(item['step'], `${path}/step`)];
  if (max.numerator <= 0n || step.numerator <= 0n) refuse('E_RULE_FORMAT', path, 'max and step are above zero');
  if (!isMultiple(max, step)) refuse('E_RULE_FORMAT', `${path}/step`, 'max is not a multiple of step');
  return { ...head, kind, max, step };
}

const isMultiple = (value: Rational, step: Rational): boolean =>
  rational(value.numerator * step.denominator, value.denominator * step.numerator).denominator === 1n;

function readRounding(value: unknown, path: Path): Rounding {
  const item = readObject(value, path, { required: ['decimals', 'mode'] });
  const decimals = item['decimals'];
  if (typeof decimals !== 'number' || !Number.isInteger(decimals) || decimals < 0 || decimals > 6) {
    return refuse('E_RULE_FORMAT', `${path}/decimals`, 'expected 0 to 6 decimals');
  }
  return { decimals, mode: readOneOf(item['mode'], `${path}/mode`, roundingModes) };
}

function readAggregation(value: unknown, path: Path): Aggregation {
  const item = readObject(value, path, { required: ['method', 'over', 'roundAt', 'rounding'] });
  const aggregation = {
    method: readOneOf(item['method'], `${path}/method`, ['mean', 'drop-extremes'] as const),
    over: readOneOf(item['over'], `${path}/over`, ['criterion', 'expert-total'] as const),
    roundAt: readOneOf(item['roundAt'], `${path}/roundAt`, ['criterion', 'technical'] as const),
    rounding: readRounding(item['rounding'], `${path}/rounding`),
  };
  const isPossible = aggregation.over === 'criterion' || aggregation.roundAt === 'technical';
  return isPossible
    ? aggregation
    : refuse('E_RULE_FORMAT', `${path}/roundAt`, 'totals of experts are rounded as technical');
}

function readDecimals<Name extends string>(value: unknown, path: Path, names: readonly Name[]): Record<Name, Rational> {
  const item = readObject(value, path, { required: names });
  const entries = names.map((name): [Name, Rational] => [name, readDecimal(item[name], `${path}/${name}`)]);
  return Object.fromEntries(entries) as Record<Name, Rational>; // Object.fromEntries forgets the names
}

function readMaxCandidates(value: unknown): number {
  const isLegal = typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= statutoryCandidates;
  return isLegal ? value : refuse('E_RULE_FORMAT', '/maxCandidates', 'one to three candidates');
}

function readUnique<Item>(items: readonly Item[], key: (item: Item) => string, path: Path): readonly Item[] {
  return new Set(items.map(key)).size === items.length ? items : refuse('E_RULE_NAME', path, 'listed twice');
}

/** The draw comes last, so that the ranking is always complete and nothing after it is dead. */
function readTieBreak(value: readonly unknown[]): readonly TieBreaker[] {
  const order = value.map((one, index) => readOneOf(one, `/tieBreak/${index}`, tieBreakers));
  if (order.indexOf('draw') !== order.length - 1) refuse('E_RULE_FORMAT', '/tieBreak', 'the draw comes last');
  return readUnique(order, String, '/tieBreak');
}

function read(document: unknown): LotCriteria {
  const members = [
    'format',
    'v',
    'items',
    'full',
    'priceMax',
    'total',
    'aggregation',
    'tieBreak',
    'maxCandidates',
    'abnormal',
    'lowPrice',
  ];
  const top = readObject(document, '', { required: members });
  if (top['format'] !== lotCriteriaFormat || top['v'] !== lotCriteriaVersion)
    refuse('E_RULE_FORMAT', '/v', 'unknown format or version');
  const items = readArray(top['items'], '/items', { min: 1, max: 200 }).map((item, index) =>
    readCriterion(item, `/items/${index}`),
  );
  const breakers = readArray(top['tieBreak'], '/tieBreak', { min: 1, max: 3 });
  const criteria: LotCriteria = {
    items: readUnique(items, ({ id }) => id, '/items'),
    full: readDecimal(top['full'], '/full'),
    priceMax: readDecimal(top['priceMax'], '/priceMax'),
    total: readOneOf(top['total'], '/total', ['technical-plus-price', 'rule'] as const),
    aggregation: readAggregation(top['aggregation'], '/aggregation'),
    tieBreak: readTieBreak(breakers),
    maxCandidates: readMaxCandidates(top['maxCandidates']),
    abnormal: readDecimals(top['abnormal'], '/abnormal', ['meanPercent', 'madFactor', 'madFloorPercent']),
    lowPrice: readDecimals(top['lowPrice'], '/lowPrice', ['ofMean', 'ofNextLowest', 'ofCeiling']),
  };
  const given = sum([criteria.priceMax, ...scoredItems(criteria).map(({ max }) => max)]);
  const addsUp = criteria.total === 'rule' || isZero(subtract(given, criteria.full));
  return addsUp ? criteria : refuse('E_RULE_FORMAT', '/full', 'marks do not add up to the full mark');
}

/**
 * Reads what a tender document says about the evaluation of a lot, from parsed JSON. Strict, as {@link parseScoringRule}.
 * @throws DomainError `E_EVALUATION_CRITERIA`, `params.path` = JSON pointer.
 */
export function parseLotCriteria(document: unknown): LotCriteria {
  try {
    return read(document);
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new DomainError('E_EVALUATION_CRITERIA', { detail: cause.message, params: cause.params, cause });
  }
}

export const scoredItems = ({ items }: Pick<LotCriteria, 'items'>): ScoredCriterion[] =>
  items.filter((item) => item.kind !== 'pass-fail');
export const passFailItems = ({ items }: Pick<LotCriteria, 'items'>): PassFailCriterion[] =>
  items.filter((item) => item.kind === 'pass-fail');

/**
 * Criteria and rule belong together: the same full price mark, and a score that is better when higher.
 * @throws DomainError `E_EVALUATION_CRITERIA`
 */
export function checkRuleFits({ total, priceMax }: LotCriteria, { result }: ScoringRule): void {
  if (total === 'rule') return;
  const isScore = result.better === 'higher' && result.max !== undefined && isZero(subtract(result.max, priceMax));
  if (!isScore)
    throw new DomainError('E_EVALUATION_CRITERIA', { detail: 'the rule scores the price out of another mark' });
}

/**
 * @throws DomainError `E_EVALUATION_SCORE` unless the text is a decimal from 0 to the criterion's max in whole steps.
 */
export function parseScore({ id, max, step }: ScoredCriterion, text: string): Rational {
  const score = isDecimal(text) ? parseDecimal(text) : undefined;
  const isInside = score !== undefined && score.numerator >= 0n && compare(score, max) <= 0 && isMultiple(score, step);
  if (!isInside) throw new DomainError('E_EVALUATION_SCORE', { params: { criterionId: id } });
  return score;
}
