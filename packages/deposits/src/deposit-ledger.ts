import { DomainError, addMoney, formatMoney, money } from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';

export const depositPots = ['waived', 'guaranteed', 'insured', 'paid', 'returned', 'forfeited'] as const;
/** Where a part of a required deposit is. `returned` also means: discharged without money moving (waiver or guarantee ended). */
export type DepositPot = (typeof depositPots)[number];

export const ledgerReasons = [
  'delivered',
  'replaced',
  'top-up',
  'released',
  'refunded',
  'waiver-discharged',
  'demand-paid',
  'cash-kept',
  'waiver-collected',
  'correction',
] as const;
export type LedgerReason = (typeof ledgerReasons)[number];

export interface LedgerEntry {
  readonly entryId: string;
  readonly from: DepositPot | null;
  readonly to: DepositPot;
  readonly amount: Money;
  readonly reason: LedgerReason;
  readonly at: Instant;
}

/** One bidder's deposit for one lot, append-only (PRODUCT I4, I7). */
export interface DepositLedger {
  readonly lotId: string;
  readonly organizationId: string;
  readonly required: Money;
  readonly entries: readonly LedgerEntry[];
}

/** from → to → the reasons that may move money that way. What is returned or forfeited moves only by a correction. */
const moves: Readonly<Record<DepositPot, Readonly<Partial<Record<DepositPot, readonly LedgerReason[]>>>>> = {
  waived: {
    guaranteed: ['replaced', 'top-up'],
    insured: ['replaced', 'top-up'],
    paid: ['replaced', 'top-up'],
    returned: ['waiver-discharged'],
    forfeited: ['waiver-collected'],
  },
  guaranteed: { paid: ['replaced'], insured: ['replaced'], returned: ['released'], forfeited: ['demand-paid'] },
  insured: { paid: ['replaced'], guaranteed: ['replaced'], returned: ['released'], forfeited: ['demand-paid'] },
  paid: { guaranteed: ['replaced'], insured: ['replaced'], returned: ['refunded'], forfeited: ['cash-kept'] },
  returned: { forfeited: ['correction'] },
  forfeited: { returned: ['correction'] },
};

export type DepositBalances = Readonly<Record<DepositPot, Money>>;

export interface OpenLedger {
  readonly lotId: string;
  readonly organizationId: string;
  readonly required: Money;
  readonly parts: { readonly waived: Money; readonly guaranteed: Money; readonly insured: Money; readonly paid: Money };
  /** Prefix of the first entries' ids, so that opening twice is seen. */
  readonly entryId: string;
}

/** A delivered deposit. @throws DomainError `E_LEDGER_UNBALANCED` unless the parts sum up to what is required. */
export function openLedger(command: OpenLedger, now: Instant): DepositLedger {
  const pots = ['waived', 'guaranteed', 'insured', 'paid'] as const;
  const sum = pots.reduce((total, pot) => addMoney(total, command.parts[pot]), money(0n));
  if (sum.amountMinor !== command.required.amountMinor || pots.some((pot) => command.parts[pot].amountMinor < 0n)) {
    throw new DomainError('E_LEDGER_UNBALANCED', {
      params: { required: formatMoney(command.required), covered: formatMoney(sum) },
    });
  }
  const entries = pots
    .filter((pot) => command.parts[pot].amountMinor > 0n)
    .map((pot): LedgerEntry => ({
      entryId: `${command.entryId}/${pot}`,
      from: null,
      to: pot,
      amount: command.parts[pot],
      reason: 'delivered',
      at: now,
    }));
  const { lotId, organizationId, required } = command;
  return { lotId, organizationId, required, entries };
}

/** Folds the entries; the sum of all pots is always `required`. */
export function balancesOf(ledger: DepositLedger): DepositBalances {
  const minor: Record<DepositPot, bigint> = {
    waived: 0n,
    guaranteed: 0n,
    insured: 0n,
    paid: 0n,
    returned: 0n,
    forfeited: 0n,
  };
  for (const { from, to, amount } of ledger.entries) {
    if (from !== null) minor[from] -= amount.amountMinor;
    minor[to] += amount.amountMinor;
  }
  const { waived, guaranteed, insured, paid, returned, forfeited } = minor;
  return {
    waived: money(waived),
    guaranteed: money(guaranteed),
    insured: money(insured),
    paid: money(paid),
    returned: money(returned),
    forfeited: money(forfeited),
  };
}

const isSame = (a: LedgerEntry, b: LedgerEntry): boolean =>
  a.from === b.from && a.to === b.to && a.amount.amountMinor === b.amount.amountMinor && a.reason === b.reason;

/**
 * Moves a part. The same entry again changes nothing, whatever its time (at-least-once delivery).
 * @throws DomainError `E_LEDGER_MOVE`, `E_LEDGER_SHORT`, `E_LEDGER_CONFLICT` (another entry has this id)
 */
export function moveDeposit(ledger: DepositLedger, entry: LedgerEntry & { readonly from: DepositPot }): DepositLedger {
  const known = ledger.entries.find((other) => other.entryId === entry.entryId);
  if (known !== undefined) {
    if (isSame(known, entry)) return ledger;
    throw new DomainError('E_LEDGER_CONFLICT');
  }
  if (entry.amount.amountMinor <= 0n || moves[entry.from][entry.to]?.includes(entry.reason) !== true) {
    throw new DomainError('E_LEDGER_MOVE', { params: { from: entry.from, to: entry.to, reason: entry.reason } });
  }
  if (balancesOf(ledger)[entry.from].amountMinor < entry.amount.amountMinor) {
    throw new DomainError('E_LEDGER_SHORT', { params: { from: entry.from } });
  }
  return { ...ledger, entries: [...ledger.entries, entry] };
}

/** Nothing is open any more: all of it is returned or forfeited. */
export const isSettled = (ledger: DepositLedger): boolean => {
  const { returned, forfeited } = balancesOf(ledger);
  return returned.amountMinor + forfeited.amountMinor === ledger.required.amountMinor;
};
