import { newId } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { Transaction } from '../ports.ts';

export interface NewJob {
  /** The worker's handler. */
  readonly kind: string;
  /** Unique: enqueuing it again does nothing. */
  readonly dedupe: string;
  readonly payload: Json;
  readonly at: Instant;
}

/** Work after the commit, at least once; handlers are idempotent. */
export async function enqueueJob(tx: Transaction, { kind, dedupe, payload, at }: NewJob): Promise<void> {
  if ((await tx.jobs.find({ dedupe })) !== undefined) return;
  await tx.jobs.insert({
    id: newId(),
    kind,
    dedupe,
    payload,
    state: 'waiting',
    attempts: 0,
    runAt: at,
    lastError: null,
    createdAt: at,
  });
}
