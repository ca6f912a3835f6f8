import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import type { Purpose } from './debian-packages.ts';
import { getMediaWorker } from './media-worker.ts';
import { startPrivateMariadb } from './private-mariadb.ts';
import { runCommand } from './run-command.ts';
import { repositoryRoot } from './surroundings.ts';
import { countsOf, type Counts } from './test-counts.ts';
import { ensureWebBuild } from './web-build.ts';

/** One step of `./qej test`. `run` shows what it does and returns what it counted; undefined = not built yet. */
export interface TestStep {
  readonly name: string;
  readonly title: string;
  readonly packages: readonly Purpose[];
  readonly run: () => Promise<Counts | undefined>;
}

const exists = (pattern: string): boolean =>
  globSync(pattern, { cwd: repositoryRoot, exclude: (name) => name === 'node_modules' }).length > 0;

/** A Node program of ours that prints its own `N passed, N failed`, or counts as one check. */
function program(file: string, args: readonly string[] = []): TestStep['run'] {
  return async () => {
    if (!existsSync(join(repositoryRoot, file))) return undefined;
    const ran = await runCommand(process.execPath, [file, ...args]);
    return countsOf(ran.output, ran.code);
  };
}

const withMediaWorker =
  (run: TestStep['run']): TestStep['run'] =>
  async () => {
    process.env['MEDIASOUP_WORKER_BIN'] = await getMediaWorker();
    return run();
  };

const withPages =
  (run: TestStep['run']): TestStep['run'] =>
  async () => {
    await ensureWebBuild();
    return run();
  };

/** The suites that must hold on MariaDB as they do on SQLite. */
const databaseSuites = [
  'packages/persistence/src/**/*.test.ts',
  'packages/usecases/src/**/*.test.ts',
  'services/{bank,intake,platform}/src/**/*.test.ts',
];

async function onMariadb(): Promise<Counts | undefined> {
  const suites = databaseSuites.filter(exists);
  if (suites.length === 0) return undefined;
  const database = await startPrivateMariadb();
  try {
    const ran = await runCommand('ava', suites, { env: { DATABASE_URL: database.url } });
    return countsOf(ran.output, ran.code);
  } finally {
    await database.close();
  }
}

async function inBrowser(): Promise<Counts | undefined> {
  if (!exists('{packages,services}/*/src/**/*.browser.test.ts')) return undefined;
  const ran = await runCommand('ava', ['--config', 'ava.browser.config.js']);
  return countsOf(ran.output, ran.code);
}

/** All that CI runs, in this order. A new step is one line. */
export const testSteps: readonly TestStep[] = [
  {
    name: 'check',
    title: 'format, types, lint, boundaries, dead code, unit tests (pnpm check)',
    packages: ['run', 'test'],
    run: withMediaWorker(program('scripts/check.ts')),
  },
  {
    name: 'mariadb',
    title: 'persistence, use cases, intake, bank and API on a private MariaDB',
    packages: ['run', 'test'],
    run: withMediaWorker(onMariadb),
  },
  {
    name: 'browser',
    title: 'rooms: real media worker, real Chromium',
    packages: ['run', 'test'],
    run: withMediaWorker(inBrowser),
  },
  {
    name: 'e2e',
    title: 'one tender played by clicking, one browser context per person',
    packages: ['run', 'test'],
    run: withPages(withMediaWorker(program('e2e/src/main.ts'))),
  },
  {
    name: 'demo',
    title: 'one tender through the public API, its archive verified, PDFs checked',
    packages: ['run', 'test'],
    run: program('e2e/src/demo-check.ts'),
  },
];
