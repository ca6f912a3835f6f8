import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { handOver } from './run-command.ts';
import { repositoryRoot, say } from './surroundings.ts';

/** The programs behind the thin commands, by command name; paths from the top of the checkout. */
export const programs = {
  platform: 'services/platform/src/main.ts',
  demo: 'services/demo/src/main.ts',
  verify: 'packages/verifier/src/main.ts',
  archive: 'packages/client/src/archive-main.ts',
  seal: 'packages/client/src/seal-main.ts',
  holder: 'services/holder/src/main.ts',
  witness: 'services/witness/src/main.ts',
  bench: 'bench/src/main.ts',
  e2e: 'e2e/src/main.ts',
} as const satisfies Record<string, string>;

export type ProgramName = keyof typeof programs;

export const programPath = (name: ProgramName): string => join(repositoryRoot, programs[name]);

export const isBuilt = (name: ProgramName): boolean => existsSync(programPath(name));

/** Hands the rest of the command line to a program; says so and exits 2 where it does not exist yet. */
export function handToProgram(name: ProgramName, args: readonly string[] = process.argv.slice(2)): void {
  if (!isBuilt(name)) {
    say(`not built yet 尚未完成: ${name} (${programs[name]})`);
    process.exitCode = 2;
    return;
  }
  // The platform keeps its data/ in the checkout, wherever it was called from; the others take the caller's files.
  handOver(process.execPath, [programPath(name), ...args], name === 'platform' ? { cwd: repositoryRoot } : {});
}
