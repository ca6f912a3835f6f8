import { DomainError, parseInstant, parseMoney } from '@qej/kernel';
import type { Json } from '@qej/kernel';

/** Reads one member of a closed format: returns it typed or refuses, naming the path. */
export type Reader<T> = (value: unknown, path: string) => T;

const HASH = /^[0-9a-f]{64}$/;
const ID = /^[0-9a-f]{32}$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const refuse = (path: string, detail: string): never => {
  throw new DomainError('E_FORMAT', { detail: `${path}: ${detail}`, params: { path } });
};

function matching(pattern: RegExp, what: string): Reader<string> {
  return (value, path) => (typeof value === 'string' && pattern.test(value) ? value : refuse(path, `expected ${what}`));
}

/** Runs a kernel parser for its refusal only: in a format, the text stays the text. */
function spelled(parse: (text: string) => unknown, what: string): Reader<string> {
  return (value, path) => {
    if (typeof value !== 'string') return refuse(path, `expected ${what}`);
    try {
      parse(value);
    } catch (cause) {
      throw new DomainError('E_FORMAT', { detail: `${path}: expected ${what}`, params: { path }, cause });
    }
    return value;
  };
}

export const hash: Reader<string> = matching(HASH, 'a SHA-256 in hex');
export const id: Reader<string> = matching(ID, 'an id of 32 hex digits');
export const base64: Reader<string> = matching(BASE64, 'base64');
/** Any object: what is inside has a reader of its own. */
export const jsonObject: Reader<{ readonly [key: string]: Json }> = (value, path) =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json }) // parsed from JSON
    : refuse(path, 'expected an object');
export const moneyText: Reader<string> = spelled(parseMoney, 'an amount with two decimals');
export const instantText: Reader<string> = spelled(parseInstant, 'an instant in UTC with milliseconds');

export const text =
  (maxLength = 400, minLength = 1): Reader<string> =>
  (value, path) =>
    typeof value === 'string' && value.length >= minLength && value.length <= maxLength
      ? value
      : refuse(path, `expected a text of ${minLength} to ${maxLength} characters`);

export const integer =
  (from: number, to: number = Number.MAX_SAFE_INTEGER): Reader<number> =>
  (value, path) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to
      ? value
      : refuse(path, `expected an integer of ${from} to ${to}`);

export const flag: Reader<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : refuse(path, 'expected true or false');

export const oneOf =
  <const T extends string | number>(choices: readonly T[]): Reader<T> =>
  (value, path) =>
    choices.find((choice) => choice === value) ?? refuse(path, `expected one of ${choices.join(', ')}`);

export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, path) =>
    value === null ? null : reader(value, path);

export const list =
  <T>(reader: Reader<T>, minLength: number, maxLength: number): Reader<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value) || value.length < minLength || value.length > maxLength) {
      return refuse(path, `expected a list of ${minLength} to ${maxLength}`);
    }
    return value.map((item: unknown, index) => reader(item, `${path}[${index}]`));
  };

/** Closed: a missing or an unknown member is refused. There are no optional members; absence is spelled `null`. */
export const object =
  <T extends object>(members: { readonly [K in keyof T]-?: Reader<T[K]> }): Reader<T> =>
  (value, path) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return refuse(path, 'expected an object');
    const source = value as Readonly<Record<string, unknown>>; // an object that is no array
    for (const key of Object.keys(source)) if (!Object.hasOwn(members, key)) refuse(`${path}.${key}`, 'unknown member');
    const read: Partial<T> = {};
    for (const key of Object.keys(members) as (keyof T & string)[])
      read[key] = members[key](source[key], `${path}.${key}`);
    return read as T; // every key of T was read above
  };
