import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import {
  createNoteSigner, emptyRoot, formatAddCheckpoint, hashLeaf, MemoryFrontier, newNoteSeed, parseNote, parseSignatureLines, parseVkey, planAppend, requestCosignature,
  signCheckpoint, TileReader, verifyCheckpoint, verifyCosignature, type NoteSigner, type StoredTile,
} from '@qej/evidence';
import { DomainError, instant, utf8, type Clock } from '@qej/kernel';
import { parseConfig, startWitness, type RunningWitness } from './index.ts';

const origin = 'log.example/one';
const logKey = await createNoteSigner({ name: origin, kind: 'ed25519', seed: newNoteSeed() });
const NOW = instant(Date.UTC(2026, 10, 23, 5));
const clock: Clock = { now: () => NOW };

/** A log of `size` leaves; logs with different marks are forks of one another from leaf `forkAt` on. */
function makeLog(size: number, mark = '', forkAt = 0) {
  const { tiles } = planAppend(
    { frontier: MemoryFrontier.empty(), partial: [] },
    Array.from({ length: size }, (_, i) => hashLeaf(utf8(i < forkAt ? `${i}` : `${i}${mark}`))),
  );
  const byKey = new Map<string, StoredTile>(tiles.map((tile) => [`${tile.level}/${tile.index}`, tile]));
  const source = { readTile: async ({ level, index }: { level: number; index: number }) => byKey.get(`${level}/${index}`)!.hashes };
  const rootAt = (n: number) => new TileReader(source, n).root();
  const checkpoint = async (n: number, signer: NoteSigner = logKey, name = origin): Promise<string> =>
    signCheckpoint({ origin: name, size: n, root: n === 0 ? emptyRoot() : await rootAt(n) }, signer);
  const proof = (from: number, to: number) => new TileReader(source, to).consistencyProof(from);
  const request = async (from: number, to: number): Promise<string> => formatAddCheckpoint({ oldSize: from, proof: await proof(from, to), checkpoint: await checkpoint(to) });
  return { checkpoint, proof, request };
}
const log = makeLog(400);

async function makeDir(t: ExecutionContext): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'qej-witness-'));
  t.teardown(() => rm(dir, { recursive: true, force: true }));
  return dir;
}

const argsOf = (dir: string, more: readonly string[] = []): string[] => ['--dir', dir, '--name', 'w.example/demo', '--log', logKey.vkey, ...more];

async function start(t: ExecutionContext, dir: string, more: readonly string[] = []): Promise<RunningWitness & { lines: string[] }> {
  const lines: string[] = [];
  const witness = await startWitness(parseConfig(argsOf(dir, more)), { clock, log: (line) => lines.push(line) });
  t.teardown(() => witness.close());
  return { ...witness, lines };
}

async function post(url: string, body: string | Uint8Array<ArrayBuffer>): Promise<{ status: number; type: string | null; text: string }> {
  const response = await fetch(`${url}/add-checkpoint`, { method: 'POST', body });
  return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
}

async function signatureTime(answer: { text: string }, checkpoint: string, vkey: string): Promise<number> {
  const [line] = parseSignatureLines(answer.text);
  return verifyCosignature(parseNote(checkpoint).text, line!, parseVkey(vkey));
}

test('a witness cosigns a first checkpoint and its continuation with the time of its clock', async (t) => {
  const witness = await start(t, await makeDir(t));
  for (const [from, to] of [[0, 10], [10, 10], [10, 300], [300, 400]] as const) {
    const answer = await post(witness.url, await log.request(from, to));
    t.is(answer.status, 200, answer.text);
    t.is(await signatureTime(answer, await log.checkpoint(to), witness.vkey), NOW);
  }
});

test('/about names the witness and says in both languages that it is not independent', async (t) => {
  const witness = await start(t, await makeDir(t));
  const about = (await (await fetch(`${witness.url}/about`)).json()) as Record<string, unknown>;
  t.is(about['vkey'], witness.vkey);
  t.is(about['independent'], false);
  t.deepEqual(about['origins'], [origin]);
  t.regex(JSON.stringify(about['statement']), /不具独立性.*not independent/);
});

