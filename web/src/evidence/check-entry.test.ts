import {
  addSignatures,
  commitEntry,
  cosign,
  createNoteSigner,
  hashLeaf,
  newNoteSeed,
  parseNote,
  planInclusion,
  readProof,
  rootOfLeafHashes,
  signCheckpoint,
} from '@qej/evidence';
import { formatInstant, parseInstant, toHex } from '@qej/kernel';
import test from 'ava';
import type { LogProof } from '../api/views.ts';
import { checkEntry } from './check-entry.ts';
import type { LogTrust } from './check-entry.ts';

const AT = parseInstant('2026-11-23T05:00:00.000Z');
const SIZE = 7;
const TARGET = 4;
const ORIGIN = 'qingejian.example/log';

/** A log of seven entries with real signatures, and the answer of the API for one of them. */
async function makeAnswer(): Promise<{ answer: LogProof; trust: LogTrust }> {
  const log = await createNoteSigner({ name: ORIGIN, kind: 'ed25519', seed: newNoteSeed() });
  const witness = await createNoteSigner({ name: 'witness.example', kind: 'cosignature', seed: newNoteSeed() });
  const bodies = Array.from({ length: SIZE }, (_, n) => ({ v: 1, type: 'notice', at: formatInstant(AT), n }) as const);
  const entries = bodies.map((body) => commitEntry(body, crypto.getRandomValues(new Uint8Array(32))));
  const leaves = entries.map(({ commitment }) => hashLeaf(commitment));
  const signed = await signCheckpoint({ origin: ORIGIN, size: SIZE, root: rootOfLeafHashes(leaves) }, log);
  const checkpoint = addSignatures(signed, [await cosign(parseNote(signed).text, witness, AT)]);
  const proof = await readProof(planInclusion(TARGET, SIZE), async (nodes) =>
    nodes.map(({ level, index }) => rootOfLeafHashes(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level))),
  );
  const [entry, body] = [entries[TARGET], bodies[TARGET]];
  if (entry === undefined) throw new Error('seven entries were made');
  return {
    trust: {
      origin: ORIGIN,
      logKey: log.vkey,
      witnesses: [{ name: witness.name, vkey: witness.vkey, independent: false }],
    },
    answer: {
      entry: {
        seq: TARGET,
        type: 'notice',
        at: formatInstant(AT),
        commitment: toHex(entry.commitment),
        salt: toHex(entry.salt),
        body,
      },
      treeSize: SIZE,
      proof: proof.map(toHex),
      checkpoint,
    },
  };
}
const failed = async (answer: LogProof, trust: LogTrust): Promise<string[]> =>
  (await checkEntry(answer, trust)).filter(({ ok }) => !ok).map(({ id }) => id);

test('an entry of a signed and cosigned log passes every step', async (t) => {
  const { answer, trust } = await makeAnswer();
  const steps = await checkEntry(answer, trust);
  t.deepEqual(
    steps.map(({ id, ok }) => [id, ok]),
    [
      ['entry', true],
      ['checkpoint', true],
      ['witness', true],
      ['inclusion', true],
    ],
  );
});

test('each lie fails at its own step', async (t) => {
  const { answer, trust } = await makeAnswer();
  const { entry } = answer;
  t.deepEqual(await failed({ ...answer, entry: { ...entry, body: { v: 1, type: 'award' } } }, trust), ['entry']);
  t.deepEqual(await failed({ ...answer, proof: answer.proof.toReversed() }, trust), ['inclusion']);
  t.deepEqual(await failed({ ...answer, entry: { ...entry, seq: TARGET + 1 } }, trust), ['inclusion']);
  t.deepEqual(await failed({ ...answer, checkpoint: answer.checkpoint.replace(`\n${SIZE}\n`, '\n6\n') }, trust), [
    'checkpoint',
    'witness',
    'inclusion',
  ]);
});

test('a log that this browser does not know, or that no known witness has seen, is not believed', async (t) => {
  const { answer, trust } = await makeAnswer();
  const other = await makeAnswer();
  t.deepEqual(await failed(answer, { ...trust, logKey: other.trust.logKey }), ['checkpoint', 'witness']);
  t.deepEqual(await failed(answer, { ...trust, witnesses: other.trust.witnesses }), ['witness']);
  t.deepEqual(await failed(answer, { ...trust, witnesses: [] }), ['witness']);
});

test('an entry whose body was deleted is still proved by its commitment', async (t) => {
  const { answer, trust } = await makeAnswer();
  const { body: _, salt: __, ...rest } = answer.entry;
  t.deepEqual(await failed({ ...answer, entry: rest }, trust), []);
});
