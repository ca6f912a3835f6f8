import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { repositoryRoot } from './qej/surroundings.ts';

export interface Cruise {
  /** The modules that were read, by path. A cruiser that cannot read TypeScript reads none and is content. */
  readonly modules: readonly string[];
  /** `rule: from → to`. */
  readonly violations: readonly string[];
}

interface CruiseJson {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly violations: readonly { from: string; to: string; rule: { name: string; severity: string } }[];
  };
}

const roots = ['packages', 'services', 'web/src', 'e2e/src', 'bench/src', 'scripts'].filter((root) =>
  existsSync(join(repositoryRoot, root)),
);

/** Reads the imports of all TypeScript modules under `folder` and holds them against .dependency-cruiser.cjs. */
export function cruise(folder: string, paths: readonly string[] = roots): Cruise {
  const args = ['--config', join(repositoryRoot, '.dependency-cruiser.cjs'), '--output-type', 'json', ...paths];
  const ran = spawnSync(join(repositoryRoot, 'node_modules/.bin/depcruise'), args, {
    cwd: folder,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (!ran.stdout.startsWith('{')) throw new Error(`dependency-cruiser: ${ran.stderr}${ran.stdout.slice(0, 500)}`);
  const { modules, summary } = JSON.parse(ran.stdout) as CruiseJson;
  return {
    modules: modules.map(({ source }) => source),
    violations: summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  };
}

/** The TypeScript files that a cruise must have read. */
function sourceFiles(): string[] {
  const skipped = (name: string): boolean => name === 'node_modules' || name === 'dist';
  return globSync(
    roots.map((root) => `${root}/**/*.ts`),
    { cwd: repositoryRoot, exclude: skipped },
  );
}

if (import.meta.main) {
  const { modules, violations } = cruise(repositoryRoot);
  const read = new Set(modules);
  const files = sourceFiles();
  if (files.length === 0) throw new Error('no TypeScript file found: nothing would be checked');
  const unread = files.filter((file) => !read.has(file));
  for (const line of violations) process.stdout.write(`${line}\n`);
  for (const file of unread) process.stdout.write(`not read: ${file}\n`);
  process.stdout.write(`${modules.length} modules read, ${violations.length} violations\n`);
  process.exitCode = violations.length + unread.length === 0 ? 0 : 1;
}
