import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureDebianPackages } from './debian-packages.ts';
import { runMain } from './run-command.ts';

/** A MariaDB server of our own: own data directory, socket and port, gone after close(). */
export interface PrivateMariadb {
  /** `mariadb://root@127.0.0.1:PORT/qej`; the account may create further databases. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Debian's own configuration must not be read, and mariadbd refuses root without --user. */
const commonOptions = (folder: string): string[] => [
  '--no-defaults',
  `--user=${userInfo().username}`,
  `--datadir=${join(folder, 'data')}`,
];

function makeDataFolder(folder: string): void {
  const options = ['--auth-root-authentication-method=normal', '--skip-test-db'];
  const made = spawnSync('mariadb-install-db', [...commonOptions(folder), ...options], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.error?.message ?? made.stderr + made.stdout}`);
}

/** Durable as in production. */
const serverOptions = (folder: string, port: number): string[] => [
  ...commonOptions(folder),
  `--socket=${join(folder, 's')}`,
  `--port=${port}`,
  '--bind-address=127.0.0.1',
  `--pid-file=${join(folder, 'pid')}`,
  '--innodb-flush-log-at-trx-commit=1',
  '--max-connections=200',
  '--max-allowed-packet=64M',
];

/** Whether the server has answered; makes the database of the URL. */
const answers = (folder: string): boolean =>
  spawnSync('mariadb', [
    '--no-defaults',
    '-uroot',
    `--socket=${join(folder, 's')}`,
    '-e',
    'CREATE DATABASE IF NOT EXISTS qej CHARACTER SET utf8mb4',
  ]).status === 0;

/** Starts one; about 2 s. */
export async function startPrivateMariadb(): Promise<PrivateMariadb> {
  const folder = mkdtempSync(join(tmpdir(), 'qej-db-'));
  const port = await freePort();
  makeDataFolder(folder);
  const server = spawn('mariadbd', serverOptions(folder, port), { stdio: ['ignore', 'ignore', 'pipe'] });
  const said: string[] = [];
  server.stderr.setEncoding('utf8').on('data', (chunk: string) => said.push(chunk));
  const close = async (): Promise<void> => {
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM');
      await once(server, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  for (let attempt = 0; !answers(folder); attempt++) {
    if (server.exitCode !== null || attempt > 150) {
      await close();
      throw new Error(`mariadbd did not start: ${said.join('')}`);
    }
    await delay(200);
  }
  return { url: `mariadb://root@127.0.0.1:${port}/qej`, close };
}

/** `node scripts/qej/private-mariadb.ts COMMAND…` runs a command with DATABASE_URL set. */
if (import.meta.main) {
  await runMain(async () => {
    ensureDebianPackages(['test']);
    const database = await startPrivateMariadb();
    const [command, ...args] = process.argv.slice(2);
    if (command === undefined) throw new Error('usage: private-mariadb.ts COMMAND…');
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, DATABASE_URL: database.url } });
    const [code] = (await once(child, 'exit')) as [number | null];
    await database.close();
    process.exitCode = code ?? 128;
  });
}
