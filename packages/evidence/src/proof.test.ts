import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { DomainError, equalBytes, fromBase64 } from '@qej/kernel';
import { leaves, mth, path, subproof } from '../test/reference-tree.ts';
import { tilesOf } from '../test/memory-log-store.ts';
import { hashLeaf, MemoryFrontier, rootOfLeafHashes, TileReader, verifyConsistency, verifyInclusion } from './index.ts';

const SIZES = 200;

test('the root of every size up to 200 is RFC 6962’s, by frontier, directly and from tiles', async (t) => {
  const all = leaves(SIZES);
  const { source } = await tilesOf(all);
  const frontier = MemoryFrontier.empty();
  for (let size = 0; size <= SIZES; size++) {
    const expected = mth(all.slice(0, size));
    t.deepEqual(frontier.root(), expected);
    t.deepEqual(rootOfLeafHashes(all.slice(0, size).map(hashLeaf)), expected);
    if (size > 0) t.deepEqual(await new TileReader(source, size).root(), expected);
    if (size < SIZES) frontier.append(hashLeaf(all[size]!));
  }
});

test('inclusion proofs of every leaf of every size up to 200 equal the RFC’s and verify', async (t) => {
  const all = leaves(SIZES);
  const { source } = await tilesOf(all);
  let count = 0;
  for (let size = 1; size <= SIZES; size++) {
    const reader = new TileReader(source, size);
    const root = await reader.root();
    const step = size <= 40 ? 1 : 7;
    for (let index = size % step; index < size; index += step) {
      const proof = await reader.inclusionProof(index);
      if (size <= 40 || index % 3 === 0) t.deepEqual(proof, path(index, all.slice(0, size)));
      verifyInclusion({ leafHash: hashLeaf(all[index]!), index, size, proof, root });
      count += 1;
    }
  }
  t.true(count > 3000);
});

test('consistency proofs between all sizes up to 200 verify, and equal the RFC’s', async (t) => {
  const all = leaves(SIZES);
  const { source } = await tilesOf(all);
  const roots = await Promise.all(Array.from({ length: SIZES }, (_, i) => new TileReader(source, i + 1).root()));
  let count = 0;
  for (let size = 1; size <= SIZES; size++) {
    const reader = new TileReader(source, size);
    for (let oldSize = 1; oldSize <= size; oldSize++) {
      const proof = await reader.consistencyProof(oldSize);
      if (size <= 34) t.deepEqual(proof, subproof(oldSize, all.slice(0, size), true));
      verifyConsistency({ oldSize, oldRoot: roots[oldSize - 1]!, size, root: roots[size - 1]!, proof });
      count += 1;
    }
  }
  t.is(count, (SIZES * (SIZES + 1)) / 2);
});

const flipped = (bytes: Uint8Array, bit: number): Uint8Array => {
  const copy = bytes.slice();
  copy[bit >> 3]! ^= 1 << (bit & 7);
  return copy;
};

test('any flipped bit of leaf, root or proof is refused, and so is another index, size or proof length', async (t) => {
  const { source } = await tilesOf(leaves(SIZES));
  const arbitrary = fc.record({
    size: fc.integer({ min: 2, max: SIZES }),
    seed: fc.nat(),
    which: fc.nat(),
    bit: fc.integer({ min: 0, max: 255 }),
  });
  const refused = { instanceOf: DomainError, code: 'E_LOG_INCLUSION' };
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ size, seed, which, bit }) => {
      const index = seed % size;
      const reader = new TileReader(source, size);
      const good = {
        leafHash: hashLeaf(leaves(SIZES)[index]!),
        index,
        size,
        proof: await reader.inclusionProof(index),
        root: await reader.root(),
      };
      verifyInclusion(good);
      const part = which % (good.proof.length + 2);
      const bad =
        part === 0
          ? { ...good, leafHash: flipped(good.leafHash, bit) }
          : part === 1
            ? { ...good, root: flipped(good.root, bit) }
            : { ...good, proof: good.proof.with(part - 2, flipped(good.proof[part - 2]!, bit)) };
      t.throws(() => verifyInclusion(bad), refused);
      t.throws(() => verifyInclusion({ ...good, index: (index + 1) % size }), refused);
      t.throws(() => verifyInclusion({ ...good, proof: good.proof.slice(1) }), refused);
      t.throws(() => verifyInclusion({ ...good, proof: [...good.proof, good.root] }), refused);
    }),
    { numRuns: 150 },
  );
});

