import { parseInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { memberReaders } from './archive-members.ts';
import type { Member, MemberName } from './archive-members.ts';
import { readClosed } from './closed-json.ts';
import type { Reader } from './closed-json.ts';
import { refuse } from './codes.ts';
import type { ArchiveContainer, ArchiveProfile } from './container.ts';

/** An archive as the steps read it. */
export interface Archive {
  readonly container: ArchiveContainer;
  readonly profile: ArchiveProfile;
  readonly state: string;
  readonly createdAt: Instant;
  has(path: string): boolean;
  /** @throws DomainError `E_ARCHIVE_MEMBER_MISSING` */
  bytes(path: string): Uint8Array;
  /** @throws DomainError `E_ARCHIVE_MEMBER_MISSING`, `E_ARCHIVE_MEMBER_FORMAT` */
  member<N extends MemberName>(name: N): Member<N>;
}

export function openArchive(container: ArchiveContainer): Archive {
  const { index, members } = container;
  const bytes = (path: string): Uint8Array =>
    members.get(path) ?? refuse('E_ARCHIVE_MEMBER_MISSING', `${path} is not in the archive`);
  return {
    container,
    profile: index.profile,
    state: index.state,
    createdAt: parseInstant(index.createdAt),
    has: (path) => members.has(path),
    bytes,
    // Each name has its own reader; TypeScript does not follow the lookup.
    member: <N extends MemberName>(name: N) =>
      readClosed(bytes(name), memberReaders[name] as unknown as Reader<Member<N>>, name),
  };
}
