import { expand } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, DomainError, lengthValue, u32be, utf8 } from '@qej/kernel';

const STREAM_LABEL = utf8('qej-draw1/stream');
const SEPARATOR = new Uint8Array([0]);
const WORDS = 0x1_0000_0000;

/** What a seed is for (docs/formats/draw.md). Each purpose has a seed of its own: one draw says nothing about another. */
export const drawPurposes = ['committee', 'coefficient', 'tie'] as const;
export type DrawPurpose = (typeof drawPurposes)[number];

/** @throws DomainError `E_DRAW_SEED` unless it is 32 bytes. */
export function checkSeed(seed: Uint8Array): Uint8Array {
  if (seed.length !== 32) throw new DomainError('E_DRAW_SEED', { detail: 'the seed is 32 bytes' });
  return seed;
}

/** 32-bit words of HKDF-Expand(seed, "qej-draw1/stream" ‖ 0x00 ‖ LV(label) ‖ u32be block, 32) for block 0, 1, … */
function* words(seed: Uint8Array, label: string): Generator<number, never> {
  checkSeed(seed);
  const prefix = concatBytes(STREAM_LABEL, SEPARATOR, lengthValue(utf8(label)));
  for (let block = 0; ; block++) {
    const bytes = expand(sha256, seed, concatBytes(prefix, u32be(block)), 32);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let offset = 0; offset < 32; offset += 4) yield view.getUint32(offset);
  }
}

/** An endless source of unbiased numbers below a bound; the label separates uses of one seed. */
export interface DrawSource {
  below(bound: number): number;
}

export function drawSource(seed: Uint8Array, label: string): DrawSource {
  const stream = words(seed, label);
  return {
    /** Rejection sampling: words at or above the greatest multiple of the bound are thrown away. */
    below(bound) {
      if (!Number.isInteger(bound) || bound < 1 || bound > WORDS) throw new RangeError('bound out of range');
      const limit = WORDS - (WORDS % bound);
      let word = stream.next().value;
      while (word >= limit) word = stream.next().value;
      return word % bound;
    },
  };
}

/** Fisher–Yates from the end: for i = n−1 … 1 swap i with below(i + 1), starting from 0, 1, …, n−1. */
export function permute(seed: Uint8Array, label: string, size: number): number[] {
  const source = drawSource(seed, label);
  const order = Array.from({ length: size }, (_, index) => index);
  for (let i = size - 1; i > 0; i--) {
    const j = source.below(i + 1);
    const [atI, atJ] = [order[i], order[j]];
    if (atI === undefined || atJ === undefined) throw new RangeError('permutation index');
    order[i] = atJ;
    order[j] = atI;
  }
  return order;
}
