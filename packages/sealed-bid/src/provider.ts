/** Suites of the final wire format. `gm` (SM2, SM3, SM4-CTR with HMAC-SM3) is reserved: no provider yet. */
export const suites = ['intl'] as const;
export type SuiteId = (typeof suites)[number];

/** Place of an AEAD message under its key; a record or tree is `{ index: 0, last: false }` under a key of its own. */
export interface ChunkPosition {
  readonly index: number;
  readonly last: boolean;
}

/** Everything in the container that depends on the suite. Promises only: a suite may live in WebCrypto or a worker. */
export interface CryptoProvider {
  readonly suite: SuiteId;
  readonly aeadKeyLength: number;
  readonly aeadTagLength: number;
  readonly hash: (...parts: readonly Uint8Array[]) => Promise<Uint8Array>;
  readonly mac: (key: Uint8Array, ...parts: readonly Uint8Array[]) => Promise<Uint8Array>;
  readonly hkdf: (ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number) => Promise<Uint8Array>;
  readonly hkdfExtract: (salt: Uint8Array, ikm: Uint8Array) => Promise<Uint8Array>;
  readonly hkdfExpand: (prk: Uint8Array, info: Uint8Array, length: number) => Promise<Uint8Array>;
  readonly aeadSeal: (key: Uint8Array, at: ChunkPosition, hh: Uint8Array, plaintext: Uint8Array) => Promise<Uint8Array>;
  /** `undefined` when the tag does not fit. */
  readonly aeadOpen: (
    key: Uint8Array,
    at: ChunkPosition,
    hh: Uint8Array,
    sealed: Uint8Array,
  ) => Promise<Uint8Array | undefined>;
  /** PKE: deterministic from 48 bytes of coins. @throws DomainError `E_POINT` */
  readonly wrap: (publicKey: Uint8Array, secret: Uint8Array, ctx: Uint8Array, coins: Uint8Array) => Promise<Uint8Array>;
  /** `undefined` when the wrap does not open with this key. */
  readonly unwrap: (scalar: Uint8Array, wrapped: Uint8Array, ctx: Uint8Array) => Promise<Uint8Array | undefined>;
  /** `undefined` for an invalid scalar. */
  readonly publicKeyOf: (scalar: Uint8Array) => Promise<Uint8Array | undefined>;
  readonly isPublicKey: (point: Uint8Array) => boolean;
  /** Capability key and proof of possession: P-256 in every suite. */
  readonly sign: (scalar: Uint8Array, message: Uint8Array) => Promise<Uint8Array>;
  readonly verify: (point: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;
}
