import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes } from '@qej/kernel';
import { intlProvider } from './intl-suite.ts';
import { isP256Point, p256PublicKey, p256SharedSecret, p256Sign } from './p256.ts';
import type { Primitives } from './primitives.ts';
import type { CryptoProvider } from './provider.ts';

const { subtle } = globalThis.crypto;

/** WebCrypto's types refuse shared memory; this package never holds any. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

const aesKey = (key: Uint8Array, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> =>
  subtle.importKey('raw', own(key), 'AES-GCM', false, [usage]);

const gcm = (nonce: Uint8Array, aad: Uint8Array): AesGcmParams => ({
  name: 'AES-GCM',
  iv: own(nonce),
  additionalData: own(aad),
  tagLength: 128,
});

async function aesGcmOpen(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array | undefined> {
  const imported = await aesKey(key, 'decrypt');
  try {
    return new Uint8Array(await subtle.decrypt(gcm(nonce, aad), imported, own(sealed)));
  } catch (error) {
    if (error instanceof DOMException && error.name === 'OperationError') return undefined;
    throw error;
  }
}

async function p256Verify(point: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  if (!isP256Point(point) || signature.length !== 64) return false;
  const key = await subtle.importKey('raw', own(point), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
  return subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, key, own(signature), own(message));
}

/** Bulk work in WebCrypto; small HMACs and P-256 from a given scalar in noble (WebCrypto imports no bare scalar). */
export const webPrimitives: Primitives = {
  sha256: async (...parts) => {
    const only = parts.length === 1 ? parts[0] : undefined;
    return new Uint8Array(await subtle.digest('SHA-256', own(only ?? concatBytes(...parts))));
  },
  hmacSha256: async (key, ...parts) => hmac(sha256, key, concatBytes(...parts)),
  hkdfSha256: async (ikm, salt, info, length) => {
    const key = await subtle.importKey('raw', own(ikm), 'HKDF', false, ['deriveBits']);
    return new Uint8Array(
      await subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: own(salt), info: own(info) }, key, length * 8),
    );
  },
  aesGcmSeal: async (key, nonce, aad, plaintext) =>
    new Uint8Array(await subtle.encrypt(gcm(nonce, aad), await aesKey(key, 'encrypt'), own(plaintext))),
  aesGcmOpen,
  p256PublicKey: async (scalar) => p256PublicKey(scalar),
  p256SharedSecret: async (scalar, point) => p256SharedSecret(scalar, point),
  isP256Point,
  p256Sign: async (scalar, message) => p256Sign(scalar, message),
  p256Verify,
};

/** Suite `intl` on WebCrypto: browsers and Node. */
export const webCryptoProvider: CryptoProvider = intlProvider(webPrimitives);
