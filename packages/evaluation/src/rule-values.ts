import { refuse } from './rule-reader.ts';
import {
  absolute,
  add,
  compare,
  divide,
  HUNDRED,
  integer,
  isZero,
  larger,
  multiply,
  negate,
  ONE,
  rational,
  smaller,
  subtract,
  sum,
} from './rational.ts';
import type { Rational } from './rational.ts';
import type { CallOperator, FoldName } from './rule-syntax.ts';

/** A value while a rule runs. */
export type Value = Rational | boolean | readonly Rational[] | string;

const MAX_BITS = 1 << 18;

/** Refuses numbers that only a rule made to exhaust the machine can reach. */
export function guard(value: Rational, path: string): Rational {
  const { numerator, denominator } = absolute(value);
  if (BigInt.asUintN(MAX_BITS, numerator) !== numerator || BigInt.asUintN(MAX_BITS, denominator) !== denominator) {
    refuse('E_RULE_SIZE', path, 'the number grows too large');
  }
  return value;
}

export const asNumber = (value: Value): Rational => {
  if (typeof value === 'object' && 'numerator' in value) return value;
  throw new TypeError('the checker let a non-number through');
};

export const asFlag = (value: Value): boolean => {
  if (typeof value === 'boolean') return value;
  throw new TypeError('the checker let a non-flag through');
};

function quotient(a: Rational, b: Rational, path: string): Rational {
  return isZero(b) ? refuse('E_RULE_DIVISION', path, 'division by zero') : divide(a, b);
}

function power(base: Rational, exponent: Rational): Rational {
  return rational(base.numerator ** exponent.numerator, base.denominator ** exponent.numerator);
}

type Operands = readonly Rational[];
const first = (operands: Operands): Rational => operands[0] ?? ONE;
const second = (operands: Operands): Rational => operands[1] ?? ONE;
const third = (operands: Operands): Rational => operands[2] ?? ONE;
const compared = (operands: Operands): number => compare(first(operands), second(operands));

/** What each operator on numbers does. `and`, `or` and `not` are evaluated lazily by the interpreter. */
export const OPERATIONS: Record<
  Exclude<CallOperator, 'and' | 'or' | 'not'>,
  (operands: Operands, path: string) => Rational | boolean
> = {
  add: (operands) => operands.reduce(add),
  subtract: (operands) => subtract(first(operands), second(operands)),
  multiply: (operands, path) => operands.reduce((product, factor) => guard(multiply(product, factor), path)),
  divide: (operands, path) => quotient(first(operands), second(operands), path),
  negate: (operands) => negate(first(operands)),
  absolute: (operands) => absolute(first(operands)),
  minimum: (operands) => operands.reduce(smaller),
  maximum: (operands) => operands.reduce(larger),
  clamp: (operands) => smaller(larger(first(operands), second(operands)), third(operands)),
  power: (operands) => power(first(operands), second(operands)),
  percent: (operands, path) => multiply(quotient(first(operands), second(operands), path), HUNDRED),
  perPercent: (operands) => multiply(first(operands), second(operands)),
  less: (operands) => compared(operands) < 0,
  atMost: (operands) => compared(operands) <= 0,
  more: (operands) => compared(operands) > 0,
  atLeast: (operands) => compared(operands) >= 0,
  equal: (operands) => compared(operands) === 0,
};

const mean = (values: Operands): Rational => divide(sum(values), integer(values.length));

function median(sorted: Operands): Rational {
  const middle = sorted.length >> 1;
  const [low = ONE, high = ONE] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : mean([low, high]);
}

/** On ascending, non-empty values. `position` is checked by the caller. */
export const FOLDS: Record<
  Exclude<FoldName, 'count' | 'all' | 'any'>,
  (sorted: Operands, position: number) => Rational
> = {
  sum,
  mean,
  median,
  min: first,
  max: (sorted) => sorted.at(-1) ?? ONE,
  smallest: (sorted, position) => sorted[position - 1] ?? ONE,
  largest: (sorted, position) => sorted[sorted.length - position] ?? ONE,
};
