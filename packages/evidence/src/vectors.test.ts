import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import test from 'ava';
import { fromHex, Secret, toHex, utf8 } from '@qej/kernel';
import { mth } from '../test/reference-tree.ts';
import {
  commitEntry,
  type EntryBody,
  parseReceiptPackage,
  tickProof,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
  hashLeaf,
} from './index.ts';
import { makeVectors } from '../test/vectors/make-vectors.ts';

const file = new URL('../../../docs/formats/vectors/evidence.json', import.meta.url);

interface Vectors {
  readonly entry: { readonly body: string; readonly salt: string; readonly commitment: string };
  readonly tree: {
    readonly roots: readonly { readonly size: number; readonly root: string }[];
    readonly inclusion: readonly { readonly index: number; readonly size: number; readonly proof: readonly string[] }[];
    readonly consistency: readonly {
      readonly oldSize: number;
      readonly size: number;
      readonly proof: readonly string[];
    }[];
  };
  readonly checkpoint: {
    readonly logKey: string;
    readonly witnessKey: string;
    readonly cosigned: string;
    readonly cosignedAtSeconds: number;
  };
  readonly receipt: {
    readonly package: string;
    readonly tick: {
      readonly seq: number;
      readonly prfKey: string;
      readonly acts: readonly { readonly hash: string; readonly salt: string; readonly slot: number }[];
    };
  };
}
const published = JSON.parse(await readFile(file, 'utf8')) as Vectors;
const leafData = (i: number): Uint8Array =>
  new Uint8Array(createHash('sha256').update(`qej vectors: leaf ${i}`).digest());
const rootOf = (size: number): Uint8Array => fromHex(published.tree.roots.find((one) => one.size === size)!.root);

test('the published vectors are what the code makes today', async (t) => {
  t.is(await readFile(file, 'utf8'), await makeVectors());
});

test('the vectors’ roots and proofs agree with RFC 6962 as written, over node:crypto', (t) => {
  for (const { size, root } of published.tree.roots)
    t.is(toHex(mth(Array.from({ length: size }, (_, i) => leafData(i)))), root);
  for (const { index, size, proof } of published.tree.inclusion) {
    verifyInclusion({
      leafHash: hashLeaf(leafData(index)),
      index,
      size,
      proof: proof.map(fromHex),
      root: rootOf(size),
    });
  }
  for (const { oldSize, size, proof } of published.tree.consistency) {
    const oldRoot = mth(Array.from({ length: oldSize }, (_, i) => leafData(i)));
    verifyConsistency({ oldSize, oldRoot, size, root: rootOf(size), proof: proof.map(fromHex) });
  }
});

test('the vectors’ entry, checkpoint and receipt verify from their published parts alone', async (t) => {
  const { entry, checkpoint, receipt } = published;
  t.is(toHex(commitEntry(JSON.parse(entry.body) as EntryBody, fromHex(entry.salt)).commitment), entry.commitment);
  const policy = {
    origin: 'log.example/qej',
    logKey: checkpoint.logKey,
    witnesses: [{ vkey: checkpoint.witnessKey, independent: true }],
    quorum: 1,
  };
  const checked = await verifyCheckpoint(checkpoint.cosigned, policy);
  t.is(checked.cosignatures[0]?.at, (checkpoint.cosignedAtSeconds * 1000) as never);
  const { tick } = parseReceiptPackage(utf8(receipt.package));
  const placed = receipt.tick.acts.map(({ hash, salt, slot }) => ({
    act: { hash: fromHex(hash), salt: fromHex(salt) },
    slot,
  }));
  t.deepEqual(
    tickProof({ placed, prfKey: new Secret(fromHex(receipt.tick.prfKey)), seq: receipt.tick.seq, slot: tick!.slot }),
    tick!.tickProof,
  );
});
