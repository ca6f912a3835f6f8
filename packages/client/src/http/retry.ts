import { ApiError } from '@qej/contract';

export interface RetryPolicy {
  /** Give up when an answer is still missing after so many milliseconds. */
  readonly patienceMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** Told before each pause, for the progress line. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

/**
 * How long one step waits for the others. A job of the platform that a crash cut off comes back after its lease of a minute;
 * several crashes, and starts that are crashed into before anything is answered, add up.
 */
export const STEP_PATIENCE_MS = 240_000;

export const defaultRetry: RetryPolicy = { patienceMs: STEP_PATIENCE_MS, firstPauseMs: 100, longestPauseMs: 2_000 };

export const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const RETRYABLE_STATUS = new Set([429, 502, 503, 504]);

/** Worth asking again: the server was not reached, ended in the middle, or said that it cannot now. */
export function isTransient(error: unknown): boolean {
  if (error instanceof ApiError) return RETRYABLE_STATUS.has(error.status);
  // fetch rejects with TypeError for every network failure; a body that breaks off ends as TypeError or SyntaxError.
  return error instanceof TypeError || error instanceof SyntaxError;
}

/**
 * Asks again while the failure is transient and patience lasts. What is asked must be safe to ask twice.
 * @throws the last failure
 */
export async function withRetry<T>(ask: () => Promise<T>, policy: RetryPolicy = defaultRetry): Promise<T> {
  const began = performance.now();
  for (let attempt = 1, wait = policy.firstPauseMs; ; attempt++, wait = Math.min(wait * 2, policy.longestPauseMs)) {
    try {
      return await ask();
    } catch (error) {
      if (!isTransient(error) || performance.now() - began > policy.patienceMs) throw error;
      policy.onRetry?.(error, attempt);
      await pause(wait);
    }
  }
}

/** Looks again until there is something. @throws Error with the name of what was waited for */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { timeoutMs, everyMs = 300 }: { readonly timeoutMs: number; readonly everyMs?: number },
): Promise<T> {
  const began = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() - began > timeoutMs) throw new Error(`waited ${timeoutMs} ms for ${what}`);
    await pause(everyMs);
  }
}
