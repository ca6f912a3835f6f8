import type { Rational, Rounding } from './rational.ts';

/** Words that a person reads: Chinese first. */
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** What a value is. `list` is a list of numbers of one bid (marks of the experts), `choice` one of declared words. */
export type ValueType = 'number' | 'flag' | 'list' | 'choice';

/** `perPercent` = points for each whole percent; it can only be used by the operator of the same name. */
export const units = ['plain', 'percent', 'perPercent'] as const;
export type Unit = (typeof units)[number];

export const callOperators = [
  'add',
  'subtract',
  'multiply',
  'divide',
  'negate',
  'absolute',
  'minimum',
  'maximum',
  'clamp',
  'power',
  'percent',
  'perPercent',
  'less',
  'atMost',
  'more',
  'atLeast',
  'equal',
  'and',
  'or',
  'not',
] as const;
export type CallOperator = (typeof callOperators)[number];

export const foldNames = ['count', 'sum', 'mean', 'median', 'min', 'max', 'smallest', 'largest', 'all', 'any'] as const;
export type FoldName = (typeof foldNames)[number];

/** Runs over the bids still in the set, or over a list of one bid; drops the lowest and highest so many values first. */
export interface Fold {
  readonly kind: 'fold';
  readonly fold: FoldName;
  /** Name of a list input; absent = over the bids. */
  readonly over?: string;
  readonly of?: Expression;
  readonly where?: Expression;
  readonly dropLow?: Expression;
  readonly dropHigh?: Expression;
  /** Which one of `smallest` and `largest`, from 1. */
  readonly position?: Expression;
  readonly ifNone?: Expression;
}

/** Whether this bid is among those left after dropping extremes; equal values are dropped in order of bid id. */
export interface Kept {
  readonly kind: 'kept';
  readonly of: Expression;
  readonly where?: Expression;
  readonly dropLow: Expression;
  readonly dropHigh: Expression;
}

/** 1 + the number of bids that are better: `lowest` or `highest` first. */
export interface Rank {
  readonly kind: 'rank';
  readonly of: Expression;
  readonly where?: Expression;
  readonly first: 'lowest' | 'highest';
}

export interface BandRow {
  /** `below` excludes its edge, `upTo` includes it. */
  readonly bound: 'below' | 'upTo';
  readonly edge: Rational;
  readonly value: Expression;
}

export type Expression =
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'reference'; readonly name: string }
  | { readonly kind: 'item' }
  | { readonly kind: 'call'; readonly operator: CallOperator; readonly operands: readonly Expression[] }
  | { readonly kind: 'round'; readonly value: Expression; readonly rounding: Rounding }
  | {
      readonly kind: 'case';
      readonly branches: readonly (readonly [Expression, Expression])[];
      readonly otherwise: Expression;
    }
  | {
      readonly kind: 'band';
      readonly of: Expression;
      readonly rows: readonly BandRow[];
      readonly otherwise: Expression;
    }
  | {
      readonly kind: 'interpolate';
      readonly of: Expression;
      readonly points: readonly (readonly [Rational, Rational])[];
    }
  | { readonly kind: 'is'; readonly name: string; readonly choice: string }
  | Fold
  | Kept
  | Rank;

/** A number that the rule itself fixes. */
export interface RuleConstant {
  readonly name: string;
  readonly title: Bilingual;
  readonly unit: Unit;
  readonly value: Rational;
}

/** A number that is known only at the evaluation: ceiling price, base price, drawn coefficient. */
export interface RuleParameter {
  readonly name: string;
  readonly title: Bilingual;
  readonly unit: Unit;
  /** The range from which it is drawn, when it is. */
  readonly drawn?:
    | { readonly values: readonly string[] }
    | { readonly from: string; readonly to: string; readonly step: string };
}

/** What each bid brings. */
export interface RuleInput {
  readonly name: string;
  readonly title: Bilingual;
  readonly type: ValueType;
  readonly choices?: readonly string[];
}

/** `set` = one value for the lot, `bid` = one value a bid, `gate` = who fails it leaves the set for all later steps. */
export const stepScopes = ['set', 'bid', 'gate'] as const;
export type StepScope = (typeof stepScopes)[number];

export interface RuleStep {
  readonly name: string;
  readonly title: Bilingual;
  readonly scope: StepScope;
  readonly type: 'number' | 'flag';
  readonly value: Expression;
}

export interface RuleResult {
  /** Name of a `bid` step. */
  readonly step: string;
  readonly better: 'higher' | 'lower';
  /** Full mark, when the result is a score. */
  readonly max?: Rational;
}

/** A rule that has passed {@link parseScoringRule}: every name is known, types and units fit, no step looks ahead. */
export interface ScoringRule {
  readonly id: string;
  readonly title: Bilingual;
  readonly source?: string;
  readonly inputs: readonly RuleInput[];
  readonly parameters: readonly RuleParameter[];
  readonly constants: readonly RuleConstant[];
  readonly steps: readonly RuleStep[];
  readonly result: RuleResult;
}
