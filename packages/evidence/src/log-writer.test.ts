import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { DomainError } from '@qej/kernel';
import { MemoryLogStore } from '../test/memory-log-store.ts';
import { leafData, leaves, mth } from '../test/reference-tree.ts';
import {
  createNoteSigner,
  hashLeaf,
  newNoteSeed,
  openLogWriter,
  parseCheckpoint,
  verifyCheckpoint,
  verifyConsistency,
  verifyInclusion,
  type CheckpointGuard,
  type LogStore,
  type TreeHead,
} from './index.ts';
import { createFileGuard } from './node/index.ts';

const origin = 'log.example/one';
const signer = await createNoteSigner({ name: origin, kind: 'ed25519', seed: newNoteSeed() });
const policy = { origin, logKey: signer.vkey, witnesses: [], quorum: 0 };
const open = (store: LogStore<number>, guard: CheckpointGuard) => openLogWriter({ store, guard, signer, origin });

async function guardFile(t: { teardown(fn: () => Promise<void>): void }): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'qej-guard-'));
  t.teardown(() => rm(dir, { recursive: true }));
  return join(dir, 'guard.json');
}

test('rows become leaves in order, and the checkpoint’s root is theirs', async (t) => {
  const store = new MemoryLogStore();
  const log = await open(store, createFileGuard(await guardFile(t)));
  const data = leaves(700);
  for (const one of data.slice(0, 300)) store.append(one);
  t.deepEqual(await log.integrate(), { fromSize: 0, toSize: 300 });
  t.deepEqual(await log.integrate(), { fromSize: 300, toSize: 300 });
  const first = await log.publish();
  for (const one of data.slice(300)) store.append(one);
  t.deepEqual(await log.integrate(150), { fromSize: 300, toSize: 450 });
  await log.integrate();
  const second = await log.publish();
  t.deepEqual(second.head, { origin, size: 700, root: mth(data) });
  t.deepEqual((await verifyCheckpoint(second.note, policy)).root, mth(data));
  const proof = await log.reader().consistencyProof(300);
  verifyConsistency({ oldSize: 300, oldRoot: first.head.root, size: 700, root: second.head.root, proof });
  verifyInclusion({
    leafHash: hashLeaf(data[123]!),
    index: 123,
    size: 700,
    proof: await log.reader(700).inclusionProof(123),
    root: second.head.root,
  });
});

test('publishing again without growth gives the same note, with what was added to it', async (t) => {
  const store = new MemoryLogStore();
  const log = await open(store, createFileGuard(await guardFile(t)));
  store.append(leafData(0));
  await log.integrate();
  const { note } = await log.publish();
  t.is((await log.publish()).note, note);
});

test('steps that are started together run one after the other', async (t) => {
  const store = new MemoryLogStore();
  const log = await open(store, createFileGuard(await guardFile(t)));
  for (const one of leaves(64)) store.append(one);
  const ranges = await Promise.all(Array.from({ length: 16 }, () => log.integrate(4)));
  t.deepEqual(
    ranges.map(({ fromSize }) => fromSize),
    Array.from({ length: 16 }, (_, i) => 4 * i),
  );
  t.deepEqual((await log.publish()).head.root, mth(leaves(64)));
});

test('a crash at any write boundary loses nothing: the next start goes on to the same tree', async (t) => {
  const boundaries = new Set<string>();
  const run = async (crashAt: number): Promise<{ hits: number; root: Uint8Array }> => {
    let hits = 0;
    const store = new MemoryLogStore((name) => {
      boundaries.add(name);
      if (hits++ === crashAt) throw new Error(`crash at ${name}`);
    });
    const path = await guardFile(t);
    const file = createFileGuard(path);
    // The guard's own boundaries: before and after its file is in place.
    const guard: CheckpointGuard = {
      load: () => file.load(),
      async store(head) {
        store.atBoundary('guard: before store');
        await file.store(head);
        store.atBoundary('guard: after store');
      },
    };
    let log = await open(store, guard);
    for (let step = 0; step < 6;) {
      for (const one of leaves(300).slice(step * 50, step * 50 + 50))
        if (store.rows.length < (step + 1) * 50) store.append(one);
      try {
        await log.integrate(17);
        await log.publish();
        if (store.size === (step + 1) * 50) step += 1;
      } catch (cause) {
        t.true(cause instanceof Error && cause.message.startsWith('crash at'), String(cause));
        const durable = store.snapshot();
        t.true((durable.checkpoint?.size ?? 0) <= durable.size);
        log = await open(store, guard);
      }
    }
    const checked = await verifyCheckpoint(store.checkpoint!.note, policy);
    return { hits, root: checked.root };
  };
  const { hits, root } = await run(Number.POSITIVE_INFINITY);
  t.deepEqual(root, mth(leaves(300)));
  for (let crashAt = 0; crashAt < hits; crashAt++) t.deepEqual((await run(crashAt)).root, root, `boundary ${crashAt}`);
  t.is(boundaries.size, 6);
  t.true(hits > 50, String(hits));
});

