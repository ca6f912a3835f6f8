import { toBase64, toHex } from '@qej/kernel';
import { bidderCommit, bidderHalf, blockKey, contentKey, keyCommit } from './content-keys.ts';
import { contextOf, type Core } from './core.ts';
import { refusal } from './errors.ts';
import { encodeHeader, headerHash, parseHeader, type Header } from './header.ts';
import { treeLength } from './leaf-tree.ts';
import { objectCountOf } from './objects.ts';
import { encodeWraps, officeCommit, wrapOfficeHalf } from './office-half.ts';
import { chunkCount, padme } from './padme.ts';
import type { CryptoProvider } from './provider.ts';
import { encodeStageRecord, sealBlock, type StageRecord } from './record.ts';
import { derivedSecrets, type SealSecrets } from './seal-secrets.ts';
import type { SealFile, SealStage } from './seal-input.ts';
import { needsBidderHalf, type ContentStage } from './stages.ts';

/** Keys of one stage before its header is final. */
export interface StageKeys {
  readonly ctx: Uint8Array;
  readonly b: Uint8Array;
  readonly h: Uint8Array;
  readonly ck: Uint8Array;
  /** Header members that do not depend on lengths; WB is ''. */
  readonly partial: Omit<Header, 'recordLen' | 'treeLen'>;
}

export async function planKeys(
  provider: CryptoProvider,
  core: Core,
  secrets: SealSecrets,
  recordBlock: Uint8Array,
): Promise<StageKeys> {
  const ctx = await contextOf(provider, core);
  const h = await derivedSecrets.officeHalf(provider, secrets, core.stage, recordBlock);
  const b = needsBidderHalf(core.stage, core.opening)
    ? await bidderHalf(provider, await derivedSecrets.bidderSecret(provider, secrets), ctx)
    : new Uint8Array(0);
  const ck = await contentKey(provider, ctx, b, h);
  const wraps = encodeWraps(await wrapOfficeHalf(provider, core, ctx, h));
  const cb = toHex(await bidderCommit(provider, ctx, b));
  const ch = toHex(await officeCommit(provider, ctx, h));
  return { ctx, b, h, ck, partial: { core, WB: '', cb, ch, KC: toHex(await keyCommit(provider, ck)), ...wraps } };
}

/** Everything of a content stage that is fixed before its files are read. */
export interface StagePlan extends StageKeys {
  readonly stage: ContentStage;
  readonly header: Header;
  readonly headerBytes: Uint8Array;
  readonly hh: Uint8Array;
  readonly record: StageRecord;
  readonly sealedRecord: Uint8Array;
  readonly files: readonly SealFile[];
  readonly streamLength: number;
  readonly objectCount: number;
}

async function stageRecordOf(provider: CryptoProvider, input: SealStage, secrets: SealSecrets): Promise<StageRecord> {
  if ((input.stage === 'price') !== (input.price !== undefined))
    throw refusal('E_STAGE', { detail: 'a price belongs in stage price, and there only' });
  const files = [];
  for (const [index, { name, mediaType, part, source }] of input.files.entries()) {
    const fileSalt = toHex(await derivedSecrets.fileSalt(provider, secrets, input.stage, index));
    files.push({ name: name.normalize('NFC'), mediaType, length: source.size, part, fileSalt });
  }
  const price =
    input.price === undefined
      ? null
      : { value: input.price, salt: toHex(await derivedSecrets.priceSalt(provider, secrets)) };
  return { v: 1, files, fields: input.fields ?? null, price };
}

/** @throws DomainError `E_STAGE`, `E_RECORD_SIZE` */
export async function planStage(
  provider: CryptoProvider,
  core: Core,
  input: SealStage,
  secrets: SealSecrets,
): Promise<StagePlan> {
  const record = await stageRecordOf(provider, input, secrets);
  const block = encodeStageRecord(record);
  const keys = await planKeys(provider, core, secrets, block);
  const tag = provider.aeadTagLength;
  const counts = record.files.map((file) => chunkCount(file.length));
  const header: Header = {
    ...keys.partial,
    recordLen: block.length + tag,
    treeLen: treeLength(counts) + tag,
  };
  const headerBytes = encodeHeader(header);
  parseHeader(headerBytes);
  const hh = await headerHash(provider, headerBytes);
  const sealedRecord = await sealBlock(provider, await blockKey(provider, keys.ck, 'record', hh), hh, block);
  const content = record.files.reduce((sum, file) => sum + padme(file.length) + tag * chunkCount(file.length), 0);
  const streamLength = 4 + headerBytes.length + header.recordLen + content + header.treeLen;
  return {
    ...keys,
    stage: input.stage,
    header,
    headerBytes,
    hh,
    record,
    sealedRecord,
    files: input.files,
    streamLength,
    objectCount: objectCountOf(streamLength),
  };
}

/** Adds WB: B wrapped to the bidder's own certificate, bound to ctx of stage `register`. */
export async function wrapBidderSecret(
  provider: CryptoProvider,
  keys: StageKeys,
  bidderKey: Uint8Array,
  secrets: SealSecrets,
): Promise<StageKeys> {
  const secret = await derivedSecrets.bidderSecret(provider, secrets);
  const wrapped = await provider.wrap(bidderKey, secret, keys.ctx, await derivedSecrets.wrapCoins(provider, secrets));
  return { ...keys, partial: { ...keys.partial, WB: toBase64(wrapped) } };
}
