import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  createHash,
  createHmac,
  createPublicKey,
  hkdfSync,
  verify,
} from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { concatBytes, toBase64Url } from '@qej/kernel';
import type { ByteSource } from './byte-source.ts';
import { intlProvider } from './intl-suite.ts';
import { isP256Point, isP256Scalar, p256Sign } from './p256.ts';
import type { Primitives } from './primitives.ts';
import type { CryptoProvider } from './provider.ts';

const TAG_LENGTH = 16;

function sha256(parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
}

function hmacSha256(key: Uint8Array, parts: readonly Uint8Array[]): Uint8Array {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return new Uint8Array(mac.digest());
}

function aesGcmSeal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
  cipher.setAAD(aad);
  return concatBytes(cipher.update(plaintext), cipher.final(), cipher.getAuthTag());
}

function aesGcmOpen(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined {
  if (sealed.length < TAG_LENGTH) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_LENGTH });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_LENGTH));
  const plaintext = decipher.update(sealed.subarray(0, sealed.length - TAG_LENGTH));
  try {
    decipher.final();
  } catch {
    // final() throws for one reason only: the tag does not fit
    return undefined;
  }
  return new Uint8Array(plaintext);
}

function keyPair(scalar: Uint8Array): ReturnType<typeof createECDH> | undefined {
  if (!isP256Scalar(scalar)) return undefined;
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(scalar);
  return ecdh;
}

function p256SharedSecret(scalar: Uint8Array, point: Uint8Array): Uint8Array | undefined {
  if (point.length !== 65 || point[0] !== 4) return undefined;
  try {
    const secret = keyPair(scalar)?.computeSecret(point);
    return secret === undefined ? undefined : new Uint8Array(secret);
  } catch {
    // OpenSSL refuses a point off the curve; its error codes differ between versions
    return undefined;
  }
}

function p256Verify(point: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (!isP256Point(point) || signature.length !== 64) return false;
  const jwk = { kty: 'EC', crv: 'P-256', x: toBase64Url(point.slice(1, 33)), y: toBase64Url(point.slice(33)) };
  const key = createPublicKey({ key: jwk, format: 'jwk' });
  return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
}

/** The same bytes as the WebCrypto primitives, several times faster where many bids are opened. */
export const nodePrimitives: Primitives = {
  sha256: async (...parts) => sha256(parts),
  hmacSha256: async (key, ...parts) => hmacSha256(key, parts),
  hkdfSha256: async (ikm, salt, info, length) => new Uint8Array(hkdfSync('sha256', ikm, salt, info, length)),
  aesGcmSeal: async (key, nonce, aad, plaintext) => aesGcmSeal(key, nonce, aad, plaintext),
  aesGcmOpen: async (key, nonce, aad, sealed) => aesGcmOpen(key, nonce, aad, sealed),
  p256PublicKey: async (scalar) => {
    const point = keyPair(scalar)?.getPublicKey();
    return point === undefined ? undefined : new Uint8Array(point);
  },
  p256SharedSecret: async (scalar, point) => p256SharedSecret(scalar, point),
  isP256Point,
  p256Sign: async (scalar, message) => p256Sign(scalar, message),
  p256Verify: async (point, message, signature) => p256Verify(point, message, signature),
};

/** Suite `intl` on node:crypto. */
export const nodeProvider: CryptoProvider = intlProvider(nodePrimitives);

/** A file to seal, read piece by piece; the caller opens and closes the handle. */
export async function fileSource(handle: FileHandle): Promise<ByteSource> {
  const { size } = await handle.stat();
  return {
    size,
    slice: async (from, to) => {
      const bytes = new Uint8Array(to - from);
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      return bytes.subarray(0, bytesRead);
    },
  };
}
