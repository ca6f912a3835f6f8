import { commitEntry } from '@qej/evidence';
import { formatInstant, fromUtf8, toHex } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { LogEntryRecord } from '../records.ts';
import type { Transaction } from '../ports.ts';

export interface NewEntry {
  /** For example `notice`, `acceptance`, `closing`, `release`, `draw`, `scores-locked`, `report`, `award`. */
  readonly type: string;
  readonly at: Instant;
  readonly tenderId?: string;
  /** What the entry says; hashes of what must not be public yet. */
  readonly members: Readonly<Record<string, Json>>;
  /** The act this entry belongs to: a second append with the same value returns the first entry. */
  readonly dedupe?: string;
}

/**
 * Writes a public act into the evidence log, in the act's own transaction. The row waits without a place until the
 * sequencer integrates it; the leaf is a salted commitment, so that a body can be deleted later.
 */
export async function appendEntry(tx: Transaction, entry: NewEntry): Promise<LogEntryRecord> {
  if (entry.dedupe !== undefined) {
    const known = await tx.logEntries.find({ dedupe: entry.dedupe });
    if (known !== undefined) return known;
  }
  const body = {
    v: 1,
    type: entry.type,
    at: formatInstant(entry.at),
    ...(entry.tenderId === undefined ? {} : { tenderId: entry.tenderId }),
    ...entry.members,
  } as const;
  const committed = commitEntry(body, globalThis.crypto.getRandomValues(new Uint8Array(32)));
  return tx.logEntries.insert({
    seq: null,
    type: entry.type,
    at: entry.at,
    tenderId: entry.tenderId ?? null,
    commitment: toHex(committed.commitment),
    salt: toHex(committed.salt),
    body: fromUtf8(committed.body),
    dedupe: entry.dedupe ?? null,
  });
}
