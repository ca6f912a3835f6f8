import { concatBytes, formatInstant, fromHex, utf8 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { TAG } from './read.ts';

type Bytes = Uint8Array<ArrayBuffer>;

function lengthBytes(length: number): Bytes {
  if (length < 0x80) return Uint8Array.of(length);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return Uint8Array.of(0x80 | bytes.length, ...bytes);
}

/** Any TLV with a low tag number. */
export function tlv(tag: number, ...content: readonly Uint8Array[]): Bytes {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return concatBytes(Uint8Array.of(tag), lengthBytes(length), ...content);
}

export const sequence = (...members: readonly Uint8Array[]): Bytes => tlv(TAG.sequence, ...members);

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** SET OF in DER order (X.690 section 11.6). */
export const setOf = (...members: readonly Uint8Array[]): Bytes => tlv(TAG.set, ...members.toSorted(compareBytes));

/** Context tag, constructed: EXPLICIT around one value or IMPLICIT over the members of a SEQUENCE or SET. */
export const context = (number: number, ...content: readonly Uint8Array[]): Bytes => tlv(0xa0 | number, ...content);

/** Context tag over primitive content, IMPLICIT. */
export const contextPrimitive = (number: number, content: Uint8Array): Bytes => tlv(0x80 | number, content);

/** A non-negative INTEGER from a number or from big-endian magnitude bytes. */
export function integer(value: number | bigint | Uint8Array): Bytes {
  let magnitude: Uint8Array;
  if (value instanceof Uint8Array) magnitude = value;
  else {
    const hex = value.toString(16);
    magnitude = fromHex(hex.length % 2 === 0 ? hex : `0${hex}`);
  }
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start++;
  const trimmed = magnitude.subarray(start);
  return tlv(TAG.integer, (trimmed[0] ?? 0) >= 0x80 ? concatBytes(Uint8Array.of(0), trimmed) : trimmed);
}

export const boolean = (value: boolean): Bytes => tlv(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
export const nullValue = (): Bytes => tlv(TAG.null);
export const octetString = (bytes: Uint8Array): Bytes => tlv(TAG.octetString, bytes);
export const bitString = (bytes: Uint8Array): Bytes => tlv(TAG.bitString, Uint8Array.of(0), bytes);
export const utf8String = (text: string): Bytes => tlv(TAG.utf8String, utf8(text));
export const printableString = (text: string): Bytes => tlv(TAG.printableString, utf8(text));
export const ia5String = (text: string): Bytes => tlv(TAG.ia5String, utf8(text));

/** UTF-16BE, as PKCS#12 attributes ask. */
export function bmpString(text: string): Bytes {
  const bytes = new Uint8Array(text.length * 2);
  for (let i = 0; i < text.length; i++) new DataView(bytes.buffer).setUint16(2 * i, text.charCodeAt(i));
  return tlv(TAG.bmpString, bytes);
}

/** A named-bit list without trailing zero bits. */
export function namedBits(bits: readonly number[]): Bytes {
  const highest = Math.max(-1, ...bits);
  const bytes = new Uint8Array(Math.ceil((highest + 1) / 8));
  for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  const unused = highest < 0 ? 0 : 7 - (highest & 7);
  return tlv(TAG.bitString, Uint8Array.of(unused), bytes);
}

function base128(arc: bigint): number[] {
  const bytes = [Number(arc & 0x7fn)];
  for (let rest = arc >> 7n; rest > 0n; rest >>= 7n) bytes.unshift(Number(rest & 0x7fn) | 0x80);
  return bytes;
}

const oidCache = new Map<string, Bytes>();

/** Arcs of any size: the project's own arc hangs under a 128-bit UUID (X.667). */
export function oid(dotted: string): Bytes {
  const known = oidCache.get(dotted);
  if (known !== undefined) return known;
  const [first = 0n, second = 0n, ...rest] = dotted.split('.').map(BigInt);
  const encoded = tlv(TAG.oid, Uint8Array.from([first * 40n + second, ...rest].flatMap(base128)));
  oidCache.set(dotted, encoded);
  return encoded;
}

/** RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050; whole seconds. */
export function time(at: Instant): Bytes {
  const digits = formatInstant(at).replaceAll(/[-:T]/g, '').slice(0, 14);
  const year = Number(digits.slice(0, 4));
  return year >= 1950 && year < 2050
    ? tlv(TAG.utcTime, utf8(`${digits.slice(2)}Z`))
    : tlv(TAG.generalizedTime, utf8(`${digits}Z`));
}

/** GeneralizedTime with milliseconds, without trailing zeros (RFC 3161 section 2.4.2). */
export function generalizedTime(at: Instant): Bytes {
  const text = formatInstant(at);
  const digits = text.replaceAll(/[-:T]/g, '').slice(0, 14);
  const fraction = text.slice(20, 23).replace(/0+$/, '');
  return tlv(TAG.generalizedTime, utf8(`${digits}${fraction === '' ? '' : `.${fraction}`}Z`));
}
