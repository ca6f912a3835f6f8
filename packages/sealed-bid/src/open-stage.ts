import { equalBytes, fromHex } from '@qej/kernel';
import { blockKey, fileKey } from './content-keys.ts';
import { checkCore, contextOf, type HolderGroup } from './core.ts';
import { refusal } from './errors.ts';
import { headerHash, parseHeader, type Header } from './header.ts';
import { parseTree, stageRoot, type LeafTree } from './leaf-tree.ts';
import { priceCommitOf, type Manifest } from './manifest.ts';
import { chunkLeaf } from './merkle.ts';
import { objectCountOf, type ObjectSeed } from './objects.ts';
import { checkOfficeHalf, recoverOfficeHalf, type ReleasedKeys } from './office-half.ts';
import { checkedContentKey, type OpenedRegister } from './open-register.ts';
import { chunkCount, MEBIBYTE, padme } from './padme.ts';
import type { CryptoProvider } from './provider.ts';
import { openBlock, parseStageRecord, type FilePart, type StageExtent, type StageRecord } from './record.ts';
import { stageReader, type ObjectSource, type StageReader } from './stage-reader.ts';
import { maskHeader } from './stage-stream.ts';
import { needsBidderHalf, type ContentStage } from './stages.ts';

const MAX_HEADER = 65_536;

export interface StageInput {
  readonly stage: ContentStage;
  readonly register: OpenedRegister;
  /** From the CMS, after `checkManifest`. */
  readonly manifest: Manifest;
  /** Holders and sets of this stage. */
  readonly holders: HolderGroup;
  readonly objects: ObjectSource;
  readonly released: ReleasedKeys;
  /** b of this stage, 32 bytes; left out in a group opening. */
  readonly bidderHalf?: Uint8Array;
}

/** The clear part of a stage, readable once the register is open. */
export interface StageHead {
  readonly header: Header;
  readonly hh: Uint8Array;
  readonly ctx: Uint8Array;
  /** Offset of the record in the stream. */
  readonly end: number;
  readonly extent: StageExtent;
  readonly reader: StageReader;
}

export interface OpenedFile extends FilePart {
  readonly index: number;
  /**
   * Plaintext in pieces of at most 1 MiB, each checked against leaf and tag before it comes out.
   * The file counts only when the iteration ended without a refusal: write to a temporary place, then rename.
   * @throws DomainError `E_OBJECT`, `E_LEAF`, `E_TAG`, `E_LENGTH`
   */
  chunks(): AsyncGenerator<Uint8Array>;
}

export interface OpenedStage {
  readonly head: StageHead;
  readonly record: StageRecord;
  readonly files: readonly OpenedFile[];
}

const seedOf = (register: OpenedRegister, stage: ContentStage): ObjectSeed => ({
  seed: fromHex(register.record.objectSeed),
  stage,
});

async function readHeaderBytes(provider: CryptoProvider, of: ObjectSeed, reader: StageReader): Promise<Uint8Array> {
  const refuse = (): never => {
    throw refusal('E_HEADER', { detail: 'framing', fault: 'unknown', params: { stage: of.stage } });
  };
  if (reader.length < 4) refuse();
  const prefix = await maskHeader(provider, of, await reader.read(0, 4));
  const length = new DataView(prefix.buffer, prefix.byteOffset).getUint32(0);
  if (length > MAX_HEADER || 4 + length > reader.length) refuse();
  return (await maskHeader(provider, of, await reader.read(0, 4 + length))).slice(4);
}

/**
 * Reads and checks the header of a content stage; needs the register only, so the bidder can be told ctx and cb.
 * @throws DomainError `E_STAGE`, `E_OBJECT`, `E_HEADER`, `E_CORE_MISMATCH`, `E_LENGTH`
 */
