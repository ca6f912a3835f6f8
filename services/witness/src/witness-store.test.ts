import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { DomainError } from '@qej/kernel';
import { log, makeDir, post, start } from './fixtures/witness-world.ts';

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
