import { refuse } from './rule-reader.ts';
import { asFlag, asNumber, FOLDS, guard, OPERATIONS } from './rule-values.ts';
import type { Value } from './rule-values.ts';
import { add, compare, divide, integer, multiply, round, subtract, ZERO } from './rational.ts';
import type { Rational } from './rational.ts';
import type { Expression, Fold, Kept, Rank } from './rule-syntax.ts';

/** One bid while a rule runs: its inputs and the steps so far. */
export interface RunningBid {
  readonly id: string;
  readonly values: Map<string, Value>;
}

export interface RunContext {
  readonly set: ReadonlyMap<string, Value>;
  /** Those still in the set, in order of id. */
  readonly bids: readonly RunningBid[];
  readonly bid?: RunningBid;
  readonly item?: Rational;
  /** Name of the step, for refusals. */
  readonly path: string;
}

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

function lookUp(name: string, { bid, set }: RunContext): Value {
  const value = bid?.values.get(name) ?? set.get(name);
  if (value === undefined) throw new TypeError(`the checker let $${name} through`);
  return value;
}

const numberOf = (expression: Expression, context: RunContext): Rational => asNumber(evaluate(expression, context));
const flagOf = (expression: Expression, context: RunContext): boolean => asFlag(evaluate(expression, context));

function wholeOf(expression: Expression, context: RunContext): number {
  const { numerator, denominator } = numberOf(expression, context);
  const isCount = denominator === 1n && numerator >= 0n && numerator <= 1_000_000n;
  return isCount ? Number(numerator) : refuse('E_RULE_EMPTY', context.path, 'a count is a whole number from 0');
}

function evaluateCall({ operator, operands }: Of<'call'>, context: RunContext): Value {
  if (operator === 'and') return operands.every((operand) => flagOf(operand, context));
  if (operator === 'or') return operands.some((operand) => flagOf(operand, context));
  if (operator === 'not') return operands.every((operand) => !flagOf(operand, context));
  const result = OPERATIONS[operator](
    operands.map((operand) => numberOf(operand, context)),
    context.path,
  );
  return typeof result === 'boolean' ? result : guard(result, context.path);
}

function evaluateCase({ branches, otherwise }: Of<'case'>, context: RunContext): Value {
  const found = branches.find(([condition]) => flagOf(condition, context));
  return evaluate(found === undefined ? otherwise : found[1], context);
}

function evaluateBand({ of, rows, otherwise }: Of<'band'>, context: RunContext): Value {
  const value = numberOf(of, context);
  const row = rows.find(({ bound, edge }) => compare(value, edge) < (bound === 'below' ? 0 : 1));
  return evaluate(row === undefined ? otherwise : row.value, context);
}

/** Straight lines between the points, level outside them. */
function evaluateInterpolate({ of, points }: Of<'interpolate'>, context: RunContext): Rational {
  const x = numberOf(of, context);
  const after = points.findIndex(([edge]) => compare(x, edge) <= 0);
  const [right, left] = [points[after], points[after - 1]];
  if (right === undefined) return points.at(-1)?.[1] ?? ZERO;
  if (left === undefined) return right[1];
  const share = divide(subtract(x, left[0]), subtract(right[0], left[0]));
  return add(left[1], multiply(share, subtract(right[1], left[1])));
}

/** The contexts over which a fold runs: one a bid, or one an item of the list. */
function members({ over, where }: { over?: string; where?: Expression }, context: RunContext): RunContext[] {
  const all = over === undefined ? context.bids.map((bid) => ({ ...context, bid })) : listMembers(over, context);
  return where === undefined ? all : all.filter((member) => flagOf(where, member));
}

function listMembers(name: string, context: RunContext): RunContext[] {
  const list = lookUp(name, context);
  if (!Array.isArray(list)) throw new TypeError('the checker let a non-list through');
  return list.map((item: Rational) => ({ ...context, item }));
}

/** Ascending, with the declared number taken off each end. */
function trimmed(values: readonly Rational[], fold: Fold, context: RunContext): readonly Rational[] {
  const low = fold.dropLow === undefined ? 0 : wholeOf(fold.dropLow, context);
  const high = fold.dropHigh === undefined ? 0 : wholeOf(fold.dropHigh, context);
  return values.toSorted(compare).slice(low, Math.max(low, values.length - high));
}

function evaluateFold(fold: Fold, context: RunContext): Value {
  const found = members(fold, context);
  if (fold.fold === 'count') return integer(found.length);
  const of = fold.of ?? { kind: 'item' };
  if (fold.fold === 'all') return found.every((member) => flagOf(of, member));
  if (fold.fold === 'any') return found.some((member) => flagOf(of, member));
  const values = trimmed(
    found.map((member) => numberOf(of, member)),
    fold,
    context,
  );
  const position = fold.position === undefined ? 1 : wholeOf(fold.position, context);
  const isThere = position >= 1 && position <= values.length;
  if (isThere || fold.fold === 'sum') return guard(FOLDS[fold.fold](values, position), context.path);
  return fold.ifNone === undefined
    ? refuse('E_RULE_EMPTY', context.path, `${fold.fold} of nothing`)
    : evaluate(fold.ifNone, context);
}

function evaluateKept({ of, where, dropLow, dropHigh }: Kept, context: RunContext): boolean {
  const found = members(where === undefined ? {} : { where }, context);
  const order = found
    .map((member) => ({ bid: member.bid, value: numberOf(of, member) }))
    .toSorted((a, b) => compare(a.value, b.value));
  const low = wholeOf(dropLow, context);
  const kept = order.slice(low, Math.max(low, order.length - wholeOf(dropHigh, context)));
  return kept.some(({ bid }) => bid === context.bid);
}

function evaluateRank({ of, where, first }: Rank, context: RunContext): Rational {
  const own = numberOf(of, context);
  const wanted = first === 'lowest' ? -1 : 1;
  const better = members(where === undefined ? {} : { where }, context).filter(
    (member) => compare(numberOf(of, member), own) === wanted,
  );
  return integer(better.length + 1);
}

/** The value of a checked expression. Always ends: folds are the only repetition and they are never nested over bids. */
export function evaluate(expression: Expression, context: RunContext): Value {
  switch (expression.kind) {
    case 'number':
      return expression.value;
    case 'item':
      return context.item ?? ZERO;
    case 'reference':
      return lookUp(expression.name, context);
    case 'call':
      return evaluateCall(expression, context);
    case 'round':
      return round(numberOf(expression.value, context), expression.rounding);
    case 'case':
      return evaluateCase(expression, context);
    case 'band':
      return evaluateBand(expression, context);
    case 'interpolate':
      return guard(evaluateInterpolate(expression, context), context.path);
    case 'is':
      return lookUp(expression.name, context) === expression.choice;
    case 'fold':
      return evaluateFold(expression, context);
    case 'kept':
      return evaluateKept(expression, context);
    case 'rank':
      return evaluateRank(expression, context);
  }
}
