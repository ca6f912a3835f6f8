import { fromUtf8, instant, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { TAG, readDer, refuseDer } from './read.ts';
import type { DerNode } from './read.ts';

const expect = (node: DerNode, tag: number): Uint8Array =>
  node.tag === tag ? node.content : refuseDer(`expected tag ${tag.toString(16)}, found ${node.tag.toString(16)}`);

/** Two's complement content octets, minimal. */
export function derIntegerBytes(node: DerNode): Uint8Array {
  const content = expect(node, TAG.integer);
  const [first, second] = content;
  if (first === undefined) return refuseDer('empty INTEGER');
  if (second !== undefined && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))) {
    return refuseDer('INTEGER is not minimal');
  }
  return content;
}

/** @throws DomainError `E_DER` when negative. */
export function derUnsigned(node: DerNode): bigint {
  const content = derIntegerBytes(node);
  if ((content[0] ?? 0) >= 0x80) return refuseDer('negative INTEGER');
  return BigInt(`0x${toHex(content)}`);
}

export function derSmall(node: DerNode): number {
  const value = derUnsigned(node);
  return value > 0x7fff_ffffn ? refuseDer('INTEGER is too large here') : Number(value);
}

export function derBoolean(node: DerNode): boolean {
  const content = expect(node, TAG.boolean);
  if (content.length !== 1 || (content[0] !== 0 && content[0] !== 0xff)) return refuseDer('BOOLEAN is not DER');
  return content[0] === 0xff;
}

export const derOctets = (node: DerNode): Uint8Array => expect(node, TAG.octetString);

/** A BIT STRING whose length is a whole number of bytes. */
export function derBits(node: DerNode): Uint8Array {
  const content = expect(node, TAG.bitString);
  return content[0] === 0 ? content.subarray(1) : refuseDer('BIT STRING with unused bits');
}

/** Numbers of the bits that are set in a named-bit list (X.690 11.2.2: no trailing zero bits). */
export function derNamedBits(node: DerNode): ReadonlySet<number> {
  const content = expect(node, TAG.bitString);
  const unused = content[0];
  if (unused === undefined || unused > 7 || (content.length === 1 && unused !== 0)) return refuseDer('BIT STRING');
  const last = content.at(-1) ?? 0;
  if (content.length > 1 && (last & ((1 << unused) - 1)) !== 0) return refuseDer('BIT STRING padding is not zero');
  const bits = new Set<number>();
  for (let i = 0; i < (content.length - 1) * 8; i++) {
    if (((content[1 + (i >> 3)] ?? 0) & (0x80 >> (i & 7))) !== 0) bits.add(i);
  }
  return bits;
}

export function derOid(node: DerNode): string {
  const content = expect(node, TAG.oid);
  if (content.length === 0 || content.length > 64 || (content.at(-1) ?? 0x80) >= 0x80)
    return refuseDer('OBJECT IDENTIFIER');
  const arcs: bigint[] = [];
  let arc = 0n;
  let fresh = true;
  for (const byte of content) {
    if (fresh && byte === 0x80) return refuseDer('OBJECT IDENTIFIER is not minimal');
    arc = (arc << 7n) | BigInt(byte & 0x7f);
    fresh = byte < 0x80;
    if (fresh) {
      arcs.push(arc);
      arc = 0n;
    }
  }
  const head = arcs[0] ?? 0n;
  const top = head < 40n ? 0n : head < 80n ? 1n : 2n;
  return [top, head - top * 40n, ...arcs.slice(1)].join('.');
}

const UTC = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/;
const GENERALIZED = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.(\d{0,2}[1-9]))?Z$/;

function latin1(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** UTCTime (RFC 5280: 50–99 is 19xx) or GeneralizedTime with at most milliseconds (RFC 3161 section 2.4.2). */
export function derTime(node: DerNode): Instant {
  const isUtc = node.tag === TAG.utcTime;
  if (!isUtc && node.tag !== TAG.generalizedTime) return refuseDer('expected a time');
  const match = (isUtc ? UTC : GENERALIZED).exec(latin1(node.content));
  if (match === null) return refuseDer('time is not DER');
  const [, yearText = '', month, day, hour, minute, second, fraction = ''] = match;
  const short = Number(yearText);
  const year = isUtc ? short + (short >= 50 ? 1900 : 2000) : short;
  const text = `${String(year).padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0')}Z`;
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== text) return refuseDer('no such time');
  return instant(milliseconds);
}

const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;

/** DirectoryString and IA5String. */
export function derText(node: DerNode): string {
  const { tag, content } = node;
  if (tag === TAG.utf8String) {
    try {
      return fromUtf8(content);
    } catch {
      return refuseDer('UTF8String is not UTF-8');
    }
  }
  if (tag === TAG.bmpString && content.length % 2 === 0) {
    let text = '';
    for (let i = 0; i < content.length; i += 2)
      text += String.fromCharCode(((content[i] ?? 0) << 8) | (content[i + 1] ?? 0));
    return text;
  }
  const text = latin1(content);
  if (tag === TAG.printableString && PRINTABLE.test(text)) return text;
  if (tag === TAG.ia5String && content.every((byte) => byte < 0x80)) return text;
  return refuseDer('unsupported string');
}

/** The value that an OCTET STRING wraps (extensions, PKCS#8). */
export const derWrapped = (node: DerNode): DerNode => readDer(derOctets(node));
