import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { argsOf, log, makeDir, makeLog, post } from './fixtures/witness-world.ts';

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
    // The clock of the kill starts with the third signature: a slow machine signs later, not less.
    let inRound = 0;
    let deadline: NodeJS.Timeout | undefined;
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
      inRound += 1;
      if (inRound === 3) deadline = setTimeout(() => witness.child.kill('SIGKILL'), 3 + 7 * round);
    }
    if (deadline === undefined) witness.child.kill('SIGKILL');
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
  socket.write(
    `POST /add-checkpoint HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body.slice(0, 9)}`,
  );
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
