import { hkdfExpand, hpkeOpen, hpkeSeal } from './hpke.ts';
import type { Primitives } from './primitives.ts';
import type { ChunkPosition, CryptoProvider } from './provider.ts';

const MAX_CHUNKS = 2 ** 32;

/** u88 index ‖ u8 last (docs/formats/sealed-bid.md, "Chunks"). */
function nonceOf({ index, last }: ChunkPosition): Uint8Array {
  if (!Number.isInteger(index) || index < 0 || index >= MAX_CHUNKS) throw new RangeError('chunk index out of range');
  const nonce = new Uint8Array(12);
  new DataView(nonce.buffer).setUint32(7, index);
  nonce[11] = last ? 1 : 0;
  return nonce;
}

/** Suite `intl`: SHA-256, HKDF-SHA-256, AES-256-GCM, HPKE base mode over P-256. */
export function intlProvider(p: Primitives): CryptoProvider {
  return {
    suite: 'intl',
    aeadKeyLength: 32,
    aeadTagLength: 16,
    hash: p.sha256,
    mac: p.hmacSha256,
    hkdf: p.hkdfSha256,
    hkdfExtract: (salt, ikm) => p.hmacSha256(salt, ikm),
    hkdfExpand: (prk, info, length) => hkdfExpand(p, prk, info, length),
    aeadSeal: (key, at, hh, plaintext) => p.aesGcmSeal(key, nonceOf(at), hh, plaintext),
    aeadOpen: (key, at, hh, sealed) => p.aesGcmOpen(key, nonceOf(at), hh, sealed),
    wrap: (recipient, secret, ctx, coins) => hpkeSeal(p, { recipient, info: ctx }, secret, coins),
    unwrap: async (scalar, wrapped, ctx) => {
      const recipient = await p.p256PublicKey(scalar);
      if (recipient === undefined) return undefined;
      return hpkeOpen(p, { recipient, info: ctx }, wrapped, (enc) => p.p256SharedSecret(scalar, enc));
    },
    publicKeyOf: p.p256PublicKey,
    isPublicKey: p.isP256Point,
    sign: p.p256Sign,
    verify: p.p256Verify,
  };
}
