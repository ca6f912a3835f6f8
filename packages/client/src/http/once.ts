import { ApiError } from '@qej/contract';
import { pause, STEP_PATIENCE_MS } from './retry.ts';

const codeOf = (error: unknown): string | undefined => (error instanceof ApiError ? error.code : undefined);

export interface OnceOptions {
  /** How long a step may wait for others, for example for the witness. */
  readonly patienceMs?: number;
  /** Refusals after which it is worth looking again. */
  readonly unless?: readonly string[];
}

/** A step that was cut off may already have been done: then the second try is refused with one of these. */
const MAYBE_DONE = [
  'E_STATE',
  'E_CONFLICT',
  'E_ALREADY_SIGNED',
  'E_SIGNING_BUSY',
  'E_WITNESS_MISSING',
  'E_IDEMPOTENCY',
];

const WRONG_STAGE_MS = 30_000;

/**
 * Does a step once, however often it is begun: looks whether it is done, acts, and looks again where the refusal may mean
 * that an earlier try went through.
 * @throws the refusal, when the step is still not done after it
 */
export async function doOnce<T>(
  done: () => Promise<T | undefined>,
  act: () => Promise<unknown>,
  { patienceMs = STEP_PATIENCE_MS, unless = [] }: OnceOptions = {},
): Promise<T> {
  const began = performance.now();
  for (;;) {
    const before = await done();
    if (before !== undefined) return before;
    try {
      await act();
    } catch (error) {
      const code = codeOf(error);
      if (code === undefined || !(MAYBE_DONE.includes(code) || unless.includes(code))) throw error;
      const after = await done();
      if (after !== undefined) return after;
      // A wrong stage does not mend itself; only what is under way in the background is waited for.
      const limit = code === 'E_STATE' ? Math.min(WRONG_STAGE_MS, patienceMs) : patienceMs;
      if (performance.now() - began > limit) throw error;
      await pause(300);
      continue;
    }
    const after = await done();
    if (after !== undefined) return after;
    if (performance.now() - began > patienceMs) throw new Error('the step was accepted and still does not show');
    await pause(300);
  }
}
