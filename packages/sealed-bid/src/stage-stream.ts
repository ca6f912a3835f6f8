import { lengthValue, fromHex } from '@qej/kernel';
import { blockKey, fileKey } from './content-keys.ts';
import { refusal } from './errors.ts';
import { encodeTree, stageRoot } from './leaf-tree.ts';
import { chunkLeaf } from './merkle.ts';
import { fillBytes } from './objects.ts';
import { MEBIBYTE, chunkCount, padme } from './padme.ts';
import type { CryptoProvider } from './provider.ts';
import { sealBlock } from './record.ts';
import type { StagePlan } from './stage-plan.ts';

const xor = (bytes: Uint8Array, mask: Uint8Array): Uint8Array => bytes.map((byte, i) => byte ^ (mask[i] ?? 0));

/** Framed header under FILL("mask", 0): the pool must not show which lot a stream belongs to. */
export const maskHeader = async (
  provider: CryptoProvider,
  of: Parameters<typeof fillBytes>[1],
  framed: Uint8Array,
): Promise<Uint8Array> => xor(framed, await fillBytes(provider, of, 'mask', 0, framed.length));

async function plaintextChunk(plan: StagePlan, index: number, chunk: number): Promise<Uint8Array> {
  const file = plan.files[index];
  const announced = plan.record.files[index]?.length ?? 0;
  if (file === undefined || file.source.size !== announced)
    throw refusal('E_SOURCE', { detail: 'size changed', params: { file: index } });
  const from = chunk * MEBIBYTE;
  const bytes = new Uint8Array(Math.min(MEBIBYTE, padme(announced) - from));
  const to = Math.min(announced, from + MEBIBYTE);
  if (to > from) {
    const read = await file.source.slice(from, to);
    if (read.length !== to - from)
      throw refusal('E_SOURCE', { detail: `read ${read.length} of ${to - from} bytes`, params: { file: index } });
    bytes.set(read);
  }
  return bytes;
}

/** Chunks of one file in order; each leaf is pushed before its bytes leave. */
async function* sealFileChunks(
  provider: CryptoProvider,
  plan: StagePlan,
  index: number,
  leaves: Uint8Array[],
): AsyncGenerator<Uint8Array> {
  const entry = plan.record.files[index];
  if (entry === undefined) throw new RangeError('file index');
  const key = await fileKey(provider, plan.ck, plan.hh, { part: entry.part, index, salt: fromHex(entry.fileSalt) });
  const count = chunkCount(entry.length);
  for (let chunk = 0; chunk < count; chunk++) {
    const at = { index: chunk, last: chunk === count - 1 };
    const sealed = await provider.aeadSeal(key, at, plan.hh, await plaintextChunk(plan, index, chunk));
    leaves.push(await chunkLeaf(provider, at, sealed));
    yield sealed;
  }
}

/** The bytes of a stage in order; `done` receives the stage root when the last byte was taken. */
export async function* stageStream(
  provider: CryptoProvider,
  plan: StagePlan,
  seed: Uint8Array,
  done: (root: Uint8Array) => void,
): AsyncGenerator<Uint8Array> {
  yield await maskHeader(provider, { seed, stage: plan.stage }, lengthValue(plan.headerBytes));
  yield plan.sealedRecord;
  const tree: Uint8Array[][] = [];
  for (const index of plan.files.keys()) {
    const leaves: Uint8Array[] = [];
    tree.push(leaves);
    yield* sealFileChunks(provider, plan, index, leaves);
  }
  yield await sealBlock(provider, await blockKey(provider, plan.ck, 'tree', plan.hh), plan.hh, encodeTree(tree));
  done(await stageRoot(provider, plan.hh, plan.sealedRecord, tree));
}
