import type { Json } from '@qej/kernel';
import { flag, integer, list, moneyText, nullable, object, oneOf } from './shape.ts';
import { waiverPolicyIds } from './waiver-policy.ts';
import type { WaiverPolicyId } from './waiver-policy.ts';

export const depositForms = ['cash', 'guarantee', 'insurance', 'commitment'] as const;
/** 现金, 银行保函/担保保函, 保证保险, 信用承诺. */
export type DepositForm = (typeof depositForms)[number];

/** The deposit rule of a tender (投标保证金), version 1; a member of the signed notice. Format: docs/formats/deposit.md. */
export interface DepositRule {
  readonly v: 1;
  /** Share of the estimate; the law's ceiling (L2 art. 26) is checked with the notice. */
  readonly rateBasisPoints: number;
  /** Absolute ceiling, decimal CNY; null = none. */
  readonly capAmount: string | null;
  readonly forms: readonly DepositForm[];
  /** Which policy decides on waivers; null = no waiver by credit. */
  readonly waiverPolicyId: WaiverPolicyId | null;
  /** A guarantee must be valid for so many days after the end of the bid validity. */
  readonly guaranteeTailDays: number;
  /** May the guarantor keep a guarantee of less than the whole sum beside cash? */
  readonly mixedForms: boolean;
}

const readRule = object<DepositRule>({
  v: oneOf([1]),
  rateBasisPoints: integer(0, 10_000),
  capAmount: nullable(moneyText),
  forms: list(oneOf(depositForms), 1, depositForms.length),
  waiverPolicyId: nullable(oneOf(waiverPolicyIds)),
  guaranteeTailDays: integer(0, 365),
  mixedForms: flag,
});

/** @throws DomainError `E_FORMAT` for an unknown version or member. */
export const readDepositRule = (value: Json): DepositRule => readRule(value, 'deposit');
