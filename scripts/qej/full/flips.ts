import { spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { programPath } from '../hand-to-program.ts';
import { say } from '../surroundings.ts';

const usage = `usage: node scripts/qej/full/flips.ts --archives DIR --roots PATH [--witness VKEY] [--log VKEY] [--count 200]
每个档案随机翻转 N 个位，每次一位；每一个都必须被拒绝并指名 each archive, one random bit at a time: every one must be refused by name`;

interface Finding {
  readonly code: string;
  readonly subject: string;
}
interface Verdict {
  readonly ok: boolean;
  readonly steps: readonly { readonly id: string; readonly findings: readonly Finding[] }[];
}

/** The program as a stranger runs it: a process of its own, files, exit code and one line of JSON a file. */
function verify(
  files: readonly string[],
  options: readonly string[],
): { status: number | null; verdicts: Verdict[]; refusal: string } {
  const ran = spawnSync(process.execPath, [programPath('verify'), ...files, ...options, '--json'], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  const lines = ran.stdout.split('\n').filter((line) => line !== '');
  return { status: ran.status, verdicts: lines.map((line) => JSON.parse(line) as Verdict), refusal: ran.stderr };
}

const nameOf = (verdict: Verdict): string => {
  const found = verdict.steps.flatMap(({ id, findings }) =>
    findings.map(({ code, subject }) => ({ id, code, subject })),
  );
  const [first] = found;
  return first === undefined
    ? ''
    : `${first.code} ${first.id === 'members' ? first.subject.replace(/[0-9a-f]{16,}/, '…') : first.id}`;
};

const BATCH = 20;

interface Tally {
  readonly names: Map<string, number>;
  readonly passed: string[];
  flips: number;
}

/** Flips `count` bits, one a copy, and lets the program judge the copies in batches. */
function flipOne(archive: string, options: readonly string[], count: number, tally: Tally): void {
  const original = readFileSync(archive);
  const directory = mkdtempSync(join(tmpdir(), 'qej-flips-'));
  try {
    for (let done = 0; done < count; done += BATCH) {
      const files = Array.from({ length: Math.min(BATCH, count - done) }, (_, i) => {
        const copy = Buffer.from(original);
        const [place, bit] = [randomInt(copy.length), randomInt(8)];
        copy[place] = (copy[place] ?? 0) ^ (1 << bit);
        const file = join(directory, `${i}-byte${place}-bit${bit}.qej`);
        writeFileSync(file, copy);
        return file;
      });
      judge(files, options, tally);
      for (const file of files) rmSync(file);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function judge(files: readonly string[], options: readonly string[], tally: Tally): void {
  const { verdicts, refusal } = verify(files, options);
  if (verdicts.length !== files.length) throw new Error(`${verdicts.length} of ${files.length} verdicts: ${refusal}`);
  for (const [i, verdict] of verdicts.entries()) {
    const name = nameOf(verdict);
    tally.flips += 1;
    if (verdict.ok || name === '') tally.passed.push(files[i] ?? '');
    tally.names.set(name, (tally.names.get(name) ?? 0) + 1);
  }
}

function report({ names, passed, flips }: Tally): void {
  for (const [name, count] of [...names].sort((a, b) => b[1] - a[1]))
    process.stdout.write(`${String(count).padStart(6)}  ${name}\n`);
  for (const file of passed) process.stdout.write(`NOT REFUSED 未被拒绝: ${file}\n`);
  process.stdout.write(`${flips} flips, ${flips - passed.length} refused by name, ${passed.length} not\n`);
}

/** @returns how many flips were refused by name, and how many were not */
export function runFlips(
  archives: string,
  options: readonly string[],
  count: number,
): { passed: number; failed: number } {
  const files = readdirSync(archives).filter((name) => name.endsWith('.qej'));
  if (files.length === 0) throw new Error(`no *.qej in ${archives}`);
  const tally: Tally = { names: new Map(), passed: [], flips: 0 };
  let broken = 0;
  for (const name of files.sort()) {
    const file = join(archives, name);
    const whole = verify([file], options);
    if (whole.status !== 0) {
      // A file that is refused as it is would prove nothing.
      say(`${name} 原样即被拒绝 is refused as it is: ${whole.verdicts.map(nameOf).join(', ')}${whole.refusal}`);
      broken += 1;
      continue;
    }
    say(`${name}: ${count} flips`);
    flipOne(file, options, count, tally);
  }
  report(tally);
  return { passed: tally.flips - tally.passed.length, failed: tally.passed.length + broken };
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      archives: { type: 'string' },
      roots: { type: 'string' },
      witness: { type: 'string', multiple: true },
      log: { type: 'string' },
      count: { type: 'string', default: '200' },
    },
  });
  if (values.archives === undefined || values.roots === undefined) {
    process.stderr.write(`${usage}\n`);
    process.exitCode = 2;
  } else {
    const witness = (values.witness ?? []).flatMap((vkey) => ['--witness', vkey]);
    const log = values.log === undefined ? [] : ['--log', values.log];
    const options = ['--roots', values.roots, ...witness, ...log];
    process.exitCode = runFlips(values.archives, options, Number(values.count)).failed === 0 ? 0 : 1;
  }
}
