import { DomainError } from '@qej/kernel';

/** An exact fraction in lowest terms; the denominator is positive. Scores, prices and rates are never binary floats. */
export interface Rational {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

/** `half-up` and `up` go away from zero, `truncate` goes towards zero, `floor` and `ceiling` are signed. */
export const roundingModes = ['half-up', 'half-even', 'truncate', 'up', 'floor', 'ceiling'] as const;
export type RoundingMode = (typeof roundingModes)[number];

/** `decimals` may be negative: −3 rounds to whole thousands. */
export interface Rounding {
  readonly decimals: number;
  readonly mode: RoundingMode;
}

const DECIMAL = /^-?(?:0|[1-9]\d{0,29})(?:\.\d{1,30})?$/;
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  let [left, right] = [magnitude(a), magnitude(b)];
  while (right !== 0n) [left, right] = [right, left % right];
  return left;
}

/** `numerator / denominator` in lowest terms. A zero denominator is a programmer's mistake: callers check first. */
export function rational(numerator: bigint, denominator = 1n): Rational {
  if (denominator === 0n) throw new RangeError('zero denominator');
  if (denominator === 1n) return { numerator, denominator };
  const sign = denominator < 0n ? -1n : 1n;
  const divisor = greatestCommonDivisor(numerator, denominator) * sign;
  return { numerator: numerator / divisor, denominator: denominator / divisor };
}

export const ZERO: Rational = { numerator: 0n, denominator: 1n };
export const ONE: Rational = { numerator: 1n, denominator: 1n };
export const HUNDRED: Rational = { numerator: 100n, denominator: 1n };
export const integer = (value: number | bigint): Rational => ({ numerator: BigInt(value), denominator: 1n });

/** Whether the text is a plain decimal: no exponent, no plus, no leading zeros, at most 30 digits each side. */
export const isDecimal = (text: string): boolean => DECIMAL.test(text) && !/^-0(?:\.0+)?$/.test(text);

/** @throws DomainError `E_DECIMAL` unless {@link isDecimal}. */
export function parseDecimal(text: string): Rational {
  if (!isDecimal(text)) throw new DomainError('E_DECIMAL', { detail: 'expected a decimal number' });
  const point = text.indexOf('.');
  if (point < 0) return integer(BigInt(text));
  return rational(BigInt(text.replace('.', '')), 10n ** BigInt(text.length - point - 1));
}

export const add = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator);
export const negate = (a: Rational): Rational => ({ numerator: -a.numerator, denominator: a.denominator });
export const subtract = (a: Rational, b: Rational): Rational => add(a, negate(b));
export const multiply = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.numerator, a.denominator * b.denominator);
/** The caller has checked that `b` is not zero. */
export const divide = (a: Rational, b: Rational): Rational =>
  rational(a.numerator * b.denominator, a.denominator * b.numerator);
export const absolute = (a: Rational): Rational => (a.numerator < 0n ? negate(a) : a);
export const isZero = (a: Rational): boolean => a.numerator === 0n;

export function compare(a: Rational, b: Rational): -1 | 0 | 1 {
  const difference = a.numerator * b.denominator - b.numerator * a.denominator;
  if (difference === 0n) return 0;
  return difference < 0n ? -1 : 1;
}

export const smaller = (a: Rational, b: Rational): Rational => (compare(a, b) <= 0 ? a : b);
export const larger = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b);
export const sum = (values: readonly Rational[]): Rational => values.reduce(add, ZERO);

/** Whether the whole part goes one step away from zero, given what is left over. */
const STEPS_AWAY: Record<
  RoundingMode,
  (twice: bigint, divisor: bigint, whole: bigint, isNegative: boolean) => boolean
> = {
  'half-up': (twice, divisor) => twice >= divisor,
  'half-even': (twice, divisor, whole) => twice > divisor || (twice === divisor && whole % 2n === 1n),
  truncate: () => false,
  up: (twice) => twice > 0n,
  floor: (twice, _divisor, _whole, isNegative) => isNegative && twice > 0n,
  ceiling: (twice, _divisor, _whole, isNegative) => !isNegative && twice > 0n,
};

/** Units of 10^-decimals, as a signed whole number. */
function roundToUnits(value: Rational, { decimals, mode }: Rounding): bigint {
  const scale = 10n ** BigInt(Math.abs(decimals));
  const isNegative = value.numerator < 0n;
  const dividend = magnitude(value.numerator) * (decimals >= 0 ? scale : 1n);
  const divisor = value.denominator * (decimals >= 0 ? 1n : scale);
  const whole = dividend / divisor;
  const twice = 2n * (dividend % divisor);
  const rounded = STEPS_AWAY[mode](twice, divisor, whole, isNegative) ? whole + 1n : whole;
  return isNegative ? -rounded : rounded;
}

export function round(value: Rational, rounding: Rounding): Rational {
  const units = roundToUnits(value, rounding);
  const scale = 10n ** BigInt(Math.abs(rounding.decimals));
  return rounding.decimals >= 0 ? rational(units, scale) : integer(units * scale);
}

function placePoint(units: bigint, decimals: number): string {
  const digits = magnitude(units)
    .toString()
    .padStart(decimals + 1, '0');
  const sign = units < 0n ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/** Rounded and printed with exactly `decimals` places (none when negative). */
export function formatRounded(value: Rational, rounding: Rounding): string {
  if (rounding.decimals < 0) return round(value, rounding).numerator.toString();
  return placePoint(roundToUnits(value, rounding), rounding.decimals);
}

/** Decimals that the fraction needs, or undefined when it does not end. */
function decimalsNeeded({ denominator }: Rational): number | undefined {
  let rest = denominator;
  let [twos, fives] = [0, 0];
  for (; rest % 2n === 0n; rest /= 2n) twos++;
  for (; rest % 5n === 0n; rest /= 5n) fives++;
  return rest === 1n ? Math.max(twos, fives) : undefined;
}

/** The shortest exact decimal, or the first 12 places and `…` when it does not end (or needs more than 30). */
export function formatExact(value: Rational): string {
  const decimals = decimalsNeeded(value);
  if (decimals !== undefined && decimals <= 30) return formatRounded(value, { decimals, mode: 'truncate' });
  return `${formatRounded(value, { decimals: 12, mode: 'truncate' })}…`;
}

/** `n/d`, or `n` for a whole number: loses nothing. */
export const formatFraction = ({ numerator, denominator }: Rational): string =>
  denominator === 1n ? numerator.toString() : `${numerator}/${denominator}`;
