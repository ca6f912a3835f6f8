import type { Ratio } from './harness.ts';

export interface JobOptions {
  /** Rounds that count, at least 5. */
  readonly rounds: number;
  /** Small sizes: shows that a job works, says nothing about speed. */
  readonly quick: boolean;
}

/** One job of `./qej bench`. It throws when what it measured gave a wrong result: only that makes the exit code 1. */
export interface Job {
  readonly name: string;
  readonly title: string;
  readonly run: (options: JobOptions) => Promise<readonly Ratio[]>;
}
