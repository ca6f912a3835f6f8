import { createHash } from 'node:crypto';
import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { parseConfig } from '../../../services/platform/src/config.ts';
import { startPlatform } from '../../../services/platform/src/start-platform.ts';

/**
 * The platform with a fault point at each write boundary: at the first crossing of a label it ends itself by SIGKILL, once
 * for each label, remembered in `--done`. Every label that is crossed goes to `--trace`. `--share 0.2` takes only the labels
 * whose hash lies in the lowest fifth; `--only LABEL` just one.
 */
const OPTIONS = {
  done: { type: 'string' },
  trace: { type: 'string' },
  share: { type: 'string', default: '1' },
  only: { type: 'string' },
} as const;

const linesOf = (file: string): Set<string> =>
  new Set(
    existsSync(file)
      ? readFileSync(file, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
      : [],
  );

/** On disk before anything else happens: a label must never kill twice. */
function remember(file: string, label: string): void {
  const handle = openSync(file, 'a', 0o600);
  writeSync(handle, `${label}\n`);
  fsyncSync(handle);
  closeSync(handle);
}

/** 0 ≤ … < 1, the same everywhere. */
const placeOf = (label: string): number => createHash('sha256').update(label).digest().readUInt32BE(0) / 2 ** 32;

function faultPoint(options: {
  readonly done: string;
  readonly trace: string | undefined;
  readonly share: number;
  readonly only: string | undefined;
}): (label: string) => void {
  const { done, trace, share, only } = options;
  const killed = linesOf(done);
  const seen = trace === undefined ? new Set<string>() : linesOf(trace);
  return (label) => {
    if (trace !== undefined && !seen.has(label)) {
      seen.add(label);
      appendFileSync(trace, `${label}\n`);
    }
    const isWanted = only === undefined ? placeOf(label) < share : label === only;
    if (!isWanted || killed.has(label)) return;
    remember(done, label);
    process.kill(process.pid, 'SIGKILL');
  };
}

const own = Object.keys(OPTIONS).map((name) => `--${name}`);
const { values } = parseArgs({ args: process.argv.slice(2), options: OPTIONS, strict: false, allowPositionals: true });

/** What is left for the platform itself. */
function platformArgs(): string[] {
  const words: string[] = [];
  for (let i = 2; i < process.argv.length; i++) {
    const word = process.argv[i] ?? '';
    if (own.includes(word)) i += 1;
    else words.push(word);
  }
  return words;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const done = text(values.done);
if (done === undefined) throw new Error('--done FILE is needed');
const faults = faultPoint({ done, trace: text(values.trace), share: Number(values.share), only: text(values.only) });
const platform = await startPlatform({ config: parseConfig(platformArgs(), process.env), faults });
process.once('SIGTERM', () => void platform.close().then(() => process.exit(0)));
process.stdout.write(`${JSON.stringify({ ready: true, ...platform.facts })}\n`);
