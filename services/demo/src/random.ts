import { createHash } from 'node:crypto';

/** Numbers from a seed, the same on every machine; for content, never for keys. */
export interface SeededNumbers {
  /** 0 ≤ n < below. */
  below(name: string, below: number): number;
}

export const seededNumbers = (seed: string): SeededNumbers => ({
  below: (name, below) => createHash('sha256').update(`${seed}\n${name}`).digest().readUInt32BE(0) % below,
});
