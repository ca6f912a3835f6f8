import { createWorker } from 'mediasoup';
import type { Worker } from 'mediasoup/types';
import type { MediaLog } from './ports.ts';

const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;

export interface WorkerPoolDeps {
  readonly size: number;
  readonly workerBin: string | undefined;
  readonly log: MediaLog;
}

/**
 * mediasoup workers: processes of their own. One that dies is replaced; who holds a router on it learns of
 * it from the router's own closing and asks for another worker.
 */
export class WorkerPool {
  readonly #deps: WorkerPoolDeps;
  readonly #workers = new Map<Worker, number>();
  #waiting: (() => void)[] = [];
  #closed = false;

  constructor(deps: WorkerPoolDeps) {
    this.#deps = deps;
  }

  async start(): Promise<void> {
    await Promise.all(Array.from({ length: this.#deps.size }, () => this.#startOne()));
  }

  /** The worker with the fewest rooms; waits while none is alive. @throws Error when the pool is closed */
  async take(): Promise<Worker> {
    for (;;) {
      if (this.#closed) throw new Error('the worker pool is closed');
      const [least] = [...this.#workers].toSorted(([, a], [, b]) => a - b);
      if (least !== undefined) {
        this.#workers.set(least[0], least[1] + 1);
        return least[0];
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  giveBack(worker: Worker): void {
    const rooms = this.#workers.get(worker);
    if (rooms !== undefined) this.#workers.set(worker, rooms - 1);
  }

  /** Process ids of the living workers. */
  get pids(): readonly number[] {
    return [...this.#workers.keys()].map((worker) => worker.pid);
  }

  close(): void {
    this.#closed = true;
    for (const worker of this.#workers.keys()) worker.close();
    this.#workers.clear();
    this.#wakeWaiting();
  }

  async #startOne(): Promise<void> {
    const { workerBin, log } = this.#deps;
    const worker = await createWorker({ logLevel: 'warn', ...(workerBin === undefined ? {} : { workerBin }) });
    if (this.#closed) return worker.close();
    worker.once('died', (error) => {
      this.#workers.delete(worker);
      log.error('media worker died', { pid: worker.pid, reason: error.message });
      if (!this.#closed) void this.#replace(FIRST_RETRY_MS);
    });
    this.#workers.set(worker, 0);
    log.info('media worker started', { pid: worker.pid });
    this.#wakeWaiting();
  }

  async #replace(delayMs: number): Promise<void> {
    try {
      await this.#startOne();
    } catch (error) {
      this.#deps.log.error('media worker does not start', { reason: String(error), nextTryMs: delayMs });
      setTimeout(() => !this.#closed && void this.#replace(Math.min(delayMs * 2, LONGEST_RETRY_MS)), delayMs);
    }
  }

  #wakeWaiting(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