export async function readStageHead(
  provider: CryptoProvider,
  input: Pick<StageInput, 'stage' | 'register' | 'holders' | 'objects'>,
): Promise<StageHead> {
  const { stage, register, holders } = input;
  const extent = register.record.stages.find((candidate) => candidate.stage === stage);
  if (extent === undefined) throw refusal('E_STAGE', { detail: `no stage ${stage} in this bid`, fault: 'bidder' });
  if (extent.objectCount !== objectCountOf(extent.streamLength))
    throw refusal('E_LENGTH', { detail: 'object count', fault: 'bidder', params: { stage } });
  const of = seedOf(register, stage);
  const reader = stageReader(provider, of, extent, input.objects);
  const headerBytes = await readHeaderBytes(provider, of, reader);
  const hh = await headerHash(provider, headerBytes);
  if (!equalBytes(hh, fromHex(extent.headerHash))) throw refusal('E_HEADER', { fault: 'unknown', params: { stage } });
  const header = parseHeader(headerBytes);
  const { suite, noticeHash, editionHash, lotId, opening, bidNonce, capKey, ownerCommit } = register.header.core;
  const common = { suite, noticeHash, editionHash, lotId, opening, bidNonce, capKey, ownerCommit };
  checkCore(header.core, {
    ...common,
    stage,
    holders: [...holders.holders],
    sets: holders.sets.map((set) => [...set]),
  });
  const end = 4 + headerBytes.length;
  if (header.WB !== '' || end + header.recordLen + header.treeLen > reader.length)
    throw refusal('E_LENGTH', { detail: 'header lengths or WB', fault: 'bidder', params: { stage } });
  return { header, hh, ctx: await contextOf(provider, header.core), end, extent, reader };
}

async function readTree(
  provider: CryptoProvider,
  { header, hh, reader }: StageHead,
  ck: Uint8Array,
): Promise<LeafTree> {
  const sealed = await reader.read(reader.length - header.treeLen, reader.length);
  const block = await openBlock(provider, await blockKey(provider, ck, 'tree', hh), hh, sealed);
  if (block === undefined)
    throw refusal('E_TREE', { detail: 'does not open', fault: 'unknown', params: { stage: header.core.stage } });
  return parseTree(block);
}

async function checkStageRoot(
  provider: CryptoProvider,
  head: StageHead,
  found: { readonly sealedRecord: Uint8Array; readonly tree: LeafTree },
  input: Pick<StageInput, 'register' | 'manifest' | 'stage'>,
): Promise<void> {
  const index = input.register.record.stages.findIndex(({ stage }) => stage === input.stage);
  const root = await stageRoot(provider, head.hh, found.sealedRecord, found.tree);
  const signed = input.manifest.stageRoots[index];
  if (signed === undefined || !equalBytes(root, fromHex(signed)))
    throw refusal('E_STAGE_ROOT', { fault: 'unknown', params: { stage: input.stage } });
}

/** Lengths in the record, leaves in the tree and the stream's length tell the same story. */
function checkLengths(provider: CryptoProvider, head: StageHead, record: StageRecord, tree: LeafTree): void {
  const content = record.files.reduce(
    (sum, { length }) => sum + padme(length) + provider.aeadTagLength * chunkCount(length),
    0,
  );
  const counts =
    tree.length === record.files.length && record.files.every((file, i) => tree[i]?.length === chunkCount(file.length));
  if (!counts || head.end + head.header.recordLen + content + head.header.treeLen !== head.reader.length) {
    throw refusal('E_LENGTH', {
      detail: 'files and stream',
      fault: 'bidder',
      params: { stage: head.header.core.stage },
    });
  }
}

async function checkPrice(
  provider: CryptoProvider,
  { ctx }: StageHead,
  record: StageRecord,
  { stage, manifest }: Pick<StageInput, 'stage' | 'manifest'>,
): Promise<void> {
  const refuse = (detail: string): never => {
    throw refusal('E_PRICE_COMMIT', { detail, fault: 'bidder' });
  };
  if ((stage === 'price') !== (record.price !== null)) refuse('price in the wrong stage');
  if (record.price === null) return;
  const [signed] = manifest.priceCommit;
  const commit = await priceCommitOf(provider, ctx, record.price.value, fromHex(record.price.salt));
  if (signed === undefined || !equalBytes(commit, fromHex(signed))) refuse('price or salt');
}

interface FilePlace {
  readonly head: StageHead;
  readonly ck: Uint8Array;
  readonly leaves: readonly Uint8Array[];
  /** Offset of the first chunk in the stream. */
  readonly start: number;
}

