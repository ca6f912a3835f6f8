export type { AuthenticatedContext, Handler, Handlers, RequestContext } from './handlers.ts';
export { enqueueJob } from './jobs/enqueue-job.ts';
export type { NewJob } from './jobs/enqueue-job.ts';
export { appendEntry } from './log/append-entry.ts';
export type { NewEntry } from './log/append-entry.ts';
export type {
  BasePorts,
  BlobStore,
  Caller,
  Database,
  FaultPoint,
  JsonObject,
  ListOptions,
  LiveBus,
  LiveEvent,
  MaybeCaller,
  PlatformTrust,
  Repository,
  Tables,
  Transaction,
  VerifiedSigner,
  Where,
} from './ports.ts';
export type * from './records.ts';
