import { buildTick, tickBody, TICK_SLOTS, tickProof } from '@qej/evidence';
import { fromHex, newId, toHex } from '@qej/kernel';
import type { Instant, Secret } from '@qej/kernel';
import type { BasePorts, Transaction } from '../ports.ts';
import type { ActRecord } from '../records.ts';
import { appendEntry } from './append-entry.ts';

const CALM_MS = 10_000;
const RUSH_MS = 1_000;
const RUSH_BEFORE_MS = 60_000;
const TICK = 'tick-seq';
const random = (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length));

export interface Ticker {
  /** Writes the next tick; returns the milliseconds until the one after. */
  run(now: Instant): Promise<number>;
  /** Proof of an act inside its tick; undefined until the tick is written. */
  proof(
    act: ActRecord,
  ): Promise<
    { readonly entryOrdinal: number; readonly slot: number; readonly siblings: readonly Uint8Array[] } | undefined
  >;
}

/** Registers an act for the next tick, in the act's own transaction. */
export async function addAct(tx: Transaction, actHash: Uint8Array): Promise<ActRecord> {
  return tx.acts.insert({ id: newId(), actHash: toHex(actHash), salt: toHex(random(32)), tickSeq: null, slot: null });
}

const saltedAct = (row: ActRecord): { hash: Uint8Array; salt: Uint8Array } => ({
  hash: fromHex(row.actHash),
  salt: fromHex(row.salt),
});

async function nextSeq(tx: Transaction): Promise<number> {
  if ((await tx.settings.find({ id: TICK })) === undefined) await tx.settings.insert({ id: TICK, value: 0 });
  const row = await tx.settings.lock({ id: TICK });
  const seq = Number(row.value);
  row.value = seq + 1;
  return seq;
}

async function writeTick(tx: Transaction, prfKey: Secret<Uint8Array>, now: Instant): Promise<void> {
  const seq = await nextSeq(tx);
  const waiting = await tx.acts.list({ tickSeq: null }, { limit: TICK_SLOTS });
  const tick = buildTick({ acts: waiting.map((row) => ({ ...saltedAct(row), row })), prfKey, seq, random });
  for (const { act, slot } of tick.placements) {
    act.row.tickSeq = seq;
    act.row.slot = slot;
  }
  const { v: _v, type: _type, at: _at, ...members } = tickBody(tick, now);
  await appendEntry(tx, { type: 'tick', at: now, members, dedupe: `tick:${seq}` });
}

async function waitMs(tx: Transaction, now: Instant): Promise<number> {
  const [next] = await tx.tenders.list({ state: 'published' }, { orderBy: { deadline: 'asc' }, limit: 1 });
  if (next === undefined) return CALM_MS;
  const left = next.deadline - now;
  return left <= RUSH_BEFORE_MS ? RUSH_MS : Math.min(CALM_MS, left - RUSH_BEFORE_MS + 1);
}

export function makeTicker({ db, tickKey }: BasePorts & { readonly tickKey: Secret<Uint8Array> }): Ticker {
  return {
    run: async (now) => {
      await db.transaction('log:tick', (tx) => writeTick(tx, tickKey, now));
      return db.read((tx) => waitMs(tx, now));
    },
    proof: ({ tickSeq, slot }) =>
      db.read(async (tx) => {
        if (tickSeq === null || slot === null) return undefined;
        const placed = await tx.acts.list({ tickSeq });
        const entry = await tx.logEntries.get({ dedupe: `tick:${tickSeq}` });
        const placements = placed.map((row) => ({ act: saltedAct(row), slot: row.slot ?? -1 }));
        const siblings = tickProof({ placed: placements, prfKey: tickKey, seq: tickSeq, slot });
        return { entryOrdinal: entry.ordinal ?? -1, slot, siblings };
      }),
  };
}
