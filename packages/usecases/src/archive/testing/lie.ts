import { fromBase64, toBase64 } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import type { ArchiveStepId } from '@qej/verifier';
import type { Members } from './reseal.ts';

export type Listed = { [key: string]: Json }[];
export const listOf = (value: { [key: string]: Json }, name: string): Listed => value[name] as unknown as Listed;
/** A text member; anything else is a mistake of the test. */
export function textIn(value: Json | undefined): string {
  if (typeof value !== 'string') throw new TypeError('not a text');
  return value;
}
export const flipBase64 = (text: Json | undefined, place: number): string => {
  const bytes = fromBase64(textIn(text));
  bytes[place] = (bytes[place] ?? 0) ^ 1;
  return toBase64(bytes);
};

export interface Lie {
  readonly name: string;
  readonly change: (members: Members) => void;
  /** Step and one of its codes; other steps may find more. */
  readonly found: readonly (readonly [ArchiveStepId, string])[];
}

export const swap = (list: Listed): void => void list.splice(0, 2, ...list.slice(0, 2).reverse());