test('a commit whose outcome was lost is not integrated twice', async (t) => {
  let isBroken = true;
  const store = new MemoryLogStore((name) => {
    if (name === 'integrate: after commit' && isBroken) throw new Error('connection lost');
  });
  const log = await open(store, createFileGuard(await guardFile(t)));
  for (const one of leaves(10)) store.append(one);
  await t.throwsAsync(log.integrate(), { message: 'connection lost' });
  isBroken = false;
  t.deepEqual(await log.integrate(), { fromSize: 10, toSize: 10 });
  t.deepEqual((await log.publish()).head.root, mth(leaves(10)));
});

async function grown(t: { teardown(fn: () => Promise<void>): void }) {
  const path = await guardFile(t);
  const store = new MemoryLogStore();
  const log = await open(store, createFileGuard(path));
  for (const one of leaves(20)) store.append(one);
  await log.integrate();
  await log.publish();
  const backup = store.snapshot();
  for (const one of leaves(40).slice(20)) store.append(one);
  await log.integrate();
  await log.publish();
  return { path, store, backup, log };
}
const rollback = { instanceOf: DomainError, code: 'E_LOG_ROLLBACK' };

test('a database that was put back to a smaller tree is refused at the start', async (t) => {
  const { path, backup } = await grown(t);
  await t.throwsAsync(open(backup, createFileGuard(path)), rollback);
});

test('a database that grew again on another branch is refused, larger or of equal size', async (t) => {
  for (const added of [20, 21, 300]) {
    const { path, backup } = await grown(t);
    const other = await mkdtemp(join(tmpdir(), 'qej-guard-'));
    t.teardown(() => rm(other, { recursive: true }));
    const forger = await open(backup, {
      load: async () => parseCheckpoint(backup.checkpoint!.note).head,
      store: async () => {},
    });
    for (let i = 0; i < added; i++) backup.append(leafData(10_000 + i));
    await forger.integrate();
    await t.throwsAsync(open(backup, createFileGuard(path)), rollback, `${added} leaves`);
  }
});

test('a running log does not sign when the guard knows a larger tree', async (t) => {
  const { store, log } = await grown(t);
  const ahead: TreeHead = { origin, size: 99, root: new Uint8Array(32) };
  const stale = await openLogWriter({
    store,
    signer,
    origin,
    guard: {
      load: (() => {
        let n = 0;
        return async () => (n++ === 0 ? undefinedHead(store) : ahead);
      })(),
      store: async () => {},
    },
  });
  store.append(leafData(1));
  await stale.integrate();
  await t.throwsAsync(stale.publish(), rollback);
  t.is(log.size, 40);
});
const undefinedHead = (store: MemoryLogStore): TreeHead => parseCheckpoint(store.checkpoint!.note).head;

test('the guard of another log is refused', async (t) => {
  const { path, store } = await grown(t);
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace('log.example/one', 'log.example/two'));
  await t.throwsAsync(open(store, createFileGuard(path)), rollback);
});

test('a lost or damaged guard is refused once something was signed', async (t) => {
  const { path, store } = await grown(t);
  const bytes = await readFile(path);
  const refused = { instanceOf: DomainError, code: 'E_LOG_GUARD' };
  await writeFile(path, bytes.subarray(0, bytes.length - 1));
  await t.throwsAsync(open(store, createFileGuard(path)), refused);
  await writeFile(path, '{"origin":"log.example/one","root":"00","size":1,"v":1}');
  await t.throwsAsync(open(store, createFileGuard(path)), refused);
  await rm(path);
  await t.throwsAsync(open(store, createFileGuard(path)), refused);
  await writeFile(path, bytes);
  await t.notThrowsAsync(open(store, createFileGuard(path)));
});

test('two writers on one database: the second commit is refused, nothing is signed over it', async (t) => {
  const store = new MemoryLogStore();
  const path = await guardFile(t);
  const [one, two] = [await open(store, createFileGuard(path)), await open(store, createFileGuard(path))];
  store.append(leafData(0));
  await one.integrate();
  store.append(leafData(1));
  const conflict = { instanceOf: DomainError, code: 'E_LOG_CONFLICT' };
  await t.throwsAsync(two.integrate(), conflict);
  await one.integrate();
  const three = await open(store, createFileGuard(path));
  store.append(leafData(2));
  await one.integrate();
  await t.throwsAsync(three.publish(), conflict);
});
