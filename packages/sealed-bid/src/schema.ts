import { DomainError, fromBase64, parseId, parseInstant, type Json } from '@qej/kernel';
import { refusal } from './errors.ts';

/** Reads one JSON value as T or refuses. Closed: a member that the schema does not name is refused. */
export type Reader<T> = (value: Json | undefined, at: string) => T;
export type ReadBy<R> = R extends Reader<infer T> ? T : never;

const refuse = (at: string, expected: string): never => {
  throw new DomainError('E_FORMAT', { detail: `${at}: expected ${expected}` });
};

export const text =
  (maxLength: number): Reader<string> =>
  (value, at) =>
    typeof value === 'string' && value.length > 0 && value.length <= maxLength
      ? value
      : refuse(at, `1 to ${maxLength} characters`);

/** A file name as a person gave it: no path, no control characters. Still never a path on the reader's disk. */
export const fileName: Reader<string> = (value, at) => {
  const name = text(255)(value, at);
  return /[\p{Cc}/\\]/u.test(name) || name === '.' || name === '..' ? refuse(at, 'a file name without path') : name;
};

export const hex =
  (bytes: number): Reader<string> =>
  (value, at) =>
    typeof value === 'string' && value.length === 2 * bytes && /^[0-9a-f]*$/.test(value)
      ? value
      : refuse(at, `${bytes} bytes in lower-case hex`);

export const hash32 = hex(32);
export const point65 = hex(65);

export const base64: Reader<string> = (value, at) => {
  if (typeof value !== 'string') return refuse(at, 'base64');
  try {
    fromBase64(value);
    return value;
  } catch (cause) {
    throw new DomainError('E_FORMAT', { detail: `${at}: expected standard base64`, cause });
  }
};

export const id: Reader<string> = (value, at) => (typeof value === 'string' ? parseId(value) : refuse(at, 'an id'));

export const instantText: Reader<string> = (value, at) => {
  if (typeof value !== 'string') return refuse(at, 'an instant');
  parseInstant(value);
  return value;
};

export const integer =
  (min: number, max = Number.MAX_SAFE_INTEGER): Reader<number> =>
  (value, at) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? value
      : refuse(at, `an integer from ${min} to ${max}`);

export const oneOf =
  <const T extends string>(values: readonly T[]): Reader<T> =>
  (value, at) =>
    values.find((candidate) => candidate === value) ?? refuse(at, values.join(' or '));

/** The format version: anything else is `E_VERSION`. */
export const version =
  <const V extends number>(known: V): Reader<V> =>
  (value, at) => {
    if (value !== known) throw refusal('E_VERSION', { detail: `${at}: this reader knows version ${known}` });
    return known;
  };

export const list =
  <T>(item: Reader<T>, maxLength: number): Reader<T[]> =>
  (value, at) =>
    Array.isArray(value) && value.length <= maxLength
      ? value.map((member: Json, i) => item(member, `${at}[${i}]`))
      : refuse(at, `a list of at most ${maxLength}`);

export const nullable =
  <T>(reader: Reader<T>): Reader<T | null> =>
  (value, at) =>
    value === null ? null : reader(value, at);

/** A member that may be left out. */
export const optional =
  <T>(reader: Reader<T>): Reader<T | undefined> =>
  (value, at) =>
    value === undefined ? undefined : reader(value, at);

/** Whatever the caller validates. */
export const anyJson: Reader<Json> = (value, at) => (value === undefined ? refuse(at, 'a value') : value);

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** String keys that match `key`, each value read by `item`. */
export const mapOf =
  <T>(key: RegExp, item: Reader<T>): Reader<Readonly<Record<string, T>>> =>
  (value, at) => {
    if (!isObject(value)) return refuse(at, 'an object');
    for (const name of Object.keys(value)) if (!key.test(name)) refuse(`${at}.${name}`, 'no such member');
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, item(member, `${at}.${name}`)]));
  };

type Members = Readonly<Record<string, Reader<unknown>>>;
type OptionalNames<M extends Members> = { [K in keyof M]: undefined extends ReadBy<M[K]> ? K : never }[keyof M];
type Closed<M extends Members> = { readonly [K in Exclude<keyof M, OptionalNames<M>>]: ReadBy<M[K]> } & {
  readonly [K in OptionalNames<M>]?: Exclude<ReadBy<M[K]>, undefined>;
};

export const closed =
  <M extends Members>(members: M): Reader<Closed<M>> =>
  (value, at) => {
    if (!isObject(value)) return refuse(at, 'an object');
    for (const name of Object.keys(value)) if (!Object.hasOwn(members, name)) refuse(`${at}.${name}`, 'no such member');
    const read: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(members)) {
      const member = reader(Object.hasOwn(value, name) ? value[name] : undefined, `${at}.${name}`);
      if (member !== undefined) read[name] = member;
    }
    // each member was read by the reader of its own name
    return read as Closed<M>;
  };
