import { openLogWriter, requestCosignature } from '@qej/evidence';
import type { CheckpointGuard, LogWriter, NoteSigner, TileReader } from '@qej/evidence';
import { DomainError } from '@qej/kernel';
import type { Instant, Secret } from '@qej/kernel';
import type { BasePorts } from '../ports.ts';
import { makeLogStore } from './log-store.ts';
import { makeTicker } from './ticker.ts';
import type { Ticker } from './ticker.ts';

export interface Witness {
  readonly name: string;
  readonly url: string;
  /** c2sp.org verifier key of its cosignatures. */
  readonly vkey: string;
  /** False where the operator runs it itself; screens and receipts say so. */
  readonly independent: boolean;
}

export interface EvidenceLogPorts extends BasePorts {
  readonly guard: CheckpointGuard;
  readonly signer: NoteSigner;
  readonly origin: string;
  readonly witnesses: readonly Witness[];
  /** Fills the empty slots of ticks; kept outside database and backups. */
  readonly tickKey: Secret<Uint8Array>;
  readonly fetch: typeof globalThis.fetch;
}

export interface EvidenceLog {
  readonly origin: string;
  readonly vkey: string;
  readonly witnesses: readonly Witness[];
  readonly ticker: Ticker;
  /** Integrates, signs and has cosigned what is waiting; returns when the checkpoint is kept. */
  advance(): Promise<void>;
  /** Waits until the entry stands in a cosigned checkpoint. @throws DomainError `E_WITNESS_MISSING` after the time-out. */
  settle(ordinal: number, timeoutMs?: number): Promise<{ readonly seq: number; readonly checkpoint: string }>;
  reader(size: number): TileReader;
  /** Newest checkpoint that at least one witness has cosigned, else the newest of all. */
  latest(): Promise<{ readonly size: number; readonly note: string; readonly cosigned: boolean }>;
}

const SETTLE_MS = 8_000;
const STEP_MS = 100;
const WITNESS_TIMEOUT_MS = 3_000;

/** Asks every witness; a missing one only costs its cosignature. */
async function cosign(
  ports: EvidenceLogPorts,
  writer: LogWriter,
  known: Map<string, number>,
  head: { size: number; note: string },
): Promise<string> {
  let { note } = head;
  for (const { url, vkey, name } of ports.witnesses) {
    try {
      note = await requestCosignature(
        {
          fetch: ports.fetch,
          url,
          vkey,
          timeoutMs: WITNESS_TIMEOUT_MS,
          consistencyProof: (from, to) => writer.reader(to).consistencyProof(from),
        },
        note,
        known.get(name) ?? 0,
      );
      known.set(name, head.size);
    } catch (error) {
      // A fork is an alarm, not a delay: nothing may be built on such a log.
      if (error instanceof DomainError && error.code === 'E_LOG_ROLLBACK') throw error;
    }
  }
  return note;
}

/** The sequencer of the platform's evidence log: one owner, one process. */
export async function openEvidenceLog(ports: EvidenceLogPorts): Promise<EvidenceLog> {
  const store = makeLogStore(ports.db, ports.clock);
  const writer = await openLogWriter({ store, guard: ports.guard, signer: ports.signer, origin: ports.origin });
  const known = new Map<string, number>();
  const latest = (): Promise<{ size: number; note: string; cosigned: boolean }> =>
    ports.db.read(async (tx) => {
      const [cosigned] = await tx.checkpoints.list({ cosigned: true }, { orderBy: { size: 'desc' }, limit: 1 });
      const [newest] =
        cosigned === undefined ? await tx.checkpoints.list({}, { orderBy: { size: 'desc' }, limit: 1 }) : [cosigned];
      if (newest === undefined) throw new DomainError('E_NOT_FOUND', { detail: 'the log is empty' });
      return { size: newest.size, note: newest.note, cosigned: newest.cosigned };
    });

  const step = async (): Promise<void> => {
    await writer.integrate();
    if (writer.size === 0) return;
    const { head, note } = await writer.publish();
    const row = await ports.db.read((tx) => tx.checkpoints.find({ size: head.size }));
    if (row?.cosigned === true) return;
    const signed = await cosign(ports, writer, known, { size: head.size, note });
    if (signed === note) return;
    await ports.db.transaction('log:cosigned', async (tx) => {
      const checkpoint = await tx.checkpoints.lock({ size: head.size });
      checkpoint.note = signed;
      checkpoint.cosigned = true;
    });
    ports.live.publish({ tenderId: '', topic: 'log' });
  };
  let running: Promise<void> | undefined;
  const advance = (): Promise<void> => {
    running ??= step().finally(() => {
      running = undefined;
    });
    return running;
  };

  const settle = async (ordinal: number, timeoutMs = SETTLE_MS): Promise<{ seq: number; checkpoint: string }> => {
    const until = ports.clock.now() + timeoutMs;
    for (let turn = 0; turn * STEP_MS <= timeoutMs; turn++) {
      await advance();
      const entry = await ports.db.read((tx) => tx.logEntries.get({ ordinal }));
      const checkpoint = await latest();
      if (entry.seq !== null && checkpoint.cosigned && checkpoint.size > entry.seq)
        return { seq: entry.seq, checkpoint: checkpoint.note };
      if (ports.clock.now() > until) break;
      await new Promise((resolve) => setTimeout(resolve, STEP_MS));
    }
    throw new DomainError('E_WITNESS_MISSING');
  };
  return {
    origin: ports.origin,
    vkey: ports.signer.vkey,
    witnesses: ports.witnesses,
    ticker: makeTicker(ports),
    advance,
    settle,
    latest,
    reader: (size) => writer.reader(size),
  };
}

/** Two periodic tasks: the sequencer, and the ticks (10 s, 1 s in the last minute before any deadline). */
export function logPeriodic(
  log: EvidenceLog,
): { readonly name: string; readonly run: (now: Instant) => Promise<number> }[] {
  return [
    {
      name: 'log-sequencer',
      run: async () => {
        await log.advance();
        return 500;
      },
    },
    { name: 'log-tick', run: (now) => log.ticker.run(now) },
  ];
}
