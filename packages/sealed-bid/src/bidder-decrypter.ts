import { refusal } from './errors.ts';
import { hpkeOpen } from './hpke.ts';
import { isP256Point } from './p256.ts';
import type { CryptoProvider } from './provider.ts';
import { webPrimitives } from './web-provider.ts';

/** Unwraps WB with the bidder's encryption key, wherever that key lives. @throws DomainError `E_UNWRAP` */
export interface BidderDecrypter {
  unwrap(wrapped: Uint8Array, ctx: Uint8Array): Promise<Uint8Array>;
}

const requireSecret = (secret: Uint8Array | undefined): Uint8Array => {
  if (secret?.length !== 32) throw refusal('E_UNWRAP', { detail: 'another key, or another bid' });
  return secret;
};

/** For a non-extractable WebCrypto key: ECDH, P-256, usage deriveBits. `point`: its public key, 65 bytes. */
export function webCryptoDecrypter(privateKey: CryptoKey, point: Uint8Array): BidderDecrypter {
  if (!isP256Point(point)) throw refusal('E_POINT', { detail: 'bidder key' });
  const { subtle } = globalThis.crypto;
  const dh = async (enc: Uint8Array): Promise<Uint8Array> => {
    const peer = await subtle.importKey('raw', enc.slice(), { name: 'ECDH', namedCurve: 'P-256' }, false, []);
    return new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: peer }, privateKey, 256));
  };
  return {
    unwrap: async (wrapped, ctx) =>
      requireSecret(await hpkeOpen(webPrimitives, { recipient: point, info: ctx }, wrapped, dh)),
  };
}

/** For a 32-byte scalar in memory: the shell client and tests. */
export const scalarDecrypter = (provider: CryptoProvider, scalar: Uint8Array): BidderDecrypter => ({
  unwrap: async (wrapped, ctx) => requireSecret(await provider.unwrap(scalar, wrapped, ctx)),
});
