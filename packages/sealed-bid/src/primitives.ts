/**
 * What the `intl` suite needs from a platform. All inputs and outputs are raw bytes; the two implementations
 * (WebCrypto with noble, node:crypto) agree byte for byte.
 */
export interface Primitives {
  /** SHA-256 over the concatenation of the parts. */
  readonly sha256: (...parts: readonly Uint8Array[]) => Promise<Uint8Array>;
  readonly hmacSha256: (key: Uint8Array, ...parts: readonly Uint8Array[]) => Promise<Uint8Array>;
  /** RFC 5869, extract then expand; at most 8160 bytes. */
  readonly hkdfSha256: (ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number) => Promise<Uint8Array>;
  /** AES-256-GCM with a 12-byte nonce; gives ciphertext ‖ 16-byte tag. */
  readonly aesGcmSeal: (
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    plaintext: Uint8Array,
  ) => Promise<Uint8Array>;
  /** `undefined` when the tag does not fit. */
  readonly aesGcmOpen: (
    key: Uint8Array,
    nonce: Uint8Array,
    aad: Uint8Array,
    sealed: Uint8Array,
  ) => Promise<Uint8Array | undefined>;
  /** 65-byte uncompressed point of a 32-byte scalar; `undefined` unless 0 < scalar < n. */
  readonly p256PublicKey: (scalar: Uint8Array) => Promise<Uint8Array | undefined>;
  /** The x coordinate (32 bytes); `undefined` for an invalid scalar or point. */
  readonly p256SharedSecret: (scalar: Uint8Array, point: Uint8Array) => Promise<Uint8Array | undefined>;
  /** Uncompressed, 65 bytes, on the curve. */
  readonly isP256Point: (point: Uint8Array) => boolean;
  /** ECDSA with SHA-256, deterministic (RFC 6979), 64 bytes r ‖ s. */
  readonly p256Sign: (scalar: Uint8Array, message: Uint8Array) => Promise<Uint8Array>;
  readonly p256Verify: (point: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;
}
