import { toPem } from '@qej/pki';
import { isArchive, readContainer } from '@qej/verifier';
import test from 'ava';
import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { makeArchiveWorld } from './testing/archive-world.ts';
import type { ArchiveWorld } from './testing/archive-world.ts';
import { getArchive, verify } from './testing/reseal.ts';
import { runTender } from './testing/run-tender.ts';

let world: ArchiveWorld;
let full: Uint8Array;
let open: Uint8Array;

test.before(async () => {
  world = await makeArchiveWorld();
  const { lot } = await runTender(world);
  full = await getArchive(world, lot.tenderId, 'full');
  open = await getArchive(world, lot.tenderId, 'public');
});
test.after.always(() => world.close());

/** Places that stand for every part of the head, and some of each member. */
function places(bytes: Uint8Array): number[] {
  const { indexBytes, seal, token, members } = readContainer(bytes);
  const [index, sealAt] = [20, 20 + indexBytes.length + 4];
  const tokenAt = sealAt + seal.length + 4;
  const body = tokenAt + token.length;
  const head = [
    0,
    11,
    12,
    15,
    16,
    19,
    index,
    index + 40,
    sealAt - 5,
    sealAt - 1,
    sealAt + 3,
    sealAt + 60,
    tokenAt - 9,
    tokenAt - 1,
    tokenAt + 9,
    body - 3,
  ];
  let at = body;
  const inside = [...members.values()].flatMap((member) => {
    const start = at;
    at += member.length;
    return [start + Math.floor(member.length / 3)];
  });
  return [...head, ...inside, bytes.length - 32, bytes.length - 1];
}

test('one flipped bit anywhere is refused, and a broken member is named', async (t) => {
  const { members } = readContainer(open);
  const sizes = [...members].map(([path, { length }]) => ({ path, length }));
  const body = open.length - 32 - sizes.reduce((sum, { length }) => sum + length, 0);
  for (const place of places(open)) {
    const changed = new Uint8Array(open);
    changed[place] = (changed[place] ?? 0) ^ 0x10;
    if (!isArchive(changed)) {
      t.true(place < 12);
      continue;
    }
    const { ok, steps } = await verify(world, changed);
    t.false(ok, `place ${place}`);
    let start = body;
    for (const { path, length } of sizes) {
      const isHere = place >= start && place < start + length;
      const named = steps.find(({ id }) => id === 'members')?.findings.some(({ subject }) => subject === path);
      if (isHere) t.true(named, `${path} is named`);
      start += length;
    }
  }
});

test('the command passes the file on any machine, Chinese first, and names what is broken', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'qej-verify-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  const [good, bad, roots] = ['good.qej', 'bad.qej', 'roots.pem'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const changed = new Uint8Array(full);
  changed[full.length - 5_000] = (changed[full.length - 5_000] ?? 0) ^ 1;
  await writeFile(good, full);
  await writeFile(bad, changed);
  await writeFile(roots, world.ca.roots.map(({ der }) => toPem(der)).join(''));
  const program = fileURLToPath(new URL('main.ts', import.meta.resolve('@qej/verifier')));
  const options = [
    '--roots',
    roots,
    '--witness',
    world.witness.vkey,
    '--log',
    world.logKey,
    '--at',
    '2026-08-03T08:00:00.000Z',
  ];
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', cwd: directory });
  const passed = run(good, ...options);
  t.is(passed.status, 0, passed.stderr);
  t.regex(passed.stdout, /^招标档案 Archive of a tender/);
  t.regex(passed.stdout, /✓ 评分逐位重算/);
  t.regex(passed.stdout, /结论：通过/);
  const refused = run(good, bad, ...options, '--json');
  t.is(refused.status, 1);
  const verdicts = refused.stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { ok: boolean }).ok);
  t.deepEqual(verdicts, [true, false]);
  t.regex(run(bad, ...options).stdout, /E_ARCHIVE_MEMBER {2}[a-z]+/);
  t.is(run(good).status, 2, 'roots are not optional');
  t.is(run(roots.replace('roots', 'none'), ...options).status, 2);
  t.is(run(good, ...options, '--extract', join(directory, 'out')).status, 0);
  const { members } = readContainer(full);
  t.deepEqual(
    new Uint8Array(await readFile(join(directory, 'out', 'notice.json'))),
    new Uint8Array(members.get('notice.json') ?? []),
  );
});
