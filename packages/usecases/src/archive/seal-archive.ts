import { canonicalBytes, concatBytes, formatInstant, lengthValue, toHex, u32be, utf8 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { PlatformTrust } from '../ports.ts';
import type { ArchiveMember, ArchiveProfile } from './ports.ts';

const MAGIC = utf8('qej-archive\n');
const VERSION = 1;

const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes));

export interface ArchiveHead {
  readonly profile: ArchiveProfile;
  readonly tenderId: string;
  readonly code: string;
  readonly state: string;
  readonly origin: string;
  readonly createdAt: Instant;
}

async function indexBytes(head: ArchiveHead, members: readonly ArchiveMember[]): Promise<Uint8Array<ArrayBuffer>> {
  const listed = [];
  for (const { path, bytes } of members)
    listed.push({ path, length: bytes.length, sha256: toHex(await sha256(new Uint8Array(bytes))) });
  const { createdAt, ...rest } = head;
  return canonicalBytes({
    ...rest,
    v: 1,
    format: 'qej-archive/1',
    createdAt: formatInstant(createdAt),
    members: listed,
  });
}

/**
 * The file of docs/formats/archive.md: index, the platform's seal over it, a time stamp over both, the members in order of their
 * paths, and the hash of everything. The same members give the same file but for seal and stamp.
 */
export async function sealArchive(
  head: ArchiveHead,
  members: readonly ArchiveMember[],
  trust: Pick<PlatformTrust, 'sign' | 'timestamp'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const ordered = members.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  const index = await indexBytes(head, ordered);
  const seal = await trust.sign('qej-archive/1', index);
  const stamped = concatBytes(lengthValue(index), lengthValue(seal));
  const token = await trust.timestamp(stamped);
  const before = concatBytes(MAGIC, u32be(VERSION), stamped, lengthValue(token), ...ordered.map(({ bytes }) => bytes));
  return concatBytes(before, await sha256(before));
}
