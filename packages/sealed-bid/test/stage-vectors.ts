import { canonicalJson, fromHex, fromUtf8, toBase64, toHex, type Json } from '@qej/kernel';
import { blockKey, contentKey, fileKey } from '../src/content-keys.ts';
import { contextOf, type Core } from '../src/core.ts';
import { encodeHeader, parseHeader } from '../src/header.ts';
import { bidderHalf, webCryptoProvider as p, type ContentStage, type SealedBid } from '../src/index.ts';
import { label } from '../src/labels.ts';
import { parseTree, stageRoot } from '../src/leaf-tree.ts';
import { fileRoot } from '../src/merkle.ts';
import { fillBytes, objectId, OBJECT_LENGTH } from '../src/objects.ts';
import { wrapOfficeHalf } from '../src/office-half.ts';
import { openBlock, parseRegisterRecord, parseStageRecord, type StageRecord } from '../src/record.ts';
import { parseRegisterEnvelope } from '../src/register-envelope.ts';
import { derivedSecrets, type SealSecrets } from '../src/seal-secrets.ts';
import { maskHeader } from '../src/stage-stream.ts';

export type Members = Record<string, Json>;

/** Halves, wraps and keys of one stage from its core. */
export async function keyVectors(
  core: Core,
  secrets: SealSecrets,
  h: Uint8Array,
): Promise<{ readonly ck: Uint8Array; readonly members: Members }> {
  const ctx = await contextOf(p, core);
  const b =
    core.stage === 'register'
      ? new Uint8Array(0)
      : await bidderHalf(p, await derivedSecrets.bidderSecret(p, secrets), ctx);
  const { wraps, masked } = await wrapOfficeHalf(p, core, ctx, h);
  const ck = await contentKey(p, ctx, b, h);
  const holders = wraps.map(({ key, coins, wrapped }) => ({ k: toHex(key), coins: toHex(coins), C: toHex(wrapped) }));
  const W = Object.fromEntries(Object.entries(masked).map(([name, bytes]) => [name, toHex(bytes)]));
  const members = {
    core: canonicalJson(core),
    ctx: toHex(ctx),
    b: toHex(b),
    h: toHex(h),
    prk: toHex(await p.hkdfExtract(ctx, h)),
    holders,
    W,
    CK: toHex(ck),
  };
  return { ck, members };
}

export async function registerVector({ envelope }: SealedBid, secrets: SealSecrets, h: Uint8Array): Promise<Members> {
  const { header, hh, sealedRecord } = await parseRegisterEnvelope(p, envelope);
  const { ck, members } = await keyVectors(header.core, secrets, h);
  const recordKey = await blockKey(p, ck, 'record', hh);
  const block = await openBlock(p, recordKey, hh, sealedRecord);
  if (block === undefined) throw new Error('register record');
  return {
    ...members,
    header: fromUtf8(encodeHeader(header)),
    hh: toHex(hh),
    recordKey: toHex(recordKey),
    recordPlaintextLength: block.length,
    record: canonicalJson(parseRegisterRecord(block)),
    recordCiphertextHash: toHex(await p.hash(sealedRecord)),
    envelope: toBase64(envelope),
    registerHash: toHex(await p.hash(envelope)),
  };
}

interface ReadFiles {
  readonly ck: Uint8Array;
  readonly hh: Uint8Array;
  readonly record: StageRecord;
  readonly tree: ReturnType<typeof parseTree>;
}

const fileVectors = ({ ck, hh, record, tree }: ReadFiles): Promise<Members[]> =>
  Promise.all(
    record.files.map(async ({ part, fileSalt }, index) => ({
      key: toHex(await fileKey(p, ck, hh, { part, index, salt: fromHex(fileSalt) })),
      leaves: (tree[index] ?? []).map((leaf) => toHex(leaf)),
      root: toHex(await fileRoot(p, tree[index] ?? [])),
    })),
  );

interface ReadStage {
  readonly stage: ContentStage;
  readonly stream: Uint8Array;
  readonly secrets: SealSecrets;
  readonly h: Uint8Array;
}

export async function stageVector({ stage, stream, secrets, h }: ReadStage): Promise<Members> {
  const of = { seed: await derivedSecrets.objectSeed(p, secrets), stage };
  const headerLength = new DataView((await maskHeader(p, of, stream.slice(0, 4))).buffer).getUint32(0);
  const headerBytes = (await maskHeader(p, of, stream.slice(0, 4 + headerLength))).slice(4);
  const header = parseHeader(headerBytes);
  const hh = await p.hash(label(p, 'header'), headerBytes);
  const { ck, members } = await keyVectors(header.core, secrets, h);
  const start = 4 + headerLength;
  const sealedRecord = stream.slice(start, start + header.recordLen);
  const [recordKey, treeKey] = [await blockKey(p, ck, 'record', hh), await blockKey(p, ck, 'tree', hh)];
  const block = await openBlock(p, recordKey, hh, sealedRecord);
  const treeBlock = await openBlock(p, treeKey, hh, stream.slice(stream.length - header.treeLen));
  if (block === undefined || treeBlock === undefined) throw new Error(stage);
  const [record, tree] = [parseStageRecord(block), parseTree(treeBlock)];
  return {
    ...members,
    header: fromUtf8(headerBytes),
    hh: toHex(hh),
    maskStart: toHex(await fillBytes(p, of, 'mask', 0, 16)),
    recordKey: toHex(recordKey),
    record: canonicalJson(record),
    recordPlaintextLength: block.length,
    recordCiphertextHash: toHex(await p.hash(sealedRecord)),
    treeKey: toHex(treeKey),
    treePlaintextLength: treeBlock.length,
    files: await fileVectors({ ck, hh, record, tree }),
    stageRoot: toHex(await stageRoot(p, hh, sealedRecord, tree)),
    streamLength: stream.length,
    stream: toBase64(stream),
    objectId: await objectId(p, of, 0),
    objectHash: toHex(await p.hash(stream, await fillBytes(p, of, 'pad', 0, OBJECT_LENGTH - stream.length))),
    padStart: toHex(await fillBytes(p, of, 'pad', 0, 16)),
  };
}
