import { fromBase64, fromHex, parseCanonical, parseId, parseInstant, parseMoney } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { refuse } from './codes.ts';

/** Reads one member of a closed format, or refuses and names the path. */
export type Reader<T> = (value: Json | undefined, path: string) => T;
export type ReadBy<R> = R extends Reader<infer T> ? T : never;

const bad = (path: string, expected: string): never =>
  refuse('E_ARCHIVE_MEMBER_FORMAT', `${path}: expected ${expected}`);

export const text =
  (maxLength = 400, minLength = 0): Reader<string> =>
  (value, path) =>
    typeof value === 'string' && value.length >= minLength && value.length <= maxLength
      ? value
      : bad(path, `a text of ${minLength} to ${maxLength} characters`);

/** Runs a kernel parser for its refusal; the text stays the text. */
const spelled =
  (parse: (value: string) => unknown, what: string): Reader<string> =>
  (value, path) => {
    if (typeof value !== 'string') return bad(path, what);
    try {
      parse(value);
    } catch (cause) {
      refuse('E_ARCHIVE_MEMBER_FORMAT', `${path}: expected ${what}`, cause);
    }
    return value;
  };

export const hash = spelled((value) => {
  if (fromHex(value).length !== 32) throw new TypeError('32 bytes');
}, '32 bytes in lower-case hex');
export const base64 = spelled(fromBase64, 'standard base64');
export const id = spelled(parseId, 'an id of 32 hex digits');
export const instantText = spelled(parseInstant, 'an instant in UTC with milliseconds');
export const moneyText = spelled(parseMoney, 'an amount with two decimals');

export const integer =
  (from = 0, to: number = Number.MAX_SAFE_INTEGER): Reader<number> =>
  (value, path) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to
      ? value
      : bad(path, `an integer of ${from} to ${to}`);

export const flag: Reader<boolean> = (value, path) => (typeof value === 'boolean' ? value : bad(path, 'true or false'));

export const oneOf =
  <const T extends string | number>(choices: readonly T[]): Reader<T> =>
  (value, path) =>
    choices.find((choice) => choice === value) ?? bad(path, `one of ${choices.join(', ')}`);

export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, path) =>
    value === null ? null : reader(value, path);

export const list =
  <T>(item: Reader<T>, maxLength = 10_000): Reader<readonly T[]> =>
  (value, path) =>
    Array.isArray(value) && value.length <= maxLength
      ? value.map((one: Json, i) => item(one, `${path}[${i}]`))
      : bad(path, `a list of at most ${maxLength}`);

/** A part whose own package reads it. */
export const anyJson: Reader<Json> = (value, path) => value ?? (value === null ? null : bad(path, 'a value'));

type Members = Readonly<Record<string, Reader<unknown>>>;

/** Closed: a missing or an unknown member is refused. Absence is spelled `null`. */
export const closed =
  <M extends Members>(members: M): Reader<{ readonly [K in keyof M]: ReadBy<M[K]> }> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return bad(path, 'an object');
    const object = value as { readonly [key: string]: Json }; // narrowed just above
    for (const name of Object.keys(object)) if (!Object.hasOwn(members, name)) bad(`${path}.${name}`, 'no such member');
    const read = Object.entries(members).map(([name, reader]) => [
      name,
      reader(Object.hasOwn(object, name) ? object[name] : undefined, `${path}.${name}`),
    ]);
    return Object.fromEntries(read) as { readonly [K in keyof M]: ReadBy<M[K]> }; // each was read by its own reader
  };

/** Canonical JSON under a closed schema. @throws DomainError `E_ARCHIVE_MEMBER_FORMAT` */
export function readClosed<T>(bytes: Uint8Array, reader: Reader<T>, path: string): T {
  let value: Json;
  try {
    value = parseCanonical(bytes);
  } catch (cause) {
    return refuse('E_ARCHIVE_MEMBER_FORMAT', `${path}: not canonical JSON`, cause);
  }
  return reader(value, path);
}
