import test from 'ava';
import {
  createNoteSigner,
  formatAddCheckpoint,
  newNoteSeed,
  requestCosignature,
  verifyCheckpoint,
} from '@qej/evidence';
import { DomainError } from '@qej/kernel';
import { log, logKey, makeDir, makeLog, NOW, origin, post, signatureTime, start } from './fixtures/witness-world.ts';
import { parseConfig } from './index.ts';

test('a witness cosigns a first checkpoint and its continuation with the time of its clock', async (t) => {
  const witness = await start(t, await makeDir(t));
  for (const [from, to] of [
    [0, 10],
    [10, 10],
    [10, 300],
    [300, 400],
  ] as const) {
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
  t.deepEqual(
    await post(witness.url, await log.request(100, 150)),
    { status: 409, type: 'text/x.tlog.size', text: '200\n' },
    'rollback',
  );
  const backwards = formatAddCheckpoint({ oldSize: 200, proof: [], checkpoint: await log.checkpoint(150) });
  t.is((await post(witness.url, backwards)).status, 400);
  const fork = makeLog(400, 'fork', 150);
  t.is((await post(witness.url, await fork.request(200, 300))).status, 422, 'fork, larger');
  t.deepEqual(
    await post(witness.url, await fork.request(200, 200)),
    { status: 409, type: 'text/x.tlog.size', text: '200\n' },
    'fork, same size',
  );
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
  const bad = [
    '',
    'old 0\n',
    good.replace('old 0', 'old 00'),
    good.replace('old 0', 'new 0'),
    good.replace('old 0\n', 'old 0\nAAAA\n'),
    good.replaceAll('\n', '\r\n'),
    good.slice(0, -1),
    `old 0\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}${good.slice(6)}`,
  ];
  for (const body of bad) t.is((await post(witness.url, body)).status, 400, JSON.stringify(body.slice(0, 60)));
  t.is((await post(witness.url, Uint8Array.of(0xff, 0xfe))).status, 400);
  t.is((await post(witness.url, 'x'.repeat(65 * 1024))).status, 413);
  t.is(
    (
      await post(
        witness.url,
        formatAddCheckpoint({ oldSize: 0, proof: [new Uint8Array(32)], checkpoint: await log.checkpoint(3) }),
      )
    ).status,
    422,
    'a proof from nothing',
  );
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

test('a second witness on the same folder is refused', async (t) => {
  const dir = await makeDir(t);
  await start(t, dir);
  await t.throwsAsync(start(t, dir), { instanceOf: DomainError, code: 'E_WITNESS_BUSY' });
});

test('bad arguments stop with the key and the mend', (t) => {
  const bad = [
    ['--port', '0'],
    ['--dir', 'x', '--port', '70000'],
    ['--dir', 'x', '--log', 'nonsense'],
    ['--dir', 'x', '--what'],
    ['--dir', 'x', '--log', 'w+AAAA'],
  ];
  for (const args of bad) t.throws(() => parseConfig(args), { instanceOf: DomainError, code: 'E_WITNESS_CONFIG' });
  t.deepEqual(
    [...parseConfig(['--dir', 'x', '--log', `other.example/log+${logKey.vkey}`]).logs.keys()],
    ['other.example/log'],
  );
});

test('the client finds the witness’s size by itself and returns a verified checkpoint', async (t) => {
  const witness = await start(t, await makeDir(t));
  const deps = {
    fetch: globalThis.fetch,
    url: witness.url,
    vkey: witness.vkey,
    timeoutMs: 5000,
    consistencyProof: log.proof,
  };
  const policy = { origin, logKey: logKey.vkey, witnesses: [{ vkey: witness.vkey, independent: false }], quorum: 1 };
  for (const [to, known] of [
    [40, 0],
    [90, 0],
    [200, 90],
    [200, 7],
  ] as const) {
    const checked = await verifyCheckpoint(await requestCosignature(deps, await log.checkpoint(to), known), policy);
    t.is(checked.cosignatures[0]?.at, NOW);
  }
  const rollback = { instanceOf: DomainError, code: 'E_LOG_ROLLBACK' };
  await t.throwsAsync(requestCosignature(deps, await log.checkpoint(150), 150), rollback);
  const fork = makeLog(200, 'fork', 20);
  await t.throwsAsync(
    requestCosignature({ ...deps, consistencyProof: fork.proof }, await fork.checkpoint(200), 200),
    rollback,
  );
  const longer = makeLog(220, 'fork', 20);
  await t.throwsAsync(
    requestCosignature({ ...deps, consistencyProof: longer.proof }, await longer.checkpoint(220), 200),
    { instanceOf: DomainError, code: 'E_WITNESS_ANSWER' },
  );
  const stranger = await start(t, await makeDir(t));
  await t.throwsAsync(requestCosignature({ ...deps, vkey: stranger.vkey }, await log.checkpoint(300), 200), {
    instanceOf: DomainError,
    code: 'E_WITNESS_ANSWER',
  });
});
