import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A demo log-in as the platform lists it; `p12` is a path below the data directory. */
export interface TestLogin {
  readonly key: string;
  readonly name: string;
  readonly organization: string;
  readonly organizationId: string;
  readonly userId: string;
  readonly role: string;
  readonly p12: string;
  readonly passphrase: string;
  readonly totp?: string;
}

export interface TestPlatformOptions {
  /** First of five ports in a row; 0 = any free ones. */
  readonly port?: number;
  /** Kept afterwards; without it a temporary folder, gone after `close`. */
  readonly data?: string;
  /** `mariadb://…` of a private server; SQLite in the data folder otherwise. */
  readonly databaseUrl?: string;
  /** Program to start instead of the platform's own, below the checkout: a launcher with a fault hook. */
  readonly entry?: string;
  readonly args?: readonly string[];
  readonly onLine?: (line: string) => void;
  readonly readyTimeoutMs?: number;
}

export interface TestPlatform {
  readonly origin: string;
  readonly keyringOrigin: string;
  readonly intakeOrigin: string;
  readonly data: string;
  readonly pid: number;
  readonly logins: readonly TestLogin[];
  /** Exit code, or the signal's name. */
  readonly exited: Promise<number | string>;
  /** Bytes of a person's PKCS#12 file with its passphrase. */
  identity(key: string): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly login: TestLogin }>;
  /** `kill -9`: what a power failure leaves behind. The data stay. */
  kill(): Promise<void>;
  /** Ends it by its own pid and removes a temporary data folder. */
  close(): Promise<void>;
}

interface Ready {
  readonly origin: string;
  readonly keyringOrigin: string;
  readonly intakeOrigin: string;
}

const checkout = fileURLToPath(new URL('../../../', import.meta.url));
const PLATFORM = 'services/platform/src/main.ts';
const READY_MS = 120_000;
const KILL_AFTER_MS = 8_000;

function waitReady(child: ChildProcess, options: TestPlatformOptions): Promise<Ready> {
  const { readyTimeoutMs = READY_MS, onLine } = options;
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`the platform was not ready in ${readyTimeoutMs} ms`)),
      readyTimeoutMs,
    );
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearTimeout(timer);
      reject(new Error(`the platform ended with ${signal ?? code} before it was ready`));
    });
    if (child.stdout === null) return reject(new Error('the platform has no output'));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (!line.startsWith('{"ready"')) return onLine?.(line);
      clearTimeout(timer);
      resolve(JSON.parse(line) as Ready); // the platform's own line
    });
  });
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  await gone;
  clearTimeout(timer);
}

function launch(
  { port = 0, entry = PLATFORM, args = [], databaseUrl }: TestPlatformOptions,
  data: string,
): ChildProcess {
  const words = [join(checkout, entry), '--port', String(port), '--data', data, '--no-demo', ...args];
  const env = { ...process.env, ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }) };
  return spawn(process.execPath, words, { env, cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] });
}

const readLogins = async (data: string): Promise<readonly TestLogin[]> =>
  JSON.parse(await readFile(join(data, 'demo-logins.json'), 'utf8')) as TestLogin[]; // written by the platform

/**
 * Starts a whole platform as a process of its own, with witness, holders and bank, on 127.0.0.1.
 * @throws Error with what it ended with when it does not come up
 */
export async function startTestPlatform(options: TestPlatformOptions = {}): Promise<TestPlatform> {
  const data = options.data ?? (await mkdtemp(join(tmpdir(), 'qej-test-')));
  const removeData = async (): Promise<void> => {
    if (options.data === undefined) await rm(data, { recursive: true, force: true, maxRetries: 5 });
  };
  const child = launch(options, data);
  const exited = new Promise<number | string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0)),
  );
  const close = async (): Promise<void> => {
    await end(child, 'SIGTERM');
    await removeData();
  };
  try {
    const { origin, keyringOrigin, intakeOrigin } = await waitReady(child, options);
    const logins = await readLogins(data);
    const identity: TestPlatform['identity'] = async (key) => {
      const login = logins.find((one) => one.key === key);
      if (login === undefined) throw new Error(`no demo person ${key}`);
      return { login, bytes: new Uint8Array(await readFile(join(data, login.p12))) };
    };
    const kill = (): Promise<void> => end(child, 'SIGKILL');
    return { origin, keyringOrigin, intakeOrigin, data, pid: child.pid ?? -1, logins, exited, identity, kill, close };
  } catch (error) {
    await close();
    throw error;
  }
}
