import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

/** How long the raw fsync rate is taken. */
const FSYNC_MS = 1000;

/** Appends of 4 KiB, each followed by fsync, per second: the noisiest thing of a machine, printed beside every ratio. */
export function fsyncsPerSecond(): number {
  const folder = mkdtempSync(join(tmpdir(), 'qej-fsync-'));
  const file = openSync(join(folder, 'f'), 'w');
  const block = Buffer.alloc(4096, 1);
  const began = performance.now();
  let count = 0;
  while (performance.now() - began < FSYNC_MS) {
    writeSync(file, block);
    fsyncSync(file);
    count++;
  }
  const rate = (count * 1000) / (performance.now() - began);
  closeSync(file);
  rmSync(folder, { recursive: true });
  return Math.round(rate);
}

/** What a figure depends on, for the head of a run. */
export const machine = () => ({
  node: process.versions.node,
  openssl: process.versions.openssl,
  arch: process.arch,
  cpus: cpus().length,
  cpu: cpus()[0]?.model ?? 'unknown',
  load: loadavg().map((load) => Number(load.toFixed(2))),
  fsyncsPerSecond: fsyncsPerSecond(),
});
