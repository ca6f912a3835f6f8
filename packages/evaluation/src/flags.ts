import { expertTotals } from './aggregation.ts';
import type { CriterionMarks } from './aggregation.ts';
import type { AbnormalPolicy, LowPricePolicy } from './criteria.ts';
import {
  absolute,
  compare,
  divide,
  formatRounded,
  HUNDRED,
  integer,
  isZero,
  multiply,
  subtract,
  sum,
} from './rational.ts';
import type { Rational } from './rational.ts';

/** What the committee must look at. An open flag holds back the report; a clue never does and never changes a score. */
export type Flag =
  | {
      readonly kind: 'objective-divergence';
      readonly bidId: string;
      readonly criterionId: string;
      readonly isOpen: true;
    }
  | {
      readonly kind: 'abnormal-score';
      readonly bidId: string;
      readonly expertId: string;
      /** Against what the expert's total stands out. */
      readonly measures: readonly ('mean' | 'median')[];
      /** Signed, of the mean, two decimals. */
      readonly deviationPercent: string;
      readonly reason?: string;
      readonly isOpen: boolean;
    }
  | {
      readonly kind: 'low-price';
      readonly bidId: string;
      readonly measure: 'mean' | 'next-lowest' | 'ceiling';
      /** Of that measure, two decimals. */
      readonly sharePercent: string;
      readonly isOpen: false;
    }
  | { readonly kind: 'few-valid-bids'; readonly count: number; readonly isOpen: false };

/** Why an expert's total is far from the others', in writing. */
export interface AbnormalReason {
  readonly bidId: string;
  readonly expertId: string;
  readonly text: string;
}

const TWO = { decimals: 2, mode: 'half-up' } as const;
const share = (value: Rational, of: Rational): string => formatRounded(multiply(divide(value, of), HUNDRED), TWO);

function medianOf(values: readonly Rational[]): Rational {
  const sorted = values.toSorted(compare);
  const low = sorted[(sorted.length - 1) >> 1] ?? integer(0);
  const high = sorted[sorted.length >> 1] ?? integer(0);
  return divide(sum([low, high]), integer(2));
}

/** Which measures say that `total` stands out among `totals`. */
function measuresOf(total: Rational, totals: readonly Rational[], policy: AbnormalPolicy): ('mean' | 'median')[] {
  const mean = divide(sum(totals), integer(totals.length));
  const median = medianOf(totals);
  const mad = medianOf(totals.map((value) => absolute(subtract(value, median))));
  const fromMean = multiply(absolute(subtract(total, mean)), HUNDRED);
  const fromMedian = absolute(subtract(total, median));
  const isFar = !isZero(mean) && compare(fromMean, multiply(policy.meanPercent, mean)) >= 0;
  const isBeyondMad = compare(fromMedian, multiply(policy.madFactor, mad)) > 0;
  const isBeyondFloor = compare(multiply(fromMedian, HUNDRED), multiply(policy.madFloorPercent, median)) >= 0;
  return [...(isFar ? (['mean'] as const) : []), ...(isBeyondMad && isBeyondFloor ? (['median'] as const) : [])];
}

/**
 * Experts whose total stands out: deviation of at least X % of the mean ([E8], default 30), or beyond k median absolute
 * deviations, which one low mark cannot hide. Only ever called with the marks of all experts.
 */
export function abnormalScores(
  bidId: string,
  given: readonly CriterionMarks[],
  { policy, reasons }: { policy: AbnormalPolicy; reasons: readonly AbnormalReason[] },
): Flag[] {
  const totals = expertTotals(given);
  if (totals.length < 3) return [];
  const scores = totals.map(({ score }) => score);
  const mean = divide(sum(scores), integer(scores.length));
  return totals.flatMap(({ expertId, score }): Flag[] => {
    const measures = measuresOf(score, scores, policy);
    if (measures.length === 0) return [];
    const deviationPercent = isZero(mean) ? '0.00' : share(subtract(score, mean), mean);
    const flag = { kind: 'abnormal-score', bidId, expertId, measures, deviationPercent } as const;
    const text = reasons.find((reason) => reason.bidId === bidId && reason.expertId === expertId)?.text.trim() ?? '';
    return [text === '' ? { ...flag, isOpen: true } : { ...flag, reason: text, isOpen: false }];
  });
}

/** Objective items are the same with every expert; where they are not, somebody erred. */
export function objectiveDivergences(bidId: string, given: readonly CriterionMarks[]): Flag[] {
  const divided = given.filter(({ criterion, marks }) => {
    const [first] = marks;
    return (
      criterion.kind === 'objective' &&
      first !== undefined &&
      marks.some(({ score }) => compare(score, first.score) !== 0)
    );
  });
  return divided.map(({ criterion }) => ({
    kind: 'objective-divergence',
    bidId,
    criterionId: criterion.id,
    isOpen: true,
  }));
}

/** Prices far below the mean, the next lowest or the ceiling: a reason to ask, never to reject. */
export function lowPrices(
  bids: readonly { readonly id: string; readonly price: Rational }[],
  { policy, ceiling }: { policy: LowPricePolicy; ceiling?: Rational },
): Flag[] {
  if (bids.length < 2) return [];
  const sorted = bids.toSorted((a, b) => compare(a.price, b.price));
  const mean = divide(sum(bids.map(({ price }) => price)), integer(bids.length));
  return sorted.flatMap(({ id, price }, place): Flag[] => {
    const against = [
      { measure: 'mean', of: mean, limit: policy.ofMean },
      ...(place === 0 && sorted[1] !== undefined
        ? [{ measure: 'next-lowest', of: sorted[1].price, limit: policy.ofNextLowest } as const]
        : []),
      ...(ceiling === undefined ? [] : [{ measure: 'ceiling', of: ceiling, limit: policy.ofCeiling } as const]),
    ] as const;
    const found = against.filter(({ of, limit }) => !isZero(of) && compare(price, multiply(of, limit)) < 0);
    return found.map(({ measure, of }) => ({
      kind: 'low-price',
      bidId: id,
      measure,
      sharePercent: share(price, of),
      isOpen: false,
    }));
  });
}
