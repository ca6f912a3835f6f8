import { signCheckpoint, type TreeHead } from './checkpoint.ts';
import { checkSuccession, type CheckpointGuard } from './checkpoint-guard.ts';
import { refuse } from './errors.ts';
import { planAppend, readEdge, type LogEdge, type StoredTile } from './log-edge.ts';
import { hashLeaf } from './merkle.ts';
import type { NoteSigner } from './note-key.ts';
import { TileReader, type TileSource } from './tile-reader.ts';

export interface PendingLeaf<RowId> {
  readonly rowId: RowId;
  readonly commitment: Uint8Array;
}

export interface LogBatch<RowId> {
  /** Tree size before and after. The store refuses if its committed size is not `fromSize`. */
  readonly fromSize: number;
  readonly toSize: number;
  readonly leaves: readonly { readonly rowId: RowId; readonly seq: number }[];
  /** Whole new content of each touched tile: insert or replace by (level, index). */
  readonly tiles: readonly StoredTile[];
}

/** The database behind the log. Everything that it returns is committed. */
export interface LogStore<RowId> extends TileSource {
  /** Leaves that have a sequence number. */
  readSize(): Promise<number>;
  /** Committed rows without a sequence number, oldest first. */
  readPending(limit: number): Promise<readonly PendingLeaf<RowId>[]>;
  /** One transaction, durable when it returns. @throws DomainError `E_LOG_CONFLICT` if the size is not `fromSize`. */
  integrate(batch: LogBatch<RowId>): Promise<void>;
  /** The newest published checkpoint, cosignatures included. */
  readCheckpoint(): Promise<{ readonly size: number; readonly note: string } | undefined>;
  /** Keeps a checkpoint; the same size again replaces its note (more cosignatures). */
  saveCheckpoint(checkpoint: {
    readonly size: number;
    readonly root: Uint8Array;
    readonly note: string;
  }): Promise<void>;
}

export interface LogWriterDeps<RowId> {
  readonly store: LogStore<RowId>;
  readonly guard: CheckpointGuard;
  readonly signer: NoteSigner;
  readonly origin: string;
}

export interface LogWriter {
  /** Gives committed pending leaves their place, in order. @returns the range of sequence numbers that was added. */
  integrate(limit?: number): Promise<{ readonly fromSize: number; readonly toSize: number }>;
  /** Signs the committed tree, after the guard has agreed and stored it. Again for the same tree: the same note. */
  publish(): Promise<{ readonly head: TreeHead; readonly note: string }>;
  /** Proofs of the committed tree, or of an earlier size of it. */
  reader(size?: number): TileReader;
  readonly size: number;
}

const DEFAULT_LIMIT = 1024;

/** One step after the other: two ticks, or a tick and an act, never interleave. */
class TileLogWriter<RowId> implements LogWriter {
  readonly #deps: LogWriterDeps<RowId>;
  #edge: LogEdge;
  /** A commit whose outcome is unknown: the edge is read again before the next step. */
  #isEdgeStale = false;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(deps: LogWriterDeps<RowId>, edge: LogEdge) {
    this.#deps = deps;
    this.#edge = edge;
  }

  get size(): number {
    return this.#edge.frontier.size;
  }

  reader(size: number = this.size): TileReader {
    return new TileReader(this.#deps.store, size);
  }

  integrate(limit: number = DEFAULT_LIMIT): Promise<{ readonly fromSize: number; readonly toSize: number }> {
    return this.#inTurn(() => this.#integrate(limit));
  }

  publish(): Promise<{ readonly head: TreeHead; readonly note: string }> {
    return this.#inTurn(() => this.#publish());
  }

  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      const { store } = this.#deps;
      if (this.#isEdgeStale) this.#edge = await readEdge(store, await store.readSize());
      this.#isEdgeStale = false;
      return step();
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }

  async #integrate(limit: number): Promise<{ fromSize: number; toSize: number }> {
    const { store } = this.#deps;
    const fromSize = this.size;
    const pending = await store.readPending(limit);
    if (pending.length === 0) return { fromSize, toSize: fromSize };
    const leafHashes = pending.map(({ commitment }) => hashLeaf(commitment));
    const next = planAppend(this.#edge, leafHashes);
    const leaves = pending.map(({ rowId }, i) => ({ rowId, seq: fromSize + i }));
    const toSize = fromSize + leaves.length;
    this.#isEdgeStale = true;
    await store.integrate({ fromSize, toSize, leaves, tiles: next.tiles });
    this.#isEdgeStale = false;
    this.#edge = next.edge;
    return { fromSize, toSize };
  }

  async #publish(): Promise<{ head: TreeHead; note: string }> {
    const { store, guard, signer, origin } = this.#deps;
    const head = { origin, size: this.size, root: this.#edge.frontier.root() };
    if ((await store.readSize()) !== head.size) refuse('E_LOG_CONFLICT', 'somebody else writes this log');
    const published = await store.readCheckpoint();
    await checkGuard(this.#deps, head);
    if (published?.size === head.size) return { head, note: published.note };
    await guard.store(head);
    const note = await signCheckpoint(head, signer);
    await store.saveCheckpoint({ size: head.size, root: head.root, note });
    return { head, note };
  }
}

/** @throws DomainError `E_LOG_ROLLBACK`, `E_LOG_GUARD` */
async function checkGuard<RowId>({ store, guard }: LogWriterDeps<RowId>, head: TreeHead): Promise<void> {
  const last = await guard.load();
  const published = await store.readCheckpoint();
  if (last === undefined && published !== undefined) refuse('E_LOG_GUARD', 'the guard lost what was signed');
  const isProvable = last !== undefined && last.size <= head.size;
  checkSuccession(last, head, isProvable ? await new TileReader(store, head.size).consistencyProof(last.size) : []);
}

/**
 * The only writer of a log. Opening it reads the right edge from the tiles and asks the guard, so that a restart
 * goes on where the last commit was and a rolled-back database is refused before anything is added to it.
 * @throws DomainError `E_LOG_ROLLBACK`, `E_LOG_GUARD`, `E_LOG_TILE`
 */
export async function openLogWriter<RowId>(deps: LogWriterDeps<RowId>): Promise<LogWriter> {
  const edge = await readEdge(deps.store, await deps.store.readSize());
  await checkGuard(deps, { origin: deps.origin, size: edge.frontier.size, root: edge.frontier.root() });
  return new TileLogWriter(deps, edge);
}
