import type { Clock, Instant, Json } from '@qej/kernel';
import { plusMs } from '@qej/kernel';
import type { Database, FaultPoint, JobRecord } from '@qej/usecases';

/** Idempotent: a job runs at least once, again after a crash. */
export type JobHandler = (payload: Json, now: Instant) => Promise<void>;

/** Something that is looked at again and again: due tenders, ticks, deliveries. Returns how long to wait, in ms. */
export interface Periodic {
  readonly name: string;
  readonly run: (now: Instant) => Promise<number>;
}

export interface WorkerLog {
  warn(fields: { readonly job: string; readonly attempts: number }, error: unknown): void;
}

export interface WorkerDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly handlers: Readonly<Record<string, JobHandler>>;
  readonly periodic: readonly Periodic[];
  readonly log: WorkerLog;
  readonly faults?: FaultPoint;
}

export interface Worker {
  /** Looks at the jobs at once instead of at the next turn. */
  wake(): void;
  close(): Promise<void>;
}

const IDLE_MS = 200;
const LEASE_MS = 60_000;
const BATCH = 8;
const MAX_BACKOFF_MS = 30_000;

/** One job at a time is claimed under its row lock; the lease brings it back when the process dies on it. */
async function claim({ db, clock }: WorkerDeps): Promise<JobRecord[]> {
  const now = clock.now();
  const waiting = await db.read((tx) =>
    tx.jobs.list({ state: 'waiting' }, { orderBy: { runAt: 'asc' }, limit: BATCH }),
  );
  const due = waiting.filter(({ runAt }) => runAt <= now);
  const claimed: JobRecord[] = [];
  for (const { id } of due) {
    const job = await db.transaction('job:claim', async (tx) => {
      const row = await tx.jobs.lock({ id });
      if (row.state !== 'waiting' || row.runAt > now) return undefined;
      row.attempts += 1;
      row.runAt = plusMs(now, LEASE_MS);
      return { ...row };
    });
    if (job !== undefined) claimed.push(job);
  }
  return claimed;
}

async function runJob(deps: WorkerDeps, job: JobRecord): Promise<void> {
  const handler = deps.handlers[job.kind];
  try {
    if (handler === undefined) throw new Error(`no handler for job kind ${job.kind}`);
    await handler(job.payload, deps.clock.now());
    deps.faults?.(`job:${job.kind}:done`);
    await deps.db.transaction('job:finish', (tx) => tx.jobs.remove({ id: job.id }));
  } catch (error) {
    deps.log.warn({ job: job.kind, attempts: job.attempts }, error);
    const wait = Math.min(MAX_BACKOFF_MS, 250 * 2 ** Math.min(job.attempts, 10));
    await deps.db.transaction('job:retry', async (tx) => {
      const row = await tx.jobs.find({ id: job.id });
      if (row === undefined) return;
      row.runAt = plusMs(deps.clock.now(), wait);
      row.lastError = error instanceof Error ? error.message.slice(0, 500) : 'unknown';
    });
  }
}

/** Wakes early, sleeps at most `ms`, ends at once on close. */
function makeBell(): { ring(): void; wait(ms: number): Promise<void> } {
  let wake: (() => void) | undefined;
  return {
    ring: () => wake?.(),
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}

/** Starts the loops: one for the jobs, one for each periodic task. `close` ends them after the step they are in. */
export function startWorker(deps: WorkerDeps): Worker {
  let closed = false;
  const bell = makeBell();
  const bells = [bell];
  const jobs = async (): Promise<void> => {
    while (!closed) {
      const claimed = await claim(deps).catch((error: unknown) => {
        deps.log.warn({ job: 'claim', attempts: 0 }, error);
        return [];
      });
      for (const job of claimed) await runJob(deps, job);
      if (claimed.length === 0 && !closed) await bell.wait(IDLE_MS);
    }
  };
  const repeat = async ({ name, run }: Periodic): Promise<void> => {
    const own = makeBell();
    bells.push(own);
    while (!closed) {
      const wait = await run(deps.clock.now()).catch((error: unknown) => {
        deps.log.warn({ job: name, attempts: 0 }, error);
        return 1_000;
      });
      if (!closed) await own.wait(wait);
    }
  };
  const loops = Promise.all([jobs(), ...deps.periodic.map(repeat)]);
  return {
    wake: () => bell.ring(),
    close: async () => {
      closed = true;
      for (const each of bells) each.ring();
      await loops;
    },
  };
}
