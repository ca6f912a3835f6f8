import { toHex } from './bytes.ts';
import { DomainError } from './domain-error.ts';

declare const idBrand: unique symbol;
/** A branded 128-bit random id, 32 lower-case hex digits: no order, no time, no count leaks from it. */
export type Id<Kind extends string> = string & { readonly [idBrand]: Kind };

const SHAPE = /^[0-9a-f]{32}$/;

export const newId = <Kind extends string>(): Id<Kind> =>
  toHex(globalThis.crypto.getRandomValues(new Uint8Array(16))) as Id<Kind>;

/** @throws DomainError `E_ID` */
export function parseId<Kind extends string>(text: string): Id<Kind> {
  if (!SHAPE.test(text)) throw new DomainError('E_ID', { detail: 'expected 32 hex digits' });
  return text as Id<Kind>;
}
