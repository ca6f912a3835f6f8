import { concatBytes, utf8 } from '@qej/kernel';
import { refusal } from './errors.ts';
import type { Primitives } from './primitives.ts';

/**
 * RFC 9180 base mode, DHKEM(P-256, HKDF-SHA256) / HKDF-SHA256 / AES-256-GCM, single shot, empty aad.
 * Written here because the ephemeral key must come from given coins (DeriveKeyPair), so that a third party
 * can recompute every wrap (the opening rule).
 */
const KEM_ID = Uint8Array.of(0x00, 0x10);
const KEM_SUITE = concatBytes(utf8('KEM'), KEM_ID);
const HPKE_SUITE = concatBytes(utf8('HPKE'), KEM_ID, Uint8Array.of(0x00, 0x01, 0x00, 0x02));
const VERSION = utf8('HPKE-v1');
const EMPTY = new Uint8Array(0);
const POINT_LENGTH = 65;
const HASH_LENGTH = 32;

const u16be = (value: number): Uint8Array => Uint8Array.of(value >> 8, value & 0xff);

/** RFC 5869 section 2.3. */
export async function hkdfExpand(
  p: Primitives,
  prk: Uint8Array,
  info: Uint8Array,
  length: number,
): Promise<Uint8Array> {
  if (length > 255 * HASH_LENGTH) throw new RangeError('HKDF output too long');
  const blocks: Uint8Array[] = [];
  let previous: Uint8Array = EMPTY;
  for (let i = 1; blocks.length * HASH_LENGTH < length; i++) {
    previous = await p.hmacSha256(prk, previous, info, Uint8Array.of(i));
    blocks.push(previous);
  }
  return concatBytes(...blocks).slice(0, length);
}

/** RFC 9180 section 4. */
const labeledExtract = (
  p: Primitives,
  suite: Uint8Array,
  salt: Uint8Array,
  label: string,
  ikm: Uint8Array,
): Promise<Uint8Array> =>
  p.hmacSha256(salt.length === 0 ? new Uint8Array(HASH_LENGTH) : salt, VERSION, suite, utf8(label), ikm);

interface Expansion {
  readonly suite: Uint8Array;
  readonly prk: Uint8Array;
  readonly label: string;
  readonly info: Uint8Array;
  readonly length: number;
}

const labeledExpand = (p: Primitives, { suite, prk, label, info, length }: Expansion): Promise<Uint8Array> =>
  hkdfExpand(p, prk, concatBytes(u16be(length), VERSION, suite, utf8(label), info), length);

/** RFC 9180 section 7.1.3. */
export async function deriveKeyPair(
  p: Primitives,
  ikm: Uint8Array,
): Promise<{ scalar: Uint8Array; point: Uint8Array }> {
  const prk = await labeledExtract(p, KEM_SUITE, EMPTY, 'dkp_prk', ikm);
  for (let counter = 0; counter < 256; counter++) {
    const info = Uint8Array.of(counter);
    const scalar = await labeledExpand(p, { suite: KEM_SUITE, prk, label: 'candidate', info, length: 32 });
    const point = await p.p256PublicKey(scalar);
    if (point !== undefined) return { scalar, point };
  }
  throw new Error('DeriveKeyPairError'); // probability about 2^-8192
}

interface Exchange {
  readonly dh: Uint8Array;
  readonly enc: Uint8Array;
  readonly recipient: Uint8Array;
  readonly info: Uint8Array;
}

/** ExtractAndExpand of section 4.1, then KeySchedule of section 5.1 in base mode. */
export async function keySchedule(
  p: Primitives,
  { dh, enc, recipient, info }: Exchange,
): Promise<{ key: Uint8Array; nonce: Uint8Array }> {
  const eaePrk = await labeledExtract(p, KEM_SUITE, EMPTY, 'eae_prk', dh);
  const kemContext = concatBytes(enc, recipient);
  const shared = await labeledExpand(p, {
    suite: KEM_SUITE,
    prk: eaePrk,
    label: 'shared_secret',
    info: kemContext,
    length: 32,
  });
  const pskIdHash = await labeledExtract(p, HPKE_SUITE, EMPTY, 'psk_id_hash', EMPTY);
  const infoHash = await labeledExtract(p, HPKE_SUITE, EMPTY, 'info_hash', info);
  const context = concatBytes(Uint8Array.of(0), pskIdHash, infoHash);
  const prk = await labeledExtract(p, HPKE_SUITE, shared, 'secret', EMPTY);
  return {
    key: await labeledExpand(p, { suite: HPKE_SUITE, prk, label: 'key', info: context, length: 32 }),
    nonce: await labeledExpand(p, { suite: HPKE_SUITE, prk, label: 'base_nonce', info: context, length: 12 }),
  };
}

export interface HpkeMessage {
  readonly recipient: Uint8Array;
  readonly info: Uint8Array;
}

/** enc(65) ‖ ciphertext ‖ tag(16), the ephemeral key derived from `coins`. @throws DomainError `E_POINT` */
export async function hpkeSeal(
  p: Primitives,
  to: HpkeMessage,
  plaintext: Uint8Array,
  coins: Uint8Array,
): Promise<Uint8Array> {
  const { scalar, point: enc } = await deriveKeyPair(p, coins);
  const dh = p.isP256Point(to.recipient) ? await p.p256SharedSecret(scalar, to.recipient) : undefined;
  if (dh === undefined) throw refusal('E_POINT', { detail: 'recipient key' });
  const { key, nonce } = await keySchedule(p, { dh, enc, ...to });
  return concatBytes(enc, await p.aesGcmSeal(key, nonce, EMPTY, plaintext));
}

/** `dh` gives the x coordinate of the recipient's scalar times enc, or `undefined`; so the key may be non-extractable. */
export async function hpkeOpen(
  p: Primitives,
  to: HpkeMessage,
  sealed: Uint8Array,
  dh: (enc: Uint8Array) => Promise<Uint8Array | undefined>,
): Promise<Uint8Array | undefined> {
  if (sealed.length < POINT_LENGTH + 16) return undefined;
  const enc = sealed.slice(0, POINT_LENGTH);
  const shared = p.isP256Point(enc) ? await dh(enc) : undefined;
  if (shared === undefined) return undefined;
  const { key, nonce } = await keySchedule(p, { dh: shared, enc, ...to });
  return p.aesGcmOpen(key, nonce, EMPTY, sealed.slice(POINT_LENGTH));
}
