import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { text } from 'node:stream/consumers';
import { ensureDebianPackages } from './debian-packages.ts';
import { repositoryRoot } from './surroundings.ts';

const script = join(repositoryRoot, 'docker/media-worker/get-worker.ts');
/** The script's exit code where the build lacks Debian packages. */
const MISSING_PACKAGES_EXIT = 3;

/** How far the media worker is; `./qej up` writes it to a file that the platform reads again and again. */
export type MediaWorkerState =
  | { readonly state: 'preparing' }
  | { readonly state: 'ready'; readonly path: string }
  | { readonly state: 'failed'; readonly why: string };

/**
 * The path of a media worker: given, cached, fetched, or built (minutes, the first time; the Debian
 * packages for it are installed when it comes to that). Progress goes to standard error.
 * @throws MissingPackagesError where it must be built and we are not root.
 */
export async function getMediaWorker(): Promise<string> {
  let { code, path } = await askScript([]);
  if (code === MISSING_PACKAGES_EXIT) {
    ensureDebianPackages(['worker']);
    ({ code, path } = await askScript(['--build']));
  }
  if (code !== 0 || path === '') throw new Error('no media worker could be fetched or built');
  return path;
}

async function askScript(args: readonly string[]): Promise<{ code: number; path: string }> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, 'close') as Promise<[number | null]>]);
  return { code: code ?? 128, path: output.trimEnd().split('\n').at(-1)?.trim() ?? '' };
}

/** Replaces the state file in one step, so that a reader never sees half of it. */
export async function writeMediaWorkerState(file: string, state: MediaWorkerState): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, `${JSON.stringify(state)}\n`);
  await rename(`${file}.new`, file);
}
