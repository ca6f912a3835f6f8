export { dialectOf, openDatabase, ormOptions } from './database.ts';
export type { DatabaseDeps, Dialect, OpenDatabase } from './database.ts';
export { openDiskBlobs } from './disk-blobs.ts';
