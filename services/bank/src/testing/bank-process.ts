import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BankWorld } from './bank-world.ts';

export interface BankProcess {
  readonly url: string;
  readonly port: number;
  /** kill -9. */
  kill(): Promise<void>;
  close(): Promise<void>;
}

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

const ended = (child: ChildProcess): Promise<void> =>
  child.exitCode === null && child.signalCode === null
    ? new Promise((resolve) => child.once('exit', () => resolve()))
    : Promise.resolve();

/** The bank as `./qej up` starts it; ends with this process because its standard input closes. */
export async function startBankProcess(world: BankWorld, port = 0, isAutomatic = true): Promise<BankProcess> {
  const args = ['--port', String(port), '--dir', world.bankDirectory, '--trust', world.trustDirectory];
  const rest = ['--platform', world.origin, ...(isAutomatic ? ['--auto'] : []), '--until-stdin-closes'];
  const child = spawn(process.execPath, [main, ...args, ...rest], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part) => (said += String(part)));
  const ready = await new Promise<{ url: string }>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the bank ended with ${code}: ${said}`)));
    createInterface({ input: child.stdout }).once('line', (line) => resolve(JSON.parse(line) as { url: string }));
  });
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<void> => {
    child.kill(signal);
    await ended(child);
  };
  return {
    url: ready.url,
    port: Number(new URL(ready.url).port),
    kill: () => end('SIGKILL'),
    close: () => end('SIGTERM'),
  };
}
