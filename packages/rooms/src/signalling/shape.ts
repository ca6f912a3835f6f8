import { roomError } from '../error-codes.ts';

/** Reads one JSON value strictly. @throws DomainError `E_ROOM_MESSAGE` that names the member. */
export type Shape<T> = (value: unknown, at: string) => T;
export type ShapeOf<S> = S extends Shape<infer T> ? T : never;

/** JSON that this protocol hands through to the media library, which checks it itself. */
export type JsonObject = { readonly [member: string]: unknown };

const MAX_DEPTH = 12;

const refuse = (at: string, expected: string): never => {
  throw roomError('E_ROOM_MESSAGE', `${at}: expected ${expected}`, { at });
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const text =
  (pattern: RegExp = /^[^\u0000-\u001f]{1,256}$/u): Shape<string> =>
  (value, at) =>
    typeof value === 'string' && pattern.test(value) ? value : refuse(at, `text ${pattern.source}`);

export const bool: Shape<boolean> = (value, at) => (typeof value === 'boolean' ? value : refuse(at, 'true or false'));

export const wholeNumber =
  (min: number, max: number): Shape<number> =>
  (value, at) =>
    typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max
      ? value
      : refuse(at, `a whole number ${min}…${max}`);

export const finiteNumber: Shape<number> = (value, at) =>
  typeof value === 'number' && Number.isFinite(value) ? value : refuse(at, 'a number');

export const oneOf =
  <const T extends readonly (string | number)[]>(...values: T): Shape<T[number]> =>
  (value, at) =>
    values.find((each) => each === value) ?? refuse(at, `one of ${values.join(', ')}`);

export const nullable =
  <T>(shape: Shape<T>): Shape<T | null> =>
  (value, at) =>
    value === null ? null : shape(value, at);

export const list =
  <T>(shape: Shape<T>, max: number): Shape<readonly T[]> =>
  (value, at) =>
    Array.isArray(value) && value.length <= max
      ? value.map((each, index) => shape(each, `${at}[${index}]`))
      : refuse(at, `a list of at most ${max}`);

function depth(value: unknown, left: number): boolean {
  if (left === 0) return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, each]) => name !== '__proto__' && depth(each, left - 1));
}

export const jsonObject: Shape<JsonObject> = (value, at) =>
  isObject(value) && depth(value, MAX_DEPTH) ? value : refuse(at, 'an object, not nested too deep');

type Members = Readonly<Record<string, Shape<unknown>>>;
type Read<M extends Members> = { readonly [K in keyof M]: ShapeOf<M[K]> };

/** A closed object: every member is there, no other is. */
export const object =
  <M extends Members>(members: M): Shape<Read<M>> =>
  (value, at) => {
    if (!isObject(value)) return refuse(at, 'an object');
    for (const name of Object.keys(value)) if (!Object.hasOwn(members, name)) refuse(`${at}.${name}`, 'no such member');
    // Every member of the table is read below, each by its own shape.
    return Object.fromEntries(
      Object.entries(members).map(([name, shape]) => [name, shape(value[name], `${at}.${name}`)]),
    ) as Read<M>;
  };
