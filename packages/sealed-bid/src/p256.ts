import { p256 } from '@noble/curves/nist.js';

const POINT_LENGTH = 65;

/** Uncompressed (0x04), 65 bytes, on the curve, not the identity. */
export function isP256Point(point: Uint8Array): boolean {
  if (point.length !== POINT_LENGTH || point[0] !== 4) return false;
  try {
    p256.Point.fromBytes(point).assertValidity();
    return true;
  } catch {
    // noble says why in words only; for a parser every reason means the same
    return false;
  }
}

export const isP256Scalar = (scalar: Uint8Array): boolean => p256.utils.isValidSecretKey(scalar);

export const p256PublicKey = (scalar: Uint8Array): Uint8Array | undefined =>
  isP256Scalar(scalar) ? p256.getPublicKey(scalar, false) : undefined;

export function p256SharedSecret(scalar: Uint8Array, point: Uint8Array): Uint8Array | undefined {
  if (!isP256Scalar(scalar) || !isP256Point(point)) return undefined;
  return p256.getSharedSecret(scalar, point, true).slice(1);
}

/** RFC 6979, SHA-256, low s, r ‖ s. */
export const p256Sign = (scalar: Uint8Array, message: Uint8Array): Uint8Array =>
  p256.sign(message, scalar, { prehash: true, lowS: true, format: 'compact' });
