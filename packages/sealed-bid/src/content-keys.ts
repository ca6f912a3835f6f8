import { concatBytes, lengthValue, u32be, utf8 } from '@qej/kernel';
import { label } from './labels.ts';
import type { CryptoProvider } from './provider.ts';

/** cb = H(L("cb") ‖ ctx ‖ b). */
export const bidderCommit = (provider: CryptoProvider, ctx: Uint8Array, b: Uint8Array): Promise<Uint8Array> =>
  provider.hash(label(provider, 'cb'), ctx, b);

/** b_s = HKDF(ikm = B, salt = ctx_s, info = L("bidder-half"), 32). */
export const bidderHalf = (provider: CryptoProvider, bidderSecret: Uint8Array, ctx: Uint8Array): Promise<Uint8Array> =>
  provider.hkdf(bidderSecret, ctx, label(provider, 'bidder-half'), 32);

/** CK = HKDF-Extract(salt = ctx, ikm = LV(b) ‖ LV(h)). */
export const contentKey = (
  provider: CryptoProvider,
  ctx: Uint8Array,
  b: Uint8Array,
  h: Uint8Array,
): Promise<Uint8Array> => provider.hkdfExtract(ctx, concatBytes(lengthValue(b), lengthValue(h)));

/** KC = Expand(CK, L("key-commit"), 32). */
export const keyCommit = (provider: CryptoProvider, ck: Uint8Array): Promise<Uint8Array> =>
  provider.hkdfExpand(ck, label(provider, 'key-commit'), 32);

/** Key of the record, or of the leaf tree: Expand(CK, L(name) ‖ hh, keyLen). */
export const blockKey = (
  provider: CryptoProvider,
  ck: Uint8Array,
  name: 'record' | 'tree',
  hh: Uint8Array,
): Promise<Uint8Array> => provider.hkdfExpand(ck, concatBytes(label(provider, name), hh), provider.aeadKeyLength);

export interface FileKeyInput {
  readonly part: string;
  readonly index: number;
  readonly salt: Uint8Array;
}

/** Kf = Expand(CK, L("file") ‖ hh ‖ LV(part) ‖ u32 f ‖ fileSalt, keyLen). */
export const fileKey = (
  provider: CryptoProvider,
  ck: Uint8Array,
  hh: Uint8Array,
  { part, index, salt }: FileKeyInput,
): Promise<Uint8Array> =>
  provider.hkdfExpand(
    ck,
    concatBytes(label(provider, 'file'), hh, lengthValue(utf8(part)), u32be(index), salt),
    provider.aeadKeyLength,
  );
