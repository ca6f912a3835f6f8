import { dirname, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** The top of the checkout. */
export const repositoryRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder from which `./qej` was called: file arguments are relative to it. */
export const callerFolder = process.env['QEJ_CWD'] ?? process.cwd();

/** A progress line, on standard error so that standard output stays for results. */
export function say(line: string): void {
  process.stderr.write(`qej: ${line}\n`);
}

/** `3.2 s`, `2 min 05 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
}