async function openChunk(
  provider: CryptoProvider,
  key: Uint8Array,
  { head, leaves, start }: FilePlace,
  file: FilePart & { readonly index: number },
  chunk: number,
): Promise<Uint8Array> {
  const at = { index: chunk, last: chunk === leaves.length - 1 };
  const params = { stage: head.header.core.stage, file: file.index, chunk };
  const offset = chunk * MEBIBYTE;
  const size = Math.min(MEBIBYTE, padme(file.length) - offset);
  const from = start + chunk * (MEBIBYTE + provider.aeadTagLength);
  const sealed = await head.reader.read(from, from + size + provider.aeadTagLength);
  const leaf = leaves[chunk];
  if (leaf === undefined || !equalBytes(await chunkLeaf(provider, at, sealed), leaf))
    throw refusal('E_LEAF', { fault: 'unknown', params });
  const plain = await provider.aeadOpen(key, at, head.hh, sealed);
  if (plain === undefined) throw refusal('E_TAG', { fault: 'bidder', params });
  const real = Math.max(0, Math.min(size, file.length - offset));
  if (plain.subarray(real).some((byte) => byte !== 0))
    throw refusal('E_LENGTH', { detail: 'padding of the file', fault: 'bidder', params });
  return plain.subarray(0, real);
}

function openedFile(provider: CryptoProvider, part: FilePart, index: number, place: FilePlace): OpenedFile {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    const key = await fileKey(provider, place.ck, place.head.hh, {
      part: part.part,
      index,
      salt: fromHex(part.fileSalt),
    });
    for (const chunk of place.leaves.keys()) {
      const bytes = await openChunk(provider, key, place, { ...part, index }, chunk);
      if (bytes.length > 0) yield bytes;
    }
  }
  return { ...part, index, chunks };
}

/** The same checks with h from somewhere else: the bidder's own, in a trial opening. */
export async function openStageWith(
  provider: CryptoProvider,
  input: Omit<StageInput, 'released'>,
  officeHalf: (header: Header, ctx: Uint8Array) => Promise<Uint8Array>,
): Promise<OpenedStage> {
  const { stage } = input;
  const head = await readStageHead(provider, input);
  const { header, hh, ctx, end, reader } = head;
  const h = await officeHalf(header, ctx);
  await checkOfficeHalf(provider, header, ctx, h);
  const b = needsBidderHalf(stage, header.core.opening) ? (input.bidderHalf ?? new Uint8Array(0)) : new Uint8Array(0);
  const ck = await checkedContentKey(provider, header, ctx, { b, h });
  const sealedRecord = await reader.read(end, end + header.recordLen);
  const tree = await readTree(provider, head, ck);
  await checkStageRoot(provider, head, { sealedRecord, tree }, input);
  const block = await openBlock(provider, await blockKey(provider, ck, 'record', hh), hh, sealedRecord);
  if (block === undefined) throw refusal('E_RECORD', { detail: 'does not open', fault: 'bidder', params: { stage } });
  const record = parseStageRecord(block);
  checkLengths(provider, head, record, tree);
  await checkPrice(provider, head, record, input);
  let start = end + header.recordLen;
  const files = record.files.map((part, index) => {
    const file = openedFile(provider, part, index, { head, ck, leaves: tree[index] ?? [], start });
    start += padme(part.length) + provider.aeadTagLength * chunkCount(part.length);
    return file;
  });
  return { head, record, files };
}

/**
 * Opens a content stage: record and leaf tree now, files when they are iterated. Order of checks: header, opening
 * rule, bidder's half, key commitment, tree, stage root, record, lengths, price; then per chunk leaf, tag, padding.
 */
export const openStage = (provider: CryptoProvider, input: StageInput): Promise<OpenedStage> =>
  openStageWith(provider, input, (header, ctx) => recoverOfficeHalf(provider, header, ctx, input.released));

/** Seed and extent for `checkPadding`. */
export const paddingOf = (register: OpenedRegister, head: StageHead): readonly [ObjectSeed, StageExtent] => [
  seedOf(register, head.extent.stage),
  head.extent,
];
