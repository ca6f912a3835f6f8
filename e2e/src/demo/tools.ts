import { execFile } from 'node:child_process';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs somebody else's program and gives back what it said; never throws for its exit code. */
export const run = (program: string, args: readonly string[], input?: string): Promise<Ran> =>
  new Promise((resolve) => {
    const child = execFile(
      program,
      [...args],
      { maxBuffer: 256 * 1024 * 1024, encoding: 'utf8' },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 128;
        resolve({ code, stdout, stderr: error === null || typeof error.code === 'number' ? stderr : error.message });
      },
    );
    child.stdin?.end(input);
  });

/** Counts what held and keeps what did not. */
export class Checks {
  passed = 0;
  readonly failures: string[] = [];

  hold(what: string, isTrue: boolean, why = ''): void {
    if (isTrue) this.passed += 1;
    else this.failures.push(`${what}${why === '' ? '' : `: ${why.trim().slice(0, 600)}`}`);
  }
}
