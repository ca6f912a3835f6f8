import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface ChildOptions {
  readonly name: string;
  /** Path below the repository, for example `services/witness/src/main.ts`. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
  readonly readyTimeoutMs?: number;
}

export interface Child {
  readonly name: string;
  readonly pid: number;
  /** The JSON line that the process printed when it was ready. */
  readonly ready: Readonly<Record<string, unknown>>;
  readonly exited: Promise<number | null>;
  close(): Promise<void>;
}

const KILL_AFTER_MS = 3_000;
const repository = fileURLToPath(new URL('../../../', import.meta.url));

function parseReady(line: string): Record<string, unknown> | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'ready' in value ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function waitReady(
  child: ChildProcess,
  { name, onLine, readyTimeoutMs = 60_000 }: ChildOptions,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name} was not ready in ${readyTimeoutMs} ms`)), readyTimeoutMs);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it was ready`)));
    if (child.stdout === null) return reject(new Error(`${name} has no output`));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const ready = parseReady(line);
      if (ready === undefined) return onLine?.(line);
      clearTimeout(timer);
      resolve(ready);
    });
  });
}

/** Starts a process of its own and waits for its ready line; it is ended by its own pid. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const child = spawn(process.execPath, [`${repository}${options.entry}`, ...options.args], {
    cwd: repository,
    env: { ...process.env, ...options.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  let ready: Record<string, unknown>;
  try {
    ready = await waitReady(child, options);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  return {
    name: options.name,
    pid: child.pid ?? -1,
    ready,
    exited,
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}
