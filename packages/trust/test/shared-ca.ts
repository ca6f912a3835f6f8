import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { parseInstant } from '@qej/kernel';
import type { Clock, Instant } from '@qej/kernel';
import { openLocalCa } from '../src/index.ts';
import type { LocalCa } from '../src/index.ts';

export const NOW = parseInstant('2026-11-23T05:00:00.000Z');

/** Seven RSA-4096 keys, made once a checkout: certificates are fresh in every test, keys need not be. */
const keyDirectory = fileURLToPath(new URL('../../../.cache/test-ca-keys', import.meta.url));

export class SettableClock implements Clock {
  at: Instant = NOW;
  now(): Instant {
    return this.at;
  }
}

export const temporaryDirectory = (): Promise<string> => mkdtemp(join(tmpdir(), 'qej-trust-'));

export async function newCa(): Promise<{
  ca: LocalCa;
  clock: SettableClock;
  directory: string;
  reopen: () => Promise<LocalCa>;
  remove: () => Promise<void>;
}> {
  const directory = await temporaryDirectory();
  const clock = new SettableClock();
  const reopen = (): Promise<LocalCa> => openLocalCa({ directory, clock, keyDirectory });
  return { ca: await reopen(), clock, directory, reopen, remove: () => rm(directory, { recursive: true }) };
}

/** The second implementation that judges what we write. */
export async function openssl(
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<Buffer> {
  const directory = await temporaryDirectory();
  try {
    for (const [name, data] of Object.entries(files)) await writeFile(join(directory, name), data);
    const { stdout } = await promisify(execFile)('openssl', [...args], {
      cwd: directory,
      timeout: 20_000,
      encoding: 'buffer',
    });
    return stdout;
  } finally {
    await rm(directory, { recursive: true });
  }
}
