import type { DepositLedger } from './deposit-ledger.ts';

/** Figures for the public, computed from the ledgers' deliveries. */
export interface DepositFigures {
  readonly deposits: number;
  readonly requiredMinor: bigint;
  /** 释放流动资金: Σ of what was waived, guaranteed or insured instead of paid. */
  readonly releasedMinor: bigint;
  /** 现金替代率 = (waived + guaranteed + insured) ÷ required, in basis points, rounded down; null without any deposit. */
  readonly cashReplacementBasisPoints: number | null;
}

export function depositFigures(ledgers: readonly DepositLedger[]): DepositFigures {
  let requiredMinor = 0n;
  let releasedMinor = 0n;
  for (const ledger of ledgers) {
    requiredMinor += ledger.required.amountMinor;
    for (const entry of ledger.entries) {
      if (entry.reason === 'delivered' && entry.to !== 'paid') releasedMinor += entry.amount.amountMinor;
    }
  }
  const cashReplacementBasisPoints = requiredMinor === 0n ? null : Number((releasedMinor * 10_000n) / requiredMinor);
  return { deposits: ledgers.length, requiredMinor, releasedMinor, cashReplacementBasisPoints };
}
