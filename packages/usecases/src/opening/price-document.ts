import { DomainError, formatMoney, parseMoney } from '@qej/kernel';
import type { Json, Money } from '@qej/kernel';
import type { JsonObject } from '../ports.ts';

/** The price as the bidder sealed it (docs/formats/opening.md): what the price table shows of a bid. */
export interface PriceDocument {
  readonly total: Money;
  readonly periodDays?: number;
  readonly quality?: string;
  readonly manager?: string;
}

const MEMBERS = new Set(['v', 'total', 'currency', 'periodDays', 'quality', 'manager']);

function refuse(detail: string): never {
  throw new DomainError('E_PRICE_FORMAT', { detail, params: { fault: 'bidder' } });
}

function readTotal(value: Json | undefined): Money {
  if (typeof value !== 'string') return refuse('total is a decimal string');
  try {
    const total = parseMoney(value);
    return formatMoney(total) === value && total.amountMinor > 0n
      ? total
      : refuse('total is above zero, with two decimals');
  } catch (cause) {
    if (cause instanceof DomainError && cause.code === 'E_MONEY') return refuse('total is not an amount');
    throw cause;
  }
}

function readText(value: Json | undefined, name: string): string | undefined {
  if (value === undefined || value === '') return undefined; // a field of the form left empty
  return typeof value === 'string' && value.length <= 200 ? value : refuse(name);
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @throws DomainError `E_PRICE_FORMAT`, fault bidder */
export function readPrice(value: Json | undefined): PriceDocument {
  if (!isObject(value)) return refuse('not an object');
  for (const name of Object.keys(value)) if (!MEMBERS.has(name)) refuse(`member ${name} is unknown`);
  if ((value['v'] ?? 1) !== 1 || (value['currency'] ?? 'CNY') !== 'CNY') refuse('version or currency');
  const periodDays = value['periodDays'] === 0 ? undefined : value['periodDays'];
  if (
    periodDays !== undefined &&
    !(Number.isInteger(periodDays) && Number(periodDays) > 0 && Number(periodDays) < 100_000)
  )
    refuse('periodDays');
  const [quality, manager] = [readText(value['quality'], 'quality'), readText(value['manager'], 'manager')];
  return {
    total: readTotal(value['total']),
    ...(periodDays === undefined ? {} : { periodDays: Number(periodDays) }),
    ...(quality === undefined ? {} : { quality }),
    ...(manager === undefined ? {} : { manager }),
  };
}

/** What a bid's row keeps of it. */
export interface ShownPrice {
  readonly total: string;
  readonly periodDays?: number;
  readonly quality?: string;
  readonly manager?: string;
  readonly aboveCeiling: boolean;
}

/** A price above the ceiling is read out like any other; what follows from it is for the committee (L2 art. 51). */
export function showPrice({ total, ...rest }: PriceDocument, ceiling: string | null): ShownPrice {
  const aboveCeiling = ceiling !== null && total.amountMinor > parseMoney(ceiling).amountMinor;
  return { ...rest, total: formatMoney(total), aboveCeiling };
}
