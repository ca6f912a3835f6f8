export { archivedStates, makeArchiveHandlers } from './archive-handlers.ts';
export { sealArchive } from './seal-archive.ts';
export type { ArchiveHead } from './seal-archive.ts';
export type { ArchiveMember, ArchivePorts, ArchiveProfile } from './ports.ts';
