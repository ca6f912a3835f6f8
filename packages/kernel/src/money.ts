import { DomainError } from './domain-error.ts';

export type Currency = 'CNY';

/** Minor units (fen), never a binary float. */
export interface Money {
  readonly amountMinor: bigint;
  readonly currency: Currency;
}

const DECIMAL = /^(-?)(0|[1-9]\d{0,13})\.(\d{2})$/;
const LIMIT = BigInt(Number.MAX_SAFE_INTEGER);

/** @throws DomainError `E_MONEY` beyond ±(2^53 − 1) minor units. */
export function money(amountMinor: bigint, currency: Currency = 'CNY'): Money {
  if (amountMinor > LIMIT || amountMinor < -LIMIT) throw new DomainError('E_MONEY', { detail: 'amount out of range' });
  return { amountMinor, currency };
}

/** Exactly two decimals, no sign but minus, no separators: `1234.50`. */
export function parseMoney(text: string, currency: Currency = 'CNY'): Money {
  const match = DECIMAL.exec(text);
  if (match === null || (match[1] === '-' && /^0\.00$/.test(text.slice(1)))) {
    throw new DomainError('E_MONEY', { detail: 'expected digits with two decimals' });
  }
  const minor = BigInt(`${match[2]}${match[3]}`);
  return money(match[1] === '-' ? -minor : minor, currency);
}

/** The decimal string used in JSON and signatures. */
export function formatMoney({ amountMinor }: Money): string {
  const absolute = amountMinor < 0n ? -amountMinor : amountMinor;
  const digits = absolute.toString().padStart(3, '0');
  return `${amountMinor < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export function addMoney(a: Money, b: Money): Money {
  if (a.currency !== b.currency) throw new DomainError('E_MONEY', { detail: 'currencies differ' });
  return money(a.amountMinor + b.amountMinor, a.currency);
}

export const subtractMoney = (a: Money, b: Money): Money => addMoney(a, money(-b.amountMinor, b.currency));

/** `amount × basisPoints / 10 000`, rounded up to whole minor units when `up`, down otherwise. */
export function proportion(amount: Money, basisPoints: number, rounding: 'down' | 'up'): Money {
  if (!Number.isInteger(basisPoints) || basisPoints < 0) throw new DomainError('E_MONEY', { detail: 'bad rate' });
  if (amount.amountMinor < 0n) throw new DomainError('E_MONEY', { detail: 'negative amount' });
  const product = amount.amountMinor * BigInt(basisPoints);
  const floor = product / 10_000n;
  return money(rounding === 'up' && product % 10_000n !== 0n ? floor + 1n : floor, amount.currency);
}
