import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryRoot, say } from './surroundings.ts';

/** What a Debian package is needed for. `./qej up` needs `run`; the rest only when it comes to it. */
export type Purpose = 'run' | 'worker' | 'test' | 'bench' | 'full';

const workerBuild = (): string[] =>
  readFileSync(join(repositoryRoot, 'docker/media-worker/packages.txt'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');

/** Every Debian package that anything here needs, once. The worker's build has its list beside its recipe. */
export const debianPackages: Record<Purpose, () => readonly string[]> = {
  /** Recording of expert rooms. */
  run: () => ['ffmpeg'],
  worker: workerBuild,
  /** Browser, database, PDF and CMS tools of other people's making, Chinese glyphs for screenshots. */
  test: () => [
    'chromium',
    'mariadb-server-core',
    'mariadb-client-core',
    'poppler-utils',
    'qpdf',
    'libnss3-tools',
    'openssl',
    'fonts-noto-cjk',
    'age',
  ],
  bench: () => ['wrk', 'age', 'openssl'],
  full: () => ['debootstrap'],
};

/** Thrown when something is missing and we are not root; `./qej` prints the line and exits 3. */
export class MissingPackagesError extends Error {
  readonly installLine: string;
  constructor(missing: readonly string[]) {
    const installLine = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
    super(`missing Debian packages 缺少系统软件包: ${missing.join(' ')}`);
    this.installLine = installLine;
  }
}

/** The packages of these purposes that dpkg does not know as installed (all, where there is no dpkg). */
export function missingPackages(purposes: readonly Purpose[]): string[] {
  const wanted = [...new Set(purposes.flatMap((purpose) => debianPackages[purpose]()))];
  if (wanted.length === 0) return [];
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...wanted], {
    encoding: 'utf8',
  });
  const installed = new Set(
    (query.stdout ?? '')
      .split('\n')
      .filter((line) => line.endsWith(' installed'))
      .map((line) => line.split(' ')[0]),
  );
  return wanted.filter((name) => !installed.has(name));
}

/**
 * Makes sure that the packages of these purposes are there: as root installs what is missing with
 * apt-get, otherwise refuses.
 * @throws MissingPackagesError when not root, or when apt-get cannot install them.
 */
export function ensureDebianPackages(purposes: readonly Purpose[]): void {
  const missing = missingPackages(purposes);
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) throw new MissingPackagesError(missing);
  say(`apt-get install ${missing.join(' ')}`);
  const apt = (...args: string[]): boolean => {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const ran = spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8' });
    if (ran.status !== 0) process.stderr.write((ran.stderr ?? '') || String(ran.error ?? ''));
    return ran.status === 0;
  };
  const done = apt('update') && apt('install', '-y', '--no-install-recommends', ...missing);
  if (!done || missingPackages(purposes).length > 0) throw new MissingPackagesError(missing);
}
