import { parseScoringRule, presetRules, runScoringRule } from '@qej/evaluation';
import type { ScoringRule } from '@qej/evaluation';
import { formatMoney, money, parseMoney } from '@qej/kernel';

/** The built-in rules, read. */
export const presets: readonly ScoringRule[] = presetRules.map((rule) => parseScoringRule(rule));
export const findPreset = (id: string): ScoringRule | undefined => presets.find((rule) => rule.id === id);

export interface CurvePoint {
  /** Decimal string. */
  readonly price: string;
  /** As the report would print it; undefined where a gate of the rule turns the bid away. */
  readonly score?: string;
}

const POINTS = 41;
const FROM_PERCENT = 60n;
const TO_PERCENT = 104n;

const scale = (amount: string, numerator: bigint, denominator: bigint): string =>
  formatMoney(money((parseMoney(amount).amountMinor * numerator) / denominator));

/** Prices of example rivals: shares of the ceiling in percent. */
export const examplePrices = (ceiling: string, percents: readonly number[]): string[] =>
  percents.map((percent) => scale(ceiling, BigInt(Math.round(percent * 100)), 10_000n));

/**
 * The score of one more bid at each price from 60 % to 104 % of the ceiling, beside these rivals.
 * @param ceiling decimal string, more than zero
 */
export function scoreCurve(rule: ScoringRule, ceiling: string, rivals: readonly string[]): readonly CurvePoint[] {
  const others = rivals.map((price, index) => ({ id: `rival-${index}`, inputs: inputsOf(rule, price) }));
  const parameters = Object.fromEntries(rule.parameters.map(({ name, drawn }) => [name, firstOf(drawn) ?? ceiling]));
  const span = (TO_PERCENT - FROM_PERCENT) * 100n;
  return Array.from({ length: POINTS }, (_, index) => {
    const price = scale(ceiling, FROM_PERCENT * 100n + (span * BigInt(index)) / BigInt(POINTS - 1), 10_000n);
    const run = runScoringRule(rule, { bids: [...others, { id: 'own', inputs: inputsOf(rule, price) }], parameters });
    const score = run.bids.find(({ id }) => id === 'own')?.shownResult;
    return score === undefined ? { price } : { price, score };
  });
}

/** What a rule asks beside the price is unknown here and taken as zero. */
const inputsOf = (rule: ScoringRule, price: string) =>
  Object.fromEntries(rule.inputs.map(({ name }) => [name, name === 'price' ? price : '0']));

function firstOf(drawn: ScoringRule['parameters'][number]['drawn']): string | undefined {
  if (drawn === undefined) return undefined;
  return 'values' in drawn ? drawn.values[0] : drawn.from;
}
