import test from 'ava';
import fc from 'fast-check';
import { concatBytes, DomainError } from '@qej/kernel';
import { leaves, mth } from '../test/reference-tree.ts';
import { MemoryLogStore, tilesOf } from '../test/memory-log-store.ts';
import {
  auditTiles,
  bundlePath,
  decodeBundle,
  encodeBundle,
  hashLeaf,
  parseTilePath,
  planAppend,
  readEdge,
  TILE_WIDTH,
  tilePath,
  TileReader,
  tilesOfSize,
  verifyConsistency,
  verifyInclusion,
} from './index.ts';

test('paths are those of c2sp.org/tlog-tiles', (t) => {
  t.is(tilePath({ level: 0, index: 1_234_067, width: 256 }), 'tile/0/x001/x234/067');
  t.is(tilePath({ level: 3, index: 5, width: 112 }), 'tile/3/005.p/112');
  t.is(bundlePath(1_234_067, 8), 'tile/entries/x001/x234/067.p/8');
  t.is(bundlePath(0, 256), 'tile/entries/000');
});

test('a path is read back as what was written, and no other spelling is taken', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 63 }),
      fc.nat({ max: 2 ** 40 }),
      fc.integer({ min: 1, max: 256 }),
      (level, index, width) => {
        t.deepEqual(parseTilePath(tilePath({ level, index, width })), { level, index, width });
        t.deepEqual(parseTilePath(bundlePath(index, width)), { level: 'entries', index, width });
      },
    ),
  );
  const bad = [
    'tile/64/000',
    'tile/01/000',
    'tile/0/00',
    'tile/0/x000/001',
    'tile/0/1000',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/0/000.p/01',
    'tile/0/000/',
    '/tile/0/000',
    'tile/x/000',
    'tile/0/001/002',
  ];
  for (const path of bad) t.throws(() => parseTilePath(path), { instanceOf: DomainError, code: 'E_LOG_TILE' }, path);
});

test('a tree of 70,000 has the tiles that the document counts', (t) => {
  const tiles = tilesOfSize(70_000);
  const widths = (level: number, isFull: boolean): number[] =>
    tiles.filter((tile) => tile.level === level && (tile.width === TILE_WIDTH) === isFull).map((tile) => tile.width);
  t.is(widths(0, true).length, 273);
  t.deepEqual(widths(0, false), [112]);
  t.is(widths(1, true).length, 1);
  t.deepEqual(widths(1, false), [17]);
  t.deepEqual(widths(2, false), [1]);
  t.is(tiles.length, 277);
  t.deepEqual(tilesOfSize(256), [
    { level: 0, index: 0, width: 256 },
    { level: 1, index: 0, width: 1 },
  ]);
});

test('tiles of a tree of 70,000 equal MTH computed directly, and proofs across all three levels verify', async (t) => {
  const size = 70_000;
  const all = leaves(size);
  const { source, tiles } = await tilesOf(all);
  t.deepEqual(
    [...tiles.values()]
      .map(({ level, index, width }) => ({ level, index, width }))
      .toSorted((a, b) => a.level - b.level || a.index - b.index),
    tilesOfSize(size),
  );
  const reader = new TileReader(source, size);
  const root = await reader.root();
  t.deepEqual(root, mth(all));
  for (const [level, index, width] of [
    [0, 0, 256],
    [0, 273, 112],
    [1, 1, 17],
    [2, 0, 1],
  ] as const) {
    const span = TILE_WIDTH ** level;
    const direct = Array.from({ length: width }, (_, i) =>
      mth(all.slice((index * 256 + i) * span, (index * 256 + i + 1) * span)),
    );
    t.deepEqual(tiles.get(`${level}/${index}`)?.hashes, concatBytes(...direct));
  }
  for (const index of [0, 255, 256, 65_535, 65_536, 69_999]) {
    verifyInclusion({ leafHash: hashLeaf(all[index]!), index, size, proof: await reader.inclusionProof(index), root });
  }
  for (const oldSize of [1, 255, 256, 257, 65_536, 65_537, 69_999]) {
    const oldRoot = await new TileReader(source, oldSize).root();
    verifyConsistency({ oldSize, oldRoot, size, root, proof: await reader.consistencyProof(oldSize) });
  }
  t.deepEqual(await auditTiles(source, size), root);
});

test('appending in batches of any size gives the tiles and root of appending at once', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }), async (batches) => {
      const store = new MemoryLogStore();
      const total = batches.reduce((sum, one) => sum + one, 0);
      const all = leaves(total);
      let at = 0;
      for (const batch of batches) {
        const { tiles } = planAppend(await readEdge(store, at), all.slice(at, at + batch).map(hashLeaf));
        for (const tile of tiles) store.tiles.set(`${tile.level}/${tile.index}`, tile);
        at += batch;
      }
      t.deepEqual(store.tiles, new Map((await tilesOf(all)).tiles));
    }),
    { numRuns: 25 },
  );
});

test('a changed byte in any stored tile is found by the audit or by the proof', async (t) => {
  const all = leaves(600);
  const { tiles } = await tilesOf(all);
  const root = mth(all);
  for (const [key, tile] of tiles) {
    const store = new MemoryLogStore();
    for (const [other, kept] of tiles) store.tiles.set(other, kept);
    const hashes = tile.hashes.slice();
    hashes[hashes.length - 1]! ^= 1;
    store.tiles.set(key, { ...tile, hashes });
    const audit = await auditTiles(store, 600).catch((cause: unknown) => cause);
    if (audit instanceof Uint8Array) t.notDeepEqual(audit, root, key);
    else t.is((audit as DomainError).code, 'E_LOG_TILE', key);
  }
});

test('a tile that is missing or cut off is refused by name', async (t) => {
  const { source, tiles } = await tilesOf(leaves(10));
  const short = { readTile: async () => tiles.get('0/0')!.hashes.slice(0, 31) };
  await t.throwsAsync(new TileReader(short, 10).root(), { instanceOf: DomainError, code: 'E_LOG_TILE' });
  await t.throwsAsync(new TileReader(source, 600).root(), { instanceOf: DomainError, code: 'E_LOG_TILE' });
});

test('entry bundles come back as they went in, and a cut one is refused', (t) => {
  const entries = leaves(17);
  const bundle = encodeBundle(entries);
  t.is(bundle.length, 17 * 34);
  t.deepEqual(decodeBundle(bundle), entries);
  t.throws(() => decodeBundle(bundle.slice(0, -1)), { instanceOf: DomainError, code: 'E_LOG_TILE' });
  t.throws(() => decodeBundle(encodeBundle(leaves(257))), { instanceOf: DomainError, code: 'E_LOG_TILE' });
});
