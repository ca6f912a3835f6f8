import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runCommand, type Ran } from './qej/run-command.ts';
import { formatDuration, repositoryRoot } from './qej/surroundings.ts';
import { closingLine, countsOf, type Counts } from './qej/test-counts.ts';

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  /** Where it runs, from the top; the top by default. */
  readonly folder?: string;
  /** The check is there once this file is. */
  readonly once?: string;
}

const checks: readonly Check[] = [
  { name: 'format', command: ['oxfmt', '--check'] },
  { name: 'types', command: ['tsc'] },
  { name: 'types-web', command: ['vue-tsc', '--noEmit'], folder: 'web', once: 'web/tsconfig.json' },
  { name: 'lint', command: ['oxlint', '--type-aware', '--quiet'] },
  { name: 'boundaries', command: ['node', 'scripts/boundaries.ts'] },
  { name: 'dead-code', command: ['knip', '--no-config-hints', '--no-progress'] },
  { name: 'generated', command: ['node', 'scripts/generated-files.ts'] },
  { name: 'unit', command: ['ava'] },
];

const { values } = parseArgs({ options: { only: { type: 'string' }, skip: { type: 'string' } } });

const chosen = checks.filter(
  ({ name, once }) =>
    (values.only === undefined || values.only.split(',').includes(name)) &&
    !(values.skip?.split(',').includes(name) ?? false) &&
    (once === undefined || existsSync(join(repositoryRoot, once))),
);

function run({ command: [program, ...args], folder }: Check): Promise<Ran> {
  const cwd = join(repositoryRoot, folder ?? '');
  const PATH = `${join(cwd, 'node_modules/.bin')}:${join(repositoryRoot, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  return runCommand(program, args, { cwd, env: { PATH }, quiet: true });
}

if (chosen.length === 0) throw new Error(`no such check; there are: ${checks.map(({ name }) => name).join(', ')}`);
let total: Counts = { passed: 0, failed: 0 };
for (const check of chosen) {
  const ran = await run(check);
  const counts = countsOf(ran.output, ran.code);
  // Hundreds of passed tests would hide the failed one.
  if (ran.code !== 0) process.stdout.write(`${ran.output.replace(/^ {2}✔ .*\n/gm, '').trimEnd()}\n`);
  const mark = counts.failed === 0 ? '✔' : '✘';
  process.stdout.write(
    `${mark} ${check.name.padEnd(12)} ${formatDuration(ran.milliseconds).padStart(8)}  ${closingLine(counts)}\n`,
  );
  total = { passed: total.passed + counts.passed, failed: total.failed + counts.failed };
}
process.stdout.write(`${closingLine(total)}\n`);
process.exitCode = total.failed === 0 ? 0 : 1;
