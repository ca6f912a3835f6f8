import { canonicalBytes, parseCanonical, type Json } from '@qej/kernel';
import { refusal } from './errors.ts';
import { padBlock, paddedLength, unpadBlock } from './padded.ts';
import type { CryptoProvider } from './provider.ts';
import {
  anyJson,
  base64,
  closed,
  fileName,
  hash32,
  integer,
  list,
  nullable,
  oneOf,
  text,
  version,
  type ReadBy,
} from './schema.ts';
import { contentStages } from './stages.ts';

/** Plaintext of a content stage's record, padding included. */
const MAX_RECORD = 20 * 1024;

const filePart = closed({
  name: fileName,
  mediaType: text(127),
  length: integer(0),
  part: text(64),
  fileSalt: hash32,
});
const priceMember = closed({ value: anyJson, salt: hash32 });

const stageRecord = closed({
  v: version(1),
  files: list(filePart, 256),
  fields: anyJson,
  price: nullable(priceMember),
});

/** Sub-manifest of a content stage; `fields` is the caller's, `price` only in stage `price`. Length in bytes of plaintext. */
export type StageRecord = ReadBy<typeof stageRecord>;
export type FilePart = ReadBy<typeof filePart>;

const stageExtent = closed({
  stage: oneOf(contentStages),
  headerHash: hash32,
  objectCount: integer(1, 0xffff_ffff),
  streamLength: integer(1),
});

const registerRecord = closed({
  v: version(1),
  manifestCms: base64,
  objectSeed: hash32,
  stages: list(stageExtent, contentStages.length),
  entropy: hash32,
  deposit: anyJson,
});

/** What stage `register` reveals: who bids (manifest), where the content is, entropy, deposit data (validated elsewhere). */
export type RegisterRecord = ReadBy<typeof registerRecord>;
export type StageExtent = ReadBy<typeof stageExtent>;

/** Padded plaintext length of a stage record. @throws DomainError `E_RECORD_SIZE` */
function stageRecordLength(record: StageRecord): number {
  const length = paddedLength(canonicalBytes(record).length);
  if (length > MAX_RECORD)
    throw refusal('E_RECORD_SIZE', {
      detail: `${length} of ${MAX_RECORD} bytes`,
      params: { excess: length - MAX_RECORD },
    });
  return length;
}

/** Written only if {@link parseStageRecord} would read it. @throws DomainError `E_FORMAT`, `E_RECORD_SIZE` */
export function encodeStageRecord(record: StageRecord): Uint8Array<ArrayBuffer> {
  const length = stageRecordLength(record);
  const content = canonicalBytes(record);
  stageRecord(parseCanonical(content), 'record');
  return padBlock(content, length);
}

/** Written only if {@link parseRegisterRecord} would read it. @throws DomainError `E_FORMAT` */
export function encodeRegisterRecord(record: RegisterRecord, length: number): Uint8Array<ArrayBuffer> {
  const content = canonicalBytes(record);
  registerRecord(parseCanonical(content), 'register');
  return padBlock(content, length);
}

/** Bytes that the register record needs, framing included. */
export const registerRecordSize = (record: RegisterRecord): number => canonicalBytes(record).length + 4;

function parseBlock(block: Uint8Array): Json {
  const content = unpadBlock(block);
  if (content === undefined) throw refusal('E_RECORD', { detail: 'framing or padding', fault: 'bidder' });
  return parseCanonical(content);
}

/** @throws DomainError `E_RECORD`, `E_FORMAT`, `E_VERSION` */
export const parseStageRecord = (block: Uint8Array): StageRecord => stageRecord(parseBlock(block), 'record');

/** @throws DomainError `E_RECORD`, `E_FORMAT`, `E_VERSION` */
export const parseRegisterRecord = (block: Uint8Array): RegisterRecord => registerRecord(parseBlock(block), 'register');

/** A sealed block (record or tree) under a key of its own. */
export const sealBlock = (
  provider: CryptoProvider,
  key: Uint8Array,
  hh: Uint8Array,
  block: Uint8Array,
): Promise<Uint8Array> => provider.aeadSeal(key, { index: 0, last: false }, hh, block);

export const openBlock = (
  provider: CryptoProvider,
  key: Uint8Array,
  hh: Uint8Array,
  sealed: Uint8Array,
): Promise<Uint8Array | undefined> => provider.aeadOpen(key, { index: 0, last: false }, hh, sealed);
