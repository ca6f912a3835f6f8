import { concatBytes, lengthValue, u32be, utf8 } from '@qej/kernel';
import type { CryptoProvider } from './provider.ts';
import type { ContentStage, Stage } from './stages.ts';

/**
 * Everything secret of one sealing attempt, 64 bytes: kept by the bidder only (wallet blob), never on the wire.
 * The same secrets and the same files give the same bytes again. A file that was edited needs new secrets.
 */
export interface SealSecrets {
  /** 32 random bytes; B, h_s, salts, nonces and the object seed are derived from it. */
  readonly attempt: Uint8Array;
  /** Scalar of the capability key; a replacement keeps it and takes a new attempt. */
  readonly capability: Uint8Array;
}

/** Fresh secrets; give the capability of the bid to be replaced, or none for a first one. */
export async function newSealSecrets(provider: CryptoProvider, capability?: Uint8Array): Promise<SealSecrets> {
  const random = (): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(32));
  const attempt = random();
  let scalar = capability ?? random();
  while ((await provider.publicKeyOf(scalar)) === undefined) scalar = random();
  return { attempt, capability: scalar };
}

const SALT = utf8('qej-seal-attempt/1');
const derive = (
  provider: CryptoProvider,
  { attempt }: SealSecrets,
  name: string,
  suffix: Uint8Array = new Uint8Array(0),
  length = 32,
): Promise<Uint8Array> => provider.hkdf(attempt, SALT, concatBytes(lengthValue(utf8(name)), suffix), length);

/** Values whose form the container fixes and whose origin is the bidder's business. */
export const derivedSecrets = {
  bidNonce: (provider: CryptoProvider, of: SealSecrets) => derive(provider, of, 'bid-nonce'),
  bidderSecret: (provider: CryptoProvider, of: SealSecrets) => derive(provider, of, 'bidder-secret'),
  wrapCoins: (provider: CryptoProvider, of: SealSecrets) => derive(provider, of, 'wrap-coins', new Uint8Array(0), 48),
  ownerSalt: (provider: CryptoProvider, of: SealSecrets) => derive(provider, of, 'owner-salt'),
  objectSeed: (provider: CryptoProvider, of: SealSecrets) => derive(provider, of, 'object-seed'),
  entropy: (provider: CryptoProvider, of: SealSecrets) => derive(provider, of, 'entropy'),
  /** Bound to the record: another record under the same secrets never meets the same key and nonce. */
  officeHalf: async (provider: CryptoProvider, of: SealSecrets, stage: Stage, recordBlock: Uint8Array) =>
    derive(provider, of, 'office-half', concatBytes(lengthValue(utf8(stage)), await provider.hash(recordBlock))),
  priceSalt: (provider: CryptoProvider, of: SealSecrets) => derive(provider, of, 'price-salt'),
  fileSalt: (provider: CryptoProvider, of: SealSecrets, stage: ContentStage, index: number) =>
    derive(provider, of, 'file-salt', concatBytes(lengthValue(utf8(stage)), u32be(index))),
} as const;
