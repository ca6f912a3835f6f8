import { addMoney, money } from '@qej/kernel';
import type { Money } from '@qej/kernel';
import type { CreditDecision } from './credit-decision.ts';
import type { DepositForm, DepositRule } from './deposit-rule.ts';

/** What the bid brought for its deposit; every amount already checked by its own package (undertaking, bank statement). */
export interface DepositCover {
  readonly guaranteed: Money;
  readonly insured: Money;
  readonly paid: Money;
  readonly isCommitmentSigned: boolean;
}

export const coverageReasons = [
  'COVERED',
  'COMMITMENT_MISSING',
  'AMOUNT_SHORT',
  'FORM_NOT_ALLOWED',
  'FORMS_MIXED',
] as const;
export type CoverageReason = (typeof coverageReasons)[number];

/** 已递交 / 未递交: all that the opening shows; the grade stays hidden. */
export interface Coverage {
  readonly delivery: 'submitted' | 'not-submitted';
  readonly reasons: readonly CoverageReason[];
  /** How the whole base is covered now; only what is needed counts, so the parts sum up to `base`. */
  readonly parts: {
    readonly waived: Money;
    readonly guaranteed: Money;
    readonly insured: Money;
    readonly paid: Money;
  } | null;
}

/** A part counts up to what is still missing. */
function take(available: Money, missing: Money): Money {
  return available.amountMinor < missing.amountMinor ? available : missing;
}

/** Is the deposit of one bid delivered? decision + guarantee + payments → 已递交/未递交. */
export function checkCoverage(decision: CreditDecision, cover: DepositCover, rule: DepositRule): Coverage {
  const reasons: CoverageReason[] = [];
  if (decision.needsCommitment && !cover.isCommitmentSigned) reasons.push('COMMITMENT_MISSING');
  const brought: readonly (readonly [DepositForm, Money])[] = [
    ['guarantee', cover.guaranteed],
    ['insurance', cover.insured],
    ['cash', cover.paid],
  ];
  const used = brought.filter(([, amount]) => amount.amountMinor > 0n);
  if (decision.due.amountMinor > 0n) {
    if (used.some(([form]) => !rule.forms.includes(form))) reasons.push('FORM_NOT_ALLOWED');
    if (used.length > 1 && !rule.mixedForms) reasons.push('FORMS_MIXED');
  }
  const total = used.reduce((sum, [, amount]) => addMoney(sum, amount), money(0n));
  if (total.amountMinor < decision.due.amountMinor) reasons.push('AMOUNT_SHORT');
  if (reasons.length > 0) return { delivery: 'not-submitted', reasons, parts: null };
  return { delivery: 'submitted', reasons: ['COVERED'], parts: partsOf(decision, cover) };
}

function partsOf(decision: CreditDecision, cover: DepositCover): NonNullable<Coverage['parts']> {
  const { due, waived } = decision;
  const guaranteed = take(cover.guaranteed, due);
  const insured = take(cover.insured, money(due.amountMinor - guaranteed.amountMinor));
  const paid = money(due.amountMinor - guaranteed.amountMinor - insured.amountMinor);
  return { waived, guaranteed, insured, paid };
}