test('any flipped bit of a consistency proof or its roots is refused', async (t) => {
  const { source } = await tilesOf(leaves(SIZES));
  const arbitrary = fc.record({
    a: fc.integer({ min: 1, max: SIZES }),
    b: fc.integer({ min: 1, max: SIZES }),
    which: fc.nat(),
    bit: fc.integer({ min: 0, max: 255 }),
  });
  const refused = { instanceOf: DomainError, code: 'E_LOG_CONSISTENCY' };
  await fc.assert(
    fc.asyncProperty(arbitrary, async ({ a, b, which, bit }) => {
      const [oldSize, size] = [Math.min(a, b), Math.max(a, b)];
      const good = {
        oldSize,
        oldRoot: await new TileReader(source, oldSize).root(),
        size,
        root: await new TileReader(source, size).root(),
        proof: await new TileReader(source, size).consistencyProof(oldSize),
      };
      verifyConsistency(good);
      const part = which % (good.proof.length + 2);
      const bad =
        part === 0
          ? { ...good, oldRoot: flipped(good.oldRoot, bit) }
          : part === 1
            ? { ...good, root: flipped(good.root, bit) }
            : { ...good, proof: good.proof.with(part - 2, flipped(good.proof[part - 2]!, bit)) };
      t.throws(() => verifyConsistency(bad), refused);
      t.throws(() => verifyConsistency({ ...good, proof: [...good.proof, good.root] }), refused);
      if (good.proof.length > 0) t.throws(() => verifyConsistency({ ...good, proof: good.proof.slice(1) }), refused);
    }),
    { numRuns: 150 },
  );
});

test('a tree whose old leaf was changed is never consistent', async (t) => {
  const honest = leaves(64);
  const forged = honest.with(5, honest[6]!);
  const { source } = await tilesOf(forged);
  const reader = new TileReader(source, 64);
  const oldRoot = mth(honest.slice(0, 20));
  const input = { oldSize: 20, oldRoot, size: 64, root: await reader.root(), proof: await reader.consistencyProof(20) };
  t.throws(() => verifyConsistency(input), { instanceOf: DomainError, code: 'E_LOG_CONSISTENCY' });
});

test('two trees with the same leaves in another order have different roots', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 60 }), fc.nat(), fc.nat(), (size, a, b) => {
      const [i, j] = [a % size, b % size];
      const hashes = leaves(size).map(hashLeaf);
      const swapped = hashes.with(i, hashes[j]!).with(j, hashes[i]!);
      t.is(equalBytes(rootOfLeafHashes(hashes), rootOfLeafHashes(swapped)), i === j);
    }),
    { numRuns: 100 },
  );
});

interface Vector {
  readonly wantErr: boolean;
  readonly proof: readonly string[] | null;
  readonly size1: number;
  readonly size2: number;
  readonly root1: string | null;
  readonly root2: string | null;
  readonly leafIdx: number;
  readonly treeSize: number;
  readonly leafHash: string | null;
  readonly root: string | null;
}

const CORPUS = new URL('../../testkit/corpora/rfc6962/proofs.json', import.meta.url);
/** Its roots are the 12 bytes "don't care 2"; we take nothing but SHA-256 hashes. */
const STRICTER = 'consistency/additional/sizes-are-equal-one-and-proof-is-empty.json';

test('every published proof of transparency-dev/merkle is judged as published', (t) => {
  const bytes = (text: string | null): Uint8Array => fromBase64(text ?? '');
  const corpus = Object.entries(JSON.parse(readFileSync(CORPUS, 'utf8')) as Record<string, Vector>);
  let compared = 0;
  for (const [name, vector] of corpus) {
    const proof = (vector.proof ?? []).map(bytes);
    const check = name.startsWith('consistency/')
      ? () =>
          verifyConsistency({
            oldSize: vector.size1,
            oldRoot: bytes(vector.root1),
            size: vector.size2,
            root: bytes(vector.root2),
            proof,
          })
      : () =>
          verifyInclusion({
            leafHash: bytes(vector.leafHash),
            index: vector.leafIdx,
            size: vector.treeSize,
            proof,
            root: bytes(vector.root),
          });
    if (name.startsWith('subtree')) continue; // not RFC 6962, and not used here
    if (vector.wantErr || name === STRICTER) t.throws(check, { instanceOf: DomainError }, name);
    else t.notThrows(check, name);
    compared += 1;
  }
  t.is(compared, 196);
});
