import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { runCommand } from './qej/run-command.ts';
import { repositoryRoot } from './qej/surroundings.ts';

interface Generated {
  readonly title: string;
  /** Program, from the top of the checkout, that writes the files in place. */
  readonly program: string;
  /** Globs of everything it writes. */
  readonly files: readonly string[];
}

/** Every committed file that a program writes. A new one is one line. */
const generated: readonly Generated[] = [
  { title: 'OpenAPI document', program: 'packages/contract/scripts/write-openapi.ts', files: ['docs/openapi.json'] },
  { title: 'role × route table', program: 'packages/contract/scripts/write-routes.ts', files: ['docs/routes.md'] },
  {
    title: 'migrations',
    program: 'packages/persistence/scripts/make-migrations.ts',
    files: ['packages/persistence/migrations/**/*.ts'],
  },
  ...[
    ['deposit', 'packages/deposits/test/make-vectors.ts'],
    ['draw', 'packages/evaluation/scripts/make-vectors.ts'],
    ['evidence', 'packages/evidence/test/vectors/main.ts'],
    ['guarantee', 'packages/guarantees/test/make-vectors.ts'],
    ['notice', 'packages/tendering/test/make-vectors.ts'],
    ['sealed-bid', 'packages/sealed-bid/scripts/make-vectors.ts'],
  ].map(([name = '', program = '']) => ({
    title: `vectors of ${name}`,
    program,
    files: [`docs/formats/vectors/${name}.json`],
  })),
];

type Snapshot = ReadonlyMap<string, Buffer>;

const snapshot = (globs: readonly string[]): Snapshot =>
  new Map(
    globSync([...globs], { cwd: repositoryRoot })
      .sort()
      .map((path) => [path, readFileSync(join(repositoryRoot, path))]),
  );

const hash = (bytes: Buffer | undefined): string =>
  bytes ? createHash('sha256').update(bytes).digest('hex') : 'absent';

/** The paths that differ between two snapshots. */
const differing = (a: Snapshot, b: Snapshot): string[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter((path) => hash(a.get(path)) !== hash(b.get(path)));

/** Puts the committed bytes back, so that a check changes nothing. */
function restore(before: Snapshot, paths: readonly string[]): void {
  for (const path of paths) {
    const bytes = before.get(path);
    if (bytes === undefined) rmSync(join(repositoryRoot, path));
    else writeFileSync(join(repositoryRoot, path), bytes);
  }
}

/** Writes each generated file anew and compares; `--write` keeps what was written. */
const keep = process.argv.includes('--write');
for (const { title, program, files } of generated) {
  if (!existsSync(join(repositoryRoot, program))) {
    process.stdout.write(`${title}: not built yet (${program})\n`);
    continue;
  }
  const before = snapshot(files);
  const ran = await runCommand(process.execPath, [program], { quiet: true });
  const changed = differing(before, snapshot(files));
  if (ran.code !== 0) process.stdout.write(`${title}: ${program} failed\n${ran.output}`);
  for (const path of changed)
    process.stdout.write(`${title}: ${path} is not what ${program} writes (node scripts/generated-files.ts --write)\n`);
  if (!keep) restore(before, changed);
  if (ran.code !== 0 || (changed.length > 0 && !keep)) process.exitCode = 1;
}
