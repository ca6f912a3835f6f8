import { DomainError, fromHex, instant, toHex } from '@qej/kernel';
import test from 'ava';
import fc from 'fast-check';
import { RUN_FACTOR } from '../test/run-count.ts';
import {
  checkClosingProof,
  closingEntryOf,
  closingProof,
  closingRoot,
  entropySeed,
  standingSeal,
  type ClosingEntry,
} from './index.ts';
import { nodeProvider as p } from './node.ts';
import { treeHead } from './merkle.ts';

const entryAt = async (i: number): Promise<ClosingEntry> => {
  const hash = toHex(await p.hash(Uint8Array.of(i >> 8, i)));
  return closingEntryOf(
    { messageHash: hash, body: { opaqueId: hash.slice(0, 32), registerHash: hash } },
    instant(1_800_000_000_000 + i),
  );
};

test('the empty closing set has the hash of nothing as its root', async (t) => {
  t.is(await closingRoot(p, []), 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('the tree head agrees with the published roots of RFC 6962 test leaves', async (t) => {
  // certificate-transparency-go, merkle_tree_test.go: the first eight leaves and the roots over 1, 2, 3, 8 of them
  const inputs = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
  const leaves = await Promise.all(inputs.map((hex) => p.hash(Uint8Array.of(0), fromHex(hex))));
  t.is(
    toHex(await treeHead(p, leaves.slice(0, 1))),
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  );
  t.is(
    toHex(await treeHead(p, leaves.slice(0, 2))),
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  );
  t.is(
    toHex(await treeHead(p, leaves.slice(0, 3))),
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  );
  t.is(toHex(await treeHead(p, leaves)), '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328');
});

test('every seal proves itself under the root, whatever the order of arrival, and no other does', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 33 }), fc.nat(32), fc.nat(32), async (size, pick, other) => {
      const entries = await Promise.all(Array.from({ length: size }, (_, i) => entryAt(i)));
      const root = await closingRoot(p, entries);
      t.is(await closingRoot(p, entries.toReversed()), root);
      const entry = entries[pick % size];
      const stranger = await entryAt(1000 + other);
      if (entry === undefined) throw new Error('entry');
      const proof = await closingProof(p, entries, entry.messageHash);
      await t.notThrowsAsync(checkClosingProof(p, root, entry, proof));
      const later = { ...entry, receivedAt: stranger.receivedAt };
      for (const [at, how] of [
        [stranger, proof],
        [later, proof],
        [entry, { ...proof, index: proof.index + 1 }],
        [entry, { ...proof, path: [...proof.path, root] }],
      ] as const) {
        await t.throwsAsync(checkClosingProof(p, root, at, how), { instanceOf: DomainError, code: 'E_NOT_IN_CLOSING' });
      }
    }),
    { numRuns: 15 * RUN_FACTOR },
  );
});

test('a message or slot twice, or one that is not there, is refused', async (t) => {
  const [a, b] = [await entryAt(1), await entryAt(2)];
  const refused = (entries: readonly ClosingEntry[]) =>
    t.throwsAsync(closingRoot(p, entries), { instanceOf: DomainError, code: 'E_CLOSING_SET' });
  await refused([a, a]);
  await refused([a, { ...b, opaqueId: a.opaqueId }]);
  await t.throwsAsync(closingProof(p, [a], b.messageHash), { instanceOf: DomainError, code: 'E_NOT_IN_CLOSING' });
});

test('of several seals of one owner the latest stands, and the greater hash breaks a tie', (t) => {
  const entry = (messageHash: string, receivedAt: string): ClosingEntry => ({
    messageHash,
    receivedAt,
    opaqueId: '',
    registerHash: '',
  });
  const [a, b, c] = [
    entry('a', '2026-01-01T00:00:00.000Z'),
    entry('b', '2026-01-01T00:00:00.001Z'),
    entry('c', '2026-01-01T00:00:00.001Z'),
  ];
  t.is(standingSeal([a, c, b]), c);
  t.is(standingSeal([b, a]), b);
});

test('the seed of a draw depends on root, order, purpose and lot', async (t) => {
  const at = { closingRoot: '1'.repeat(64), purpose: 'committee', lotId: '2'.repeat(32) };
  const [x, y] = ['3'.repeat(64), '4'.repeat(64)];
  const seeds = await Promise.all([
    entropySeed(p, [x, y], at),
    entropySeed(p, [y, x], at),
    entropySeed(p, [x], at),
    entropySeed(p, [x, y], { ...at, purpose: 'coefficient' }),
    entropySeed(p, [x, y], { ...at, lotId: '5'.repeat(32) }),
    entropySeed(p, [x, y], { ...at, closingRoot: '6'.repeat(64) }),
  ]);
  t.is(new Set(seeds.map((seed) => toHex(seed))).size, seeds.length);
});
