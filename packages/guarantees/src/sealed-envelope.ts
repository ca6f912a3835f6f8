import { concatBytes, DomainError, lengthValue, u32be, utf8 } from '@qej/kernel';

/** What travels sealed between bidder and guarantor, with its padded length in bytes: the relay sees one length a kind. */
export const envelopeKinds = { application: 16_384, quote: 8_192, certificate: 393_216 } as const;
export type EnvelopeKind = keyof typeof envelopeKinds;

/** Which order and which direction an envelope belongs to; it opens nowhere else. */
export interface EnvelopeContext {
  readonly kind: EnvelopeKind;
  readonly guarantorId: string;
  readonly orderId: string;
}

/** HPKE base mode of RFC 9180 over 32 bytes: `wrap` of a crypto provider (docs/formats/sealed-bid.md, PKE). */
export type KeyWrap = (
  recipient: Uint8Array,
  secret: Uint8Array,
  info: Uint8Array,
  coins: Uint8Array,
) => Promise<Uint8Array>;
/** Whoever holds the recipient's key: keyring page, shell, the bank. Throws when the wrap is for another key. */
export interface KeyUnwrap {
  unwrap(wrapped: Uint8Array, info: Uint8Array): Promise<Uint8Array>;
}

const VERSION = 1;
/** enc (65) ‖ sealed key (32) ‖ tag (16). */
const WRAP_LENGTH = 113;
const TAG_LENGTH = 16;
const OVERHEAD = 1 + WRAP_LENGTH + TAG_LENGTH;
const NONCE = new Uint8Array(12);

const random = (length: number): Uint8Array<ArrayBuffer> => globalThis.crypto.getRandomValues(new Uint8Array(length));
/** WebCrypto's types refuse shared memory; this package never holds any. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

/** "qej-guarantee-envelope/1" ‖ 0x00 ‖ LV(kind) ‖ LV(guarantorId) ‖ LV(orderId). */
export const envelopeInfo = ({ kind, guarantorId, orderId }: EnvelopeContext): Uint8Array<ArrayBuffer> =>
  concatBytes(
    utf8('qej-guarantee-envelope/1'),
    Uint8Array.of(0),
    ...[kind, guarantorId, orderId].map((part) => lengthValue(utf8(part))),
  );

const gcm = (info: Uint8Array): AesGcmParams => ({ name: 'AES-GCM', iv: NONCE, additionalData: own(info) });
const aesKey = (secret: Uint8Array, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> =>
  globalThis.crypto.subtle.importKey('raw', own(secret), 'AES-GCM', false, [usage]);

function pad(bytes: Uint8Array, kind: EnvelopeKind): Uint8Array<ArrayBuffer> {
  const length = envelopeKinds[kind] - OVERHEAD;
  if (bytes.length + 4 > length)
    throw new DomainError('E_ENVELOPE_SIZE', { params: { kind, excess: bytes.length + 4 - length } });
  const padded = new Uint8Array(length);
  padded.set(u32be(bytes.length));
  padded.set(bytes, 4);
  return padded;
}

/**
 * 0x01 ‖ HPKE(recipient, key; info) ‖ AES-256-GCM(key, nonce 0, aad info; u32be length ‖ bytes ‖ zeros), a fresh key each time, always as
 * long as its kind says. Format: docs/formats/guarantee-envelope.md.
 * @param recipient the 65-byte P-256 point of an encryption certificate or of a guarantor's statement.
 * @throws DomainError `E_ENVELOPE_SIZE`, and what `wrap` throws for a point off the curve
 */
export async function sealEnvelope(
  wrap: KeyWrap,
  to: { readonly recipient: Uint8Array; readonly context: EnvelopeContext },
  bytes: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const padded = pad(bytes, to.context.kind);
  const info = envelopeInfo(to.context);
  const secret = random(32);
  const wrapped = await wrap(to.recipient, secret, info, random(48));
  const sealed = await globalThis.crypto.subtle.encrypt(gcm(info), await aesKey(secret, 'encrypt'), padded);
  secret.fill(0);
  return concatBytes(Uint8Array.of(VERSION), wrapped, new Uint8Array(sealed));
}

function unpad(padded: Uint8Array): Uint8Array<ArrayBuffer> | undefined {
  const length = new DataView(padded.buffer, padded.byteOffset).getUint32(0);
  const end = 4 + length;
  if (end > padded.length || padded.subarray(end).some((byte) => byte !== 0)) return undefined;
  return new Uint8Array(padded.slice(4, end));
}

/** @throws DomainError `E_ENVELOPE`, and what the unwrapper throws for another key */
export async function openEnvelope(
  key: KeyUnwrap,
  context: EnvelopeContext,
  envelope: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const refuse = (detail: string): never => {
    throw new DomainError('E_ENVELOPE', { detail });
  };
  if (envelope.length !== envelopeKinds[context.kind] || envelope[0] !== VERSION) return refuse('length or version');
  const info = envelopeInfo(context);
  const secret = await key.unwrap(envelope.slice(1, 1 + WRAP_LENGTH), info);
  const sealed = envelope.slice(1 + WRAP_LENGTH);
  const padded = await globalThis.crypto.subtle
    .decrypt(gcm(info), await aesKey(secret, 'decrypt'), own(sealed))
    .catch(() => refuse('does not open'));
  return unpad(new Uint8Array(padded)) ?? refuse('padding');
}
