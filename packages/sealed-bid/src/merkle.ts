import { u64be } from '@qej/kernel';
import { label } from './labels.ts';
import type { ChunkPosition, CryptoProvider } from './provider.ts';

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

export const nodeHash = (provider: CryptoProvider, left: Uint8Array, right: Uint8Array): Promise<Uint8Array> =>
  provider.hash(NODE, left, right);

/** leaf_i = H(0x00 ‖ u64 i ‖ u8 last ‖ ciphertext ‖ tag). */
export const chunkLeaf = (
  provider: CryptoProvider,
  { index, last }: ChunkPosition,
  sealed: Uint8Array,
): Promise<Uint8Array> => provider.hash(LEAF, u64be(index), Uint8Array.of(last ? 1 : 0), sealed);

/** Leaf of a list of opaque entries: H(0x00 ‖ entry). */
export const entryLeaf = (provider: CryptoProvider, entry: Uint8Array): Promise<Uint8Array> =>
  provider.hash(LEAF, entry);

/** MTH of RFC 6962 section 2.1 over leaf hashes; of no leaves: H(''). */
export async function treeHead(provider: CryptoProvider, leaves: readonly Uint8Array[]): Promise<Uint8Array> {
  const [only] = leaves;
  if (only === undefined) return provider.hash();
  if (leaves.length === 1) return only;
  const split = splitOf(leaves.length);
  return nodeHash(
    provider,
    await treeHead(provider, leaves.slice(0, split)),
    await treeHead(provider, leaves.slice(split)),
  );
}

/** Largest power of two smaller than n. */
function splitOf(n: number): number {
  let split = 1;
  while (split * 2 < n) split *= 2;
  return split;
}

/** Audit path of RFC 6962 section 2.1.1, from the leaf upwards. */
export async function auditPath(
  provider: CryptoProvider,
  leaves: readonly Uint8Array[],
  index: number,
): Promise<Uint8Array[]> {
  if (!(index >= 0 && index < leaves.length)) throw new RangeError('leaf index');
  if (leaves.length === 1) return [];
  const split = splitOf(leaves.length);
  const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
  return index < split
    ? [...(await auditPath(provider, left, index)), await treeHead(provider, right)]
    : [...(await auditPath(provider, right, index - split)), await treeHead(provider, left)];
}

/** The root that leaf, index, size and path give, or `undefined` when the path has the wrong length (RFC 9162 section 2.1.3.2). */
export async function rootFromPath(
  provider: CryptoProvider,
  leaf: Uint8Array,
  at: { readonly index: number; readonly size: number },
  path: readonly Uint8Array[],
): Promise<Uint8Array | undefined> {
  if (!(at.index >= 0 && at.index < at.size)) return undefined;
  let [node, last, root] = [at.index, at.size - 1, leaf];
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (node % 2 === 1 || node === last) {
      root = await nodeHash(provider, sibling, root);
      while (node % 2 === 0 && node !== 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      root = await nodeHash(provider, root, sibling);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? root : undefined;
}

/** root_f = H(L("file-root") ‖ u64 count ‖ MTH). */
export const fileRoot = async (provider: CryptoProvider, leaves: readonly Uint8Array[]): Promise<Uint8Array> =>
  provider.hash(label(provider, 'file-root'), u64be(leaves.length), await treeHead(provider, leaves));
