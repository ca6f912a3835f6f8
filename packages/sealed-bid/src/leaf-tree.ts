import { concatBytes, u32be, u64be } from '@qej/kernel';
import { refusal } from './errors.ts';
import { label } from './labels.ts';
import { fileRoot } from './merkle.ts';
import { padBlock, paddedLength, unpadBlock } from './padded.ts';
import type { CryptoProvider } from './provider.ts';

const HASH_LENGTH = 32;

/** Leaf hashes of every chunk of every file of one stage, in file and chunk order. */
export type LeafTree = readonly (readonly Uint8Array[])[];

const contentLength = (chunkCounts: readonly number[]): number =>
  chunkCounts.reduce((sum, chunks) => sum + 8 + HASH_LENGTH * chunks, 4);

/** Padded plaintext length for files of so many chunks. */
export const treeLength = (chunkCounts: readonly number[]): number => paddedLength(contentLength(chunkCounts));

/** u32 nfiles ‖ for each file: u64 chunks ‖ leaves; padded. */
export const encodeTree = (tree: LeafTree): Uint8Array<ArrayBuffer> =>
  padBlock(concatBytes(u32be(tree.length), ...tree.flatMap((leaves) => [u64be(leaves.length), ...leaves])));

/** @throws DomainError `E_TREE` (fault bidder: the block authenticated under the bidder's key) */
export function parseTree(block: Uint8Array): LeafTree {
  const content = unpadBlock(block);
  const refuse = (): never => {
    throw refusal('E_TREE', { detail: 'malformed', fault: 'bidder' });
  };
  if (content === undefined || content.length < 4) return refuse();
  const view = new DataView(content.buffer, content.byteOffset, content.length);
  const tree: Uint8Array[][] = [];
  let offset = 4;
  for (let file = 0; file < view.getUint32(0); file++) {
    if (offset + 8 > content.length) return refuse();
    const chunks = view.getBigUint64(offset);
    offset += 8;
    if (chunks > BigInt(Math.floor((content.length - offset) / HASH_LENGTH))) return refuse();
    tree.push(
      Array.from({ length: Number(chunks) }, (_, i) =>
        content.slice(offset + HASH_LENGTH * i, offset + HASH_LENGTH * (i + 1)),
      ),
    );
    offset += HASH_LENGTH * Number(chunks);
  }
  return offset === content.length ? tree : refuse();
}

/** stage root = H(L("stage") ‖ hh ‖ H(recordCiphertext) ‖ u32 nfiles ‖ root_0 …). */
export async function stageRoot(
  provider: CryptoProvider,
  hh: Uint8Array,
  sealedRecord: Uint8Array,
  tree: LeafTree,
): Promise<Uint8Array> {
  const roots: Uint8Array[] = [];
  for (const leaves of tree) roots.push(await fileRoot(provider, leaves));
  return provider.hash(label(provider, 'stage'), hh, await provider.hash(sealedRecord), u32be(roots.length), ...roots);
}

/** bidRoot = H(L("bid") ‖ ctx_register ‖ stage roots of the content stages in order). */
export const bidRootOf = (
  provider: CryptoProvider,
  registerContext: Uint8Array,
  stageRoots: readonly Uint8Array[],
): Promise<Uint8Array> => provider.hash(label(provider, 'bid'), registerContext, ...stageRoots);
