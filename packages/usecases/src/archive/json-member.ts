import { canonicalBytes } from '@qej/kernel';
import type { ArchiveMember } from './ports.ts';

/** A canonical JSON member of version 1. */
export const jsonMember = (path: string, members: Readonly<Record<string, unknown>>): ArchiveMember => ({
  path,
  bytes: canonicalBytes({ v: 1, ...members }),
});
