export { dialectOf, openDatabase, ormOptions } from './database.ts';
export type { DatabaseDeps, Dialect, OpenDatabase } from './database.ts';
export { openDiskBlobs, writeDurably } from './disk-blobs.ts';
export { openObjectPool } from './object-pool.ts';
