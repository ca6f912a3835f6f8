/** Size of a chunk's plaintext and of a pool object. */
export const MEBIBYTE = 1_048_576;

/**
 * Padmé (Nikitin and others, "Reducing Metadata Leakage from Encrypted Files", PETS 2019, algorithm 1):
 * at most 12 % longer, O(log log n) bits of length left.
 */
export function padme(length: number): number {
  if (!Number.isSafeInteger(length) || length < 0) throw new RangeError('length');
  if (length < 2) return length;
  const e = Math.floor(Math.log2(length));
  // Math.log2 may round up just below a power of two
  const exponent = 2 ** e > length ? e - 1 : e;
  const step = 2 ** (exponent - Math.floor(Math.log2(exponent)) - 1);
  return Math.ceil(length / step) * step;
}

/** Number of chunks of a file: an empty file has one empty chunk. */
export const chunkCount = (length: number): number => Math.max(1, Math.ceil(padme(length) / MEBIBYTE));
