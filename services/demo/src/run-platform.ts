import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface OwnPlatform {
  readonly origin: string;
  readonly intakeOrigin: string;
  readonly data: string;
  close(): Promise<void>;
}

const entry = fileURLToPath(new URL('../../platform/src/main.ts', import.meta.url));
const START_MS = 180_000;

interface Ready {
  readonly origin: string;
  readonly intakeOrigin: string;
}

function readReady(line: string): Ready | undefined {
  if (!line.startsWith('{"ready"')) return undefined;
  return JSON.parse(line) as Ready; // the platform's own line
}

function waitReady(child: ChildProcess, say: (line: string) => void): Promise<Ready> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`the platform was not ready in ${START_MS} ms`)), START_MS);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the platform ended with ${code} before it was ready`)));
    if (child.stdout === null) return reject(new Error('the platform has no output'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = readReady(line);
      // Its list of log-ins is for people at a browser; only the progress is ours to show.
      if (ready === undefined) return line.startsWith('  … ') ? say(line) : undefined;
      clearTimeout(timer);
      resolve(ready);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 8_000);
  await once(child, 'exit');
  clearTimeout(timer);
}

/** A platform of one's own on free ports; its data are gone after `close` unless a folder was given. */
export async function startOwnPlatform(options: {
  readonly data: string | undefined;
  readonly say: (line: string) => void;
}): Promise<OwnPlatform> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'qej-demo-')));
  const child = spawn(process.execPath, [entry, '--port', '0', '--data', data, '--no-demo'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const close = async (): Promise<void> => {
    await stop(child);
    if (options.data === undefined) await rm(data, { recursive: true, force: true });
  };
  try {
    const { origin, intakeOrigin } = await waitReady(child, options.say);
    return { origin, intakeOrigin, data, close };
  } catch (error) {
    await close();
    throw error;
  }
}