test('rollback, replay of an old request and forks get no signature', async (t) => {
  const witness = await start(t, await makeDir(t));
  const first = await log.request(0, 100);
  t.is((await post(witness.url, first)).status, 200);
  t.is((await post(witness.url, await log.request(100, 200))).status, 200);
  t.deepEqual(await post(witness.url, first), { status: 409, type: 'text/x.tlog.size', text: '200\n' }, 'replay');
  t.deepEqual(await post(witness.url, await log.request(100, 150)), { status: 409, type: 'text/x.tlog.size', text: '200\n' }, 'rollback');
  const backwards = formatAddCheckpoint({ oldSize: 200, proof: [], checkpoint: await log.checkpoint(150) });
  t.is((await post(witness.url, backwards)).status, 400);
  const fork = makeLog(400, 'fork', 150);
  t.is((await post(witness.url, await fork.request(200, 300))).status, 422, 'fork, larger');
  t.deepEqual(await post(witness.url, await fork.request(200, 200)), { status: 409, type: 'text/x.tlog.size', text: '200\n' }, 'fork, same size');
  t.is((await post(witness.url, await log.request(200, 300))).status, 200, 'the honest log goes on');
});

test('unknown logs, foreign keys and malformed requests are told apart', async (t) => {
  const witness = await start(t, await makeDir(t));
  const stranger = await createNoteSigner({ name: 'log.example/two', kind: 'ed25519', seed: newNoteSeed() });
  const imposter = await createNoteSigner({ name: origin, kind: 'ed25519', seed: newNoteSeed() });
  const bare = (checkpoint: string): string => formatAddCheckpoint({ oldSize: 0, proof: [], checkpoint });
  const good = bare(await log.checkpoint(3));
  t.is((await post(witness.url, bare(await log.checkpoint(3, stranger, stranger.name)))).status, 404);
  t.is((await post(witness.url, bare(await log.checkpoint(3, imposter)))).status, 403);
  t.is((await post(witness.url, bare(await log.checkpoint(3, stranger)))).status, 403);
  const forged = good.replace(/^3$/m, '4');
  t.is((await post(witness.url, forged)).status, 403);
  const bad = ['', 'old 0\n', good.replace('old 0', 'old 00'), good.replace('old 0', 'new 0'), good.replace('old 0\n', 'old 0\nAAAA\n'), good.replaceAll('\n', '\r\n'), good.slice(0, -1), `old 0\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}${good.slice(6)}`];
  for (const body of bad) t.is((await post(witness.url, body)).status, 400, JSON.stringify(body.slice(0, 60)));
  t.is((await post(witness.url, Uint8Array.of(0xff, 0xfe))).status, 400);
  t.is((await post(witness.url, 'x'.repeat(65 * 1024))).status, 413);
  t.is((await post(witness.url, formatAddCheckpoint({ oldSize: 0, proof: [new Uint8Array(32)], checkpoint: await log.checkpoint(3) }))).status, 422, 'a proof from nothing');
  t.is((await fetch(`${witness.url}/add-checkpoint`)).status, 405);
  t.is((await fetch(`${witness.url}/secrets`)).status, 404);
  t.is((await post(witness.url, good)).status, 200);
});

test('of many growth requests at once from one size exactly one is signed', async (t) => {
  const witness = await start(t, await makeDir(t));
  t.is((await post(witness.url, await log.request(0, 50))).status, 200);
  const requests = await Promise.all(Array.from({ length: 24 }, (_, i) => log.request(50, 60 + i)));
  const answers = await Promise.all(requests.map((request) => post(witness.url, request)));
  t.is(answers.filter(({ status }) => status === 200).length, 1);
  t.is(answers.filter(({ status }) => status === 409).length, 23);
});

test('state survives a restart, the key stays the same, and the clock is the injected one', async (t) => {
  const dir = await makeDir(t);
  const one = await start(t, dir);
  t.is((await post(one.url, await log.request(0, 100))).status, 200);
  await one.close();
  const two = await start(t, dir);
  t.is(two.vkey, one.vkey);
  t.is((await post(two.url, await log.request(0, 90))).text, '100\n');
  t.is((await post(two.url, await log.request(100, 120))).status, 200);
});

