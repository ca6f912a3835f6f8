import { concatBytes, equalBytes, fromHex, fromUtf8, lengthValue, toHex, utf8 } from '@qej/kernel';
import { createHash } from 'node:crypto';
import { closed, hash, id, instantText, integer, list, oneOf, readClosed, text } from './closed-json.ts';
import type { ReadBy } from './closed-json.ts';
import { refuse } from './codes.ts';

/** docs/formats/archive.md, section "File". */
const MAGIC = utf8('qej-archive\n');
const VERSION = 1;
export const archiveLimits = {
  fileBytes: 1024 * 1024 * 1024,
  indexBytes: 4 * 1024 * 1024,
  sealBytes: 64 * 1024,
  members: 10_000,
  memberBytes: 256 * 1024 * 1024,
  pathLength: 160,
} as const;
const PATH = /^[a-z0-9][a-z0-9._-]*(?:\/[a-z0-9][a-z0-9._-]*)*$/;
const HASH_LENGTH = 32;

export const archiveProfiles = ['full', 'public'] as const;
export type ArchiveProfile = (typeof archiveProfiles)[number];

const readIndex = closed({
  v: oneOf([1]),
  format: oneOf(['qej-archive/1']),
  profile: oneOf(archiveProfiles),
  tenderId: id,
  code: text(80, 1),
  state: text(40, 1),
  origin: text(200, 1),
  createdAt: instantText,
  members: list(
    closed({ path: text(archiveLimits.pathLength, 1), length: integer(0, archiveLimits.memberBytes), sha256: hash }),
    archiveLimits.members,
  ),
});
export type ArchiveIndex = ReadBy<typeof readIndex>;

export interface ArchiveContainer {
  readonly index: ArchiveIndex;
  readonly indexBytes: Uint8Array;
  /** CMS over the index. */
  readonly seal: Uint8Array;
  /** RFC 3161 over LV(index) ‖ LV(seal). */
  readonly token: Uint8Array;
  readonly stamped: Uint8Array;
  readonly members: ReadonlyMap<string, Uint8Array>;
  /** Members whose bytes are not those of the index. */
  readonly damaged: readonly string[];
  /** The last 32 bytes are SHA-256 of all before them. */
  readonly checksumHolds: boolean;
}

export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const hashing = createHash('sha256');
  for (const part of parts) hashing.update(part);
  return new Uint8Array(hashing.digest());
};

/** Reads a length-value at `offset`, the length checked before anything is looked at. */
function take(bytes: Uint8Array, offset: number, { max, what }: { max: number; what: string }): Uint8Array {
  if (offset + 4 > bytes.length) refuse('E_ARCHIVE_LENGTH', `${what}: the file ends`);
  const length = new DataView(bytes.buffer, bytes.byteOffset + offset, 4).getUint32(0);
  if (length > max) refuse('E_ARCHIVE_LIMIT', `${what}: ${length} bytes, at most ${max}`);
  if (offset + 4 + length > bytes.length) refuse('E_ARCHIVE_LENGTH', `${what}: the file ends`);
  return bytes.subarray(offset + 4, offset + 4 + length);
}

function checkHead(bytes: Uint8Array): number {
  if (bytes.length > archiveLimits.fileBytes) refuse('E_ARCHIVE_LIMIT', `${bytes.length} bytes`);
  if (!equalBytes(bytes.subarray(0, MAGIC.length), MAGIC)) refuse('E_ARCHIVE_MAGIC', 'not a qej archive');
  const at = MAGIC.length;
  if (bytes.length < at + 4) refuse('E_ARCHIVE_LENGTH', 'version: the file ends');
  const version = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
  if (version !== VERSION) refuse('E_ARCHIVE_VERSION', `version ${version}, this reader knows ${VERSION}`);
  return at + 4;
}

function parseIndex(bytes: Uint8Array): ArchiveIndex {
  try {
    fromUtf8(bytes);
    return readClosed(bytes, readIndex, 'index');
  } catch (cause) {
    return refuse('E_ARCHIVE_INDEX', cause instanceof Error ? cause.message : 'index', cause);
  }
}

/** Paths are relative, plain and strictly ascending: no path twice, none that leaves the folder it is unpacked into. */
function checkPaths({ members }: ArchiveIndex): void {
  for (const [i, { path }] of members.entries()) {
    if (!PATH.test(path)) refuse('E_ARCHIVE_INDEX', `path ${JSON.stringify(path)} is not allowed`);
    const before = members[i - 1]?.path;
    if (before !== undefined && before >= path) refuse('E_ARCHIVE_INDEX', `${path} is doubled or out of order`);
  }
}

/**
 * Takes a file apart. What cannot be taken apart is refused; a member with wrong bytes is named and still returned, so that
 * all else can be checked.
 * @throws DomainError `E_ARCHIVE_MAGIC`, `E_ARCHIVE_VERSION`, `E_ARCHIVE_LIMIT`, `E_ARCHIVE_LENGTH`, `E_ARCHIVE_INDEX`
 */
export function readContainer(bytes: Uint8Array): ArchiveContainer {
  let at = checkHead(bytes);
  const indexBytes = take(bytes, at, { max: archiveLimits.indexBytes, what: 'index' });
  at += 4 + indexBytes.length;
  const seal = take(bytes, at, { max: archiveLimits.sealBytes, what: 'seal' });
  at += 4 + seal.length;
  const token = take(bytes, at, { max: archiveLimits.sealBytes, what: 'time stamp' });
  at += 4 + token.length;
  const index = parseIndex(indexBytes);
  checkPaths(index);
  const total = index.members.reduce((sum, { length }) => sum + length, 0);
  if (at + total + HASH_LENGTH !== bytes.length)
    refuse('E_ARCHIVE_LENGTH', `${bytes.length} bytes, the index asks for ${at + total + HASH_LENGTH}`);
  const members = new Map<string, Uint8Array>();
  const damaged: string[] = [];
  for (const { path, length, sha256: expected } of index.members) {
    const member = bytes.subarray(at, at + length);
    members.set(path, member);
    if (!equalBytes(sha256(member), fromHex(expected))) damaged.push(path);
    at += length;
  }
  const checksumHolds = equalBytes(sha256(bytes.subarray(0, at)), bytes.subarray(at));
  const stamped = concatBytes(lengthValue(indexBytes), lengthValue(seal));
  return { index, indexBytes, seal, token, stamped, members, damaged, checksumHolds };
}

export const isArchive = (bytes: Uint8Array): boolean => equalBytes(bytes.subarray(0, MAGIC.length), MAGIC);
export const sha256Hex = (...parts: readonly Uint8Array[]): string => toHex(sha256(...parts));
