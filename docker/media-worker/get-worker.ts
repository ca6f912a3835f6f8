/**
 * Finds or makes the binary `mediasoup-worker` and prints its path as the last line of stdout.
 *
 * In this order: MEDIASOUP_WORKER_BIN; the cache; mediasoup's own prebuilt download, given 10 s; a build
 * with Debian's libraries (about 3.5 min on 2 cores, see Makefile). The cache lies outside the checkout,
 * one folder per version and architecture. One process makes it, the others wait (flock(1), which the
 * kernel releases when its holder dies). Progress goes to stderr. Exit 3: Debian packages are missing.
 *
 *   node docker/media-worker/get-worker.ts [--build]     --build: skip the prebuilt download
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { availableParallelism, homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const PREBUILT_LIMIT_MS = 10_000;
const PROGRESS_EVERY_FILES = 25;
/** What the worker answers when nobody started it as a child (mediasoup's own install checks the same). */
const STARTS_HERE_EXIT = 41;
const MISSING_PACKAGES_EXIT = 3;
const UNDER_LOCK = '--under-lock';

const here = import.meta.dirname;
const mediasoup = realpathSync(join(here, '../../services/media/node_modules/mediasoup'));
const { version } = JSON.parse(readFileSync(join(mediasoup, 'package.json'), 'utf8')) as { version: string };
const cacheRoot = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
const cached = join(cacheRoot, 'qingejian/media-worker', `${version}-${process.arch}`, 'mediasoup-worker');

const say = (line: string): void => void process.stderr.write(`media worker: ${line}\n`);

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the binary's libraries and instruction set suit this machine. */
const works = (binary: string): boolean =>
  isExecutable(binary) && spawnSync(binary, { env: {}, stdio: 'ignore', timeout: 5_000 }).status === STARTS_HERE_EXIT;

/** Copies beside the target, tries it there, renames over it: the cache never holds half a file. */
function keep(binary: string): boolean {
  mkdirSync(dirname(cached), { recursive: true });
  const staged = `${cached}.${process.pid}`;
  copyFileSync(binary, staged);
  const usable = works(staged);
  if (usable) renameSync(staged, cached);
  rmSync(staged, { force: true });
  return usable;
}

async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'media-worker-'));
  try {
    return await work(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * mediasoup's own install script, in an empty folder (its paths are relative), so that node_modules stays
 * as the lock file describes it. PYTHON=false ends its own fallback, which would download a tool chain.
 */
const fetchPrebuilt = (): Promise<boolean> =>
  inScratch(async (scratch) => {
    say(`asking for the prebuilt binary of mediasoup ${version} (10 s at most)`);
    const env: Record<string, string | undefined> = { ...process.env, PYTHON: 'false' };
    delete env['MEDIASOUP_WORKER_BIN'];
    delete env['MEDIASOUP_SKIP_WORKER_PREBUILT_DOWNLOAD'];
    const script = spawn(process.execPath, [join(mediasoup, 'npm-scripts.mjs'), 'postinstall'], {
      cwd: scratch,
      env,
      stdio: 'ignore',
      detached: true,
    });
    const limit = setTimeout(() => script.pid !== undefined && process.kill(-script.pid, 'SIGKILL'), PREBUILT_LIMIT_MS);
    await new Promise<void>((done) => script.once('close', () => done()).once('error', () => done()));
    clearTimeout(limit);
    const binary = join(scratch, 'worker/out/Release/mediasoup-worker');
    return existsSync(binary) && keep(binary);
  });

/** The Debian packages of packages.txt that are not installed; none where there is no dpkg to ask. */
function missingPackages(): string[] {
  const wanted = readFileSync(join(here, 'packages.txt'), 'utf8').split(/\s+/).filter(Boolean);
  if (spawnSync('dpkg-query', ['--version'], { stdio: 'ignore' }).error !== undefined) return [];
  return wanted.filter(
    (name) =>
      !spawnSync('dpkg-query', ['-W', '-f', '${Status}', name], { encoding: 'utf8' }).stdout.includes(
        'install ok installed',
      ),
  );
}

/** Counts the compiled files that `make` announces, so that a person sees it move. */
async function buildFromSources(): Promise<boolean> {
  const missing = missingPackages();
  if (missing.length > 0) {
    say(`missing Debian packages 缺少软件包: apt-get install -y ${missing.join(' ')}`);
    process.exit(MISSING_PACKAGES_EXIT);
  }
  return inScratch(async (scratch) => {
    const jobs = availableParallelism();
    say(`building from the sources in mediasoup ${version} with ${jobs} jobs, some minutes 正在编译，需数分钟`);
    const startedAt = performance.now();
    const make = spawn(
      'nice',
      ['make', `-j${jobs}`, '-f', join(here, 'Makefile'), `WORKER=${join(mediasoup, 'worker')}`, `OUT=${scratch}`],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let files = 0;
    for await (const line of createInterface({ input: make.stdout })) {
      if (line.startsWith('  CXX') && ++files % PROGRESS_EVERY_FILES === 0)
        say(`${files} files compiled, ${Math.round((performance.now() - startedAt) / 1000)} s`);
    }
    const binary = join(scratch, 'mediasoup-worker');
    if (!existsSync(binary)) return false;
    spawnSync('strip', [binary]);
    return keep(binary);
  });
}

async function makeWorker(options: readonly string[]): Promise<boolean> {
  // Another process may have made it while this one waited for the lock.
  if (works(cached)) return true;
  return (!options.includes('--build') && (await fetchPrebuilt())) || (await buildFromSources());
}

/** Runs this script again under an exclusive lock on a file in the cache folder. */
function repeatUnderLock(options: readonly string[]): number {
  const lock = `${dirname(cached)}.lock`;
  mkdirSync(dirname(lock), { recursive: true });
  const held = spawnSync('flock', ['-n', lock, 'true']).status !== 0;
  if (held) say('another process is making it, waiting 等待另一进程完成');
  const run = spawnSync('flock', [lock, process.execPath, import.meta.filename, UNDER_LOCK, ...options], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return run.status ?? 1;
}

async function main(options: readonly string[]): Promise<number> {
  const given = process.env['MEDIASOUP_WORKER_BIN'];
  if (options.includes(UNDER_LOCK)) return (await makeWorker(options)) ? 0 : 1;
  const path = given !== undefined && isExecutable(given) ? given : cached;
  if (path === cached && !works(cached)) {
    const status = repeatUnderLock(options);
    if (status !== 0) {
      if (status !== MISSING_PACKAGES_EXIT) say('it could not be made; the lines above say why 未能取得');
      return status;
    }
  }
  process.stdout.write(`${path}\n`);
  return 0;
}

process.exitCode = await main(process.argv.slice(2));
