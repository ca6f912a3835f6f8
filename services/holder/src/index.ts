export { decideAcceptance, decideRelease, neededEntries } from './decide.ts';
export type { ProvenEntry, Task } from './decide.ts';
export { holderErrorCodes } from './errors.ts';
export type { HolderErrorCode } from './errors.ts';
export { makeHolder } from './holder.ts';
export type { Holder, HolderDeps, TaskResult } from './holder.ts';
export { openKeyStore } from './key-store.ts';
export type { KeptKey, KeyStore, StoreKeys } from './key-store.ts';