test('lost, damaged and foreign state retire the key: the witness refuses to start and says how to mend', async (t) => {
  const dir = await makeDir(t);
  const one = await start(t, dir);
  t.is((await post(one.url, await log.request(0, 100))).status, 200);
  await one.close();
  const [statePath, keyPath] = [join(dir, 'witness-state.json'), join(dir, 'witness-key.json')];
  const state = await readFile(statePath);
  const lost = { instanceOf: DomainError, code: 'E_WITNESS_STATE_LOST', message: /--new-key[\s\S]*--new-key/ };
  await rm(statePath);
  await t.throwsAsync(start(t, dir), lost);
  await writeFile(statePath, state.subarray(0, state.length - 2));
  await t.throwsAsync(start(t, dir), lost);
  await writeFile(statePath, state.toString().replace('"size":100', '"size":-1'));
  await t.throwsAsync(start(t, dir), lost);
  const other = await start(t, await makeDir(t));
  await writeFile(statePath, state.toString().replace(one.vkey, other.vkey));
  await t.throwsAsync(start(t, dir), lost);
  await writeFile(statePath, state);
  const key = await readFile(keyPath);
  await rm(keyPath);
  await t.throwsAsync(start(t, dir), { instanceOf: DomainError, code: 'E_WITNESS_KEY_LOST' });
  await writeFile(keyPath, key);
  const again = await start(t, dir);
  t.is(again.vkey, one.vkey);
});

test('--new-key retires the old key, keeps the readable state, and signs with another key', async (t) => {
  const dir = await makeDir(t);
  const one = await start(t, dir);
  t.is((await post(one.url, await log.request(0, 100))).status, 200);
  await one.close();
  const two = await start(t, dir, ['--new-key']);
  t.not(two.vkey, one.vkey);
  t.is((await post(two.url, await log.request(0, 90))).text, '100\n');
  t.is((await readdir(dir)).filter((name) => name.includes('.retired-')).length, 2);
});

test('a first start that was cut off between state and key is started again', async (t) => {
  const dir = await makeDir(t);
  await (await start(t, dir)).close();
  await rm(join(dir, 'witness-key.json'));
  const again = await start(t, dir);
  t.is((await post(again.url, await log.request(0, 5))).status, 200);
});

test('without a disk there is no cosignature, and nothing is believed to be stored', async (t) => {
  const dir = await makeDir(t);
  const witness = await start(t, dir);
  t.is((await post(witness.url, await log.request(0, 10))).status, 200);
  await rm(dir, { recursive: true });
  t.is((await post(witness.url, await log.request(10, 20))).status, 500);
  t.is(witness.lines.length, 1);
  t.is((await post(witness.url, await log.request(0, 20))).text, '10\n');
});

test('a second witness on the same folder is refused', async (t) => {
  const dir = await makeDir(t);
  await start(t, dir);
  await t.throwsAsync(start(t, dir), { instanceOf: DomainError, code: 'E_WITNESS_BUSY' });
});

test('bad arguments stop with the key and the mend', (t) => {
  const bad = [['--port', '0'], ['--dir', 'x', '--port', '70000'], ['--dir', 'x', '--log', 'nonsense'], ['--dir', 'x', '--what'], ['--dir', 'x', '--log', 'w+AAAA']];
  for (const args of bad) t.throws(() => parseConfig(args), { instanceOf: DomainError, code: 'E_WITNESS_CONFIG' });
  t.deepEqual([...parseConfig(['--dir', 'x', '--log', `other.example/log+${logKey.vkey}`]).logs.keys()], ['other.example/log']);
});

test('the client finds the witness’s size by itself and returns a verified checkpoint', async (t) => {
  const witness = await start(t, await makeDir(t));
  const deps = { fetch: globalThis.fetch, url: witness.url, vkey: witness.vkey, timeoutMs: 5000, consistencyProof: log.proof };
  const policy = { origin, logKey: logKey.vkey, witnesses: [{ vkey: witness.vkey, independent: false }], quorum: 1 };
  for (const [to, known] of [[40, 0], [90, 0], [200, 90], [200, 7]] as const) {
    const checked = await verifyCheckpoint(await requestCosignature(deps, await log.checkpoint(to), known), policy);
    t.is(checked.cosignatures[0]?.at, NOW);
  }
  const rollback = { instanceOf: DomainError, code: 'E_LOG_ROLLBACK' };
  await t.throwsAsync(requestCosignature(deps, await log.checkpoint(150), 150), rollback);
  const fork = makeLog(200, 'fork', 20);
  await t.throwsAsync(requestCosignature({ ...deps, consistencyProof: fork.proof }, await fork.checkpoint(200), 200), rollback);
  const longer = makeLog(220, 'fork', 20);
  await t.throwsAsync(requestCosignature({ ...deps, consistencyProof: longer.proof }, await longer.checkpoint(220), 200), { instanceOf: DomainError, code: 'E_WITNESS_ANSWER' });
  const stranger = await start(t, await makeDir(t));
  await t.throwsAsync(requestCosignature({ ...deps, vkey: stranger.vkey }, await log.checkpoint(300), 200), { instanceOf: DomainError, code: 'E_WITNESS_ANSWER' });
});

