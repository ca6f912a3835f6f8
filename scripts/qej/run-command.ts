import { spawn } from 'node:child_process';
import process from 'node:process';
import { callerFolder, repositoryRoot, say } from './surroundings.ts';
import { MissingPackagesError } from './debian-packages.ts';

export interface Ran {
  readonly code: number;
  /** Standard output and error as they came, mixed. */
  readonly output: string;
  readonly milliseconds: number;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Collect the output without showing it. */
  readonly quiet?: boolean;
}

/** Runs a program to its end, showing and collecting what it prints. Exit by signal counts as 128. */
export function runCommand(command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd ?? repositoryRoot,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const chunks: string[] = [];
    for (const [source, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ] as const) {
      source.setEncoding('utf8').on('data', (chunk: string) => {
        chunks.push(chunk);
        if (options.quiet !== true) target.write(chunk);
      });
    }
    child.on('error', reject);
    child.on('close', (code) =>
      resolve({ code: code ?? 128, output: chunks.join(''), milliseconds: performance.now() - began }),
    );
  });
}

/**
 * Becomes another program of the checkout: same terminal, signals passed on, its exit code ours.
 * It runs in the caller's folder, so that file arguments mean what the caller meant.
 */
export function handOver(command: string, args: readonly string[], options: RunOptions = {}): void {
  const child = spawn(command, args, {
    cwd: options.cwd ?? callerFolder,
    env: { ...process.env, ...options.env },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => {
    say(error.message);
    process.exitCode = 1;
  });
  child.on('close', (code, signal) => {
    process.exit(code ?? (signal === 'SIGINT' ? 130 : 143));
  });
}

/** Runs a command's body; what we know how to explain ends with its line and exit code. */
export async function runMain(main: () => Promise<void> | void): Promise<void> {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof MissingPackagesError)) throw error;
    say(error.message);
    process.stderr.write(`${error.installLine}\n`);
    process.exitCode = 3;
  }
}
