import { fromUtf8, utf8 } from './bytes.ts';
import { DomainError } from './domain-error.ts';

/** What may be signed or hashed: no floats, no undefined, no bigint. Money and scores are decimal strings. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const MAX_DEPTH = 64;

const refuse = (detail: string): never => {
  throw new DomainError('E_FORMAT', { detail });
};

function writeString(text: string): string {
  if (LONE_SURROGATE.test(text)) refuse('lone surrogate');
  if (text.normalize('NFC') !== text) refuse('string is not NFC');
  return JSON.stringify(text);
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH) refuse('nested too deeply');
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return writeString(value);
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) refuse('number is not a safe integer');
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(',')}]`;
  if (typeof value !== 'object' || value instanceof Uint8Array) return refuse(`cannot write ${typeof value}`);
  const keys = Object.keys(value).sort();
  const members = keys.map((key) => {
    const member: unknown = (value as Record<string, unknown>)[key];
    return `${writeString(key)}:${write(member, depth + 1)}`;
  });
  return `{${members.join(',')}}`;
}

/**
 * RFC 8785 (JCS) restricted to what has one spelling everywhere: safe integers, NFC strings.
 * Members are sorted by UTF-16 code units, as section 3.2.3 asks.
 * @throws DomainError `E_FORMAT` for a float, an unsafe integer, a lone surrogate, non-NFC text, undefined.
 */
export const canonicalJson = (value: unknown): string => write(value, 0);

export const canonicalBytes = (value: unknown): Uint8Array<ArrayBuffer> => utf8(canonicalJson(value));

/**
 * Parses and re-serialises: what does not come back byte for byte (duplicate members, white space,
 * another number spelling, another order) is refused.
 * @throws DomainError `E_FORMAT`
 */
export function parseCanonical(bytes: Uint8Array): Json {
  let value: Json;
  let text: string;
  try {
    text = fromUtf8(bytes);
    value = JSON.parse(text) as Json;
  } catch (cause) {
    throw new DomainError('E_FORMAT', { detail: 'not JSON in UTF-8', cause });
  }
  if (canonicalJson(value) !== text) refuse('JSON is not canonical (RFC 8785)');
  return value;
}
