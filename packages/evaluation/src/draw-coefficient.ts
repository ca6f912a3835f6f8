import { DomainError } from '@qej/kernel';
import { drawSource, permute } from './draw-stream.ts';
import { add, compare, formatExact, isDecimal, parseDecimal } from './rational.ts';

/** The values that may be drawn, all decimal strings: a list, or from/to with a step that meets `to`. */
export type CoefficientRange =
  | { readonly values: readonly string[] }
  | { readonly from: string; readonly to: string; readonly step: string };

const MAX_VALUES = 10_000;

function refuse(detail: string): never {
  throw new DomainError('E_DRAW_RANGE', { detail });
}

function listSteps(range: { from: string; to: string; step: string }): string[] {
  const [from, to, step] = [parseDecimal(range.from), parseDecimal(range.to), parseDecimal(range.step)];
  if (step.numerator <= 0n || compare(from, to) > 0) refuse('from ≤ to and a step above zero');
  const values: string[] = [];
  for (let value = from; compare(value, to) <= 0; value = add(value, step)) {
    values.push(formatExact(value));
    if (values.length > MAX_VALUES) refuse('too many values');
  }
  if (values.at(-1) !== formatExact(to)) refuse('the steps do not meet the end of the range');
  return values;
}

/**
 * The values in drawing order, shortest decimals.
 * @throws DomainError `E_DRAW_RANGE` for an empty, repeated, unmet or too long range.
 */
export function coefficientValues(range: CoefficientRange): string[] {
  const texts = 'values' in range ? range.values : [range.from, range.to, range.step];
  if (texts.some((text) => !isDecimal(text))) refuse('expected decimal numbers');
  const values = 'values' in range ? range.values.map((text) => formatExact(parseDecimal(text))) : listSteps(range);
  if (values.length === 0 || values.length > MAX_VALUES || new Set(values).size !== values.length) {
    refuse('one to 10 000 different values');
  }
  return values;
}

export interface CoefficientDraw {
  readonly index: number;
  readonly value: string;
}

/** Draws the opening coefficient (浮动点). `seed` is of purpose `coefficient`; `name` is the rule's parameter. */
export function drawCoefficient({
  seed,
  range,
  name,
}: {
  seed: Uint8Array;
  range: CoefficientRange;
  name: string;
}): CoefficientDraw {
  const values = coefficientValues(range);
  const index = drawSource(seed, `coefficient/${name}`).below(values.length);
  return { index, value: values[index] ?? refuse('empty range') };
}

/** Breaks a tie: the bids, sorted by id, in drawn order. `seed` is of purpose `tie`. */
export function drawTieOrder(seed: Uint8Array, bidIds: readonly string[]): string[] {
  const sorted = [...bidIds].sort();
  return permute(seed, 'tie', sorted.length).map((place) => sorted[place] ?? refuse('empty tie'));
}
