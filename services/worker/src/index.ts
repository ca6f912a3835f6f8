export { startWorker } from './worker.ts';
export type { JobHandler, Periodic, Worker, WorkerDeps, WorkerLog } from './worker.ts';