interface Spawned {
  readonly child: ChildProcess;
  readonly url: string;
  readonly vkey: string;
  readonly exit: Promise<unknown[]>;
}

async function spawnWitness(t: ExecutionContext, dir: string, more: readonly string[] = []): Promise<Spawned> {
  const main = fileURLToPath(new URL('main.ts', import.meta.url));
  const child = spawn(process.execPath, [main, ...argsOf(dir, more)], { stdio: ['pipe', 'pipe', 'pipe'] });
  t.teardown(() => void child.kill('SIGKILL'));
  const exit = once(child, 'exit');
  const errors: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  const ready = await Promise.race([once(child.stdout, 'data'), exit.then(() => undefined)]);
  if (ready === undefined) throw new Error(Buffer.concat(errors).toString());
  const line = JSON.parse(String(ready[0])) as { ready: boolean; url: string; vkey: string };
  t.true(line.ready);
  return { child, url: line.url, vkey: line.vkey, exit };
}

test('killed with -9 in the middle of signing, a witness never forgets what it signed', async (t) => {
  const dir = await makeDir(t);
  let signed = 0;
  for (let round = 0; round < 6; round++) {
    const witness = await spawnWitness(t, dir);
    const deadline = setTimeout(() => witness.child.kill('SIGKILL'), 25 + 17 * round);
    const known = await post(witness.url, await log.request(0, 1)).catch(() => undefined);
    if (known?.status === 409) {
      t.true(Number(known.text) >= signed, `round ${round}: it signed ${signed} and remembers ${known.text}`);
      signed = Number(known.text);
    } else if (known?.status === 200) {
      t.is(signed, 0, 'only a witness that has signed nothing signs from nothing');
      signed = 1;
    }
    while (witness.child.exitCode === null && witness.child.signalCode === null && signed < 395) {
      const answer = await post(witness.url, await log.request(signed, signed + 1)).catch(() => undefined);
      if (answer === undefined) break;
      t.is(answer.status, 200, answer.text);
      signed += 1;
    }
    await witness.exit;
    clearTimeout(deadline);
  }
  const last = await spawnWitness(t, dir);
  const remembered = Number((await post(last.url, await log.request(0, 1))).text);
  t.true(remembered === signed || remembered === signed + 1, `${remembered} after ${signed}`);
  t.true(signed > 10, `only ${signed} were signed`);
  const fork = makeLog(400, 'fork', remembered - 1);
  t.is((await post(last.url, await fork.request(remembered, 400))).status, 422);
});

test('SIGTERM lets an open request finish and ends with 0; a closed stdin does too', async (t) => {
  const dir = await makeDir(t);
  const witness = await spawnWitness(t, dir);
  const body = await log.request(0, 10);
  const socket = connect(Number(new URL(witness.url).port), '127.0.0.1');
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString()));
  socket.write(`POST /add-checkpoint HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 9)}`);
  await once(socket, 'connect');
  await new Promise((resolve) => setTimeout(resolve, 100));
  witness.child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 100));
  socket.write(body.slice(9));
  t.deepEqual(await witness.exit, [0, null]);
  t.regex(received, /^HTTP\/1\.1 200 [\s\S]*— w\.example\/demo /);
  const bound = await spawnWitness(t, dir, ['--until-stdin-closes']);
  bound.child.stdin!.end();
  t.deepEqual(await bound.exit, [0, null]);
});

test('a process with lost state ends with 1 and the mend on stderr', async (t) => {
  const dir = await makeDir(t);
  const witness = await spawnWitness(t, dir);
  witness.child.kill('SIGTERM');
  await witness.exit;
  await appendFile(join(dir, 'witness-state.json'), ' ');
  await t.throwsAsync(spawnWitness(t, dir), { message: /E_WITNESS_STATE_LOST[\s\S]*旧密钥作废[\s\S]*--new-key/ });
});
