import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from './child-process.ts';
import type { Child } from './child-process.ts';

export interface WitnessProcess {
  readonly child: Child;
  readonly url: string;
  readonly name: string;
  readonly vkey: string;
}

const text = (ready: Readonly<Record<string, unknown>>, member: string): string => {
  const value = ready[member];
  if (typeof value !== 'string') throw new Error(`a process did not say its ${member}`);
  return value;
};

/** The demo witness: a process of its own, run by the same operator and hence not independent. */
export async function startWitnessProcess(options: {
  readonly dataDirectory: string;
  readonly port: number;
  readonly origin: string;
  readonly logVkey: string;
  readonly say: (line: string) => void;
}): Promise<WitnessProcess> {
  const dir = join(options.dataDirectory, 'witness');
  await mkdir(dir, { recursive: true });
  const child = await startChild({
    name: '见证进程 witness',
    entry: 'services/witness/src/main.ts',
    args: ['--port', String(options.port), '--dir', dir, '--log', options.logVkey, '--until-stdin-closes'],
    onLine: options.say,
  });
  return { child, url: text(child.ready, 'url'), name: text(child.ready, 'name'), vkey: text(child.ready, 'vkey') };
}

export interface BankProcess {
  readonly child: Child;
  readonly url: string;
  readonly guarantorId: string;
}

/** The reference bank: own database, own seal, own desk for its clerk. */
export async function startBankProcess(options: {
  readonly bankDirectory: string;
  readonly trustDirectory: string;
  readonly platform: string;
  readonly port: number;
  readonly say: (line: string) => void;
}): Promise<BankProcess> {
  const child = await startChild({
    name: '示范银行 reference bank',
    entry: 'services/bank/src/main.ts',
    args: [
      ...['--port', String(options.port), '--dir', options.bankDirectory, '--trust', options.trustDirectory],
      ...['--platform', options.platform, '--auto', '--until-stdin-closes'],
    ],
    onLine: options.say,
  });
  return { child, url: text(child.ready, 'url'), guarantorId: text(child.ready, 'guarantorId') };
}

/** An unattended holder with keys, clock and log of its own. */
export async function startHolderProcess(options: {
  readonly platform: string;
  readonly holderId: string;
  readonly p12: string;
  readonly passphrase: string;
  readonly directory: string;
  readonly trustDirectory: string;
  readonly witnessVkey: string;
  readonly logVkey: string;
  readonly say: (line: string) => void;
}): Promise<Child> {
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  const passphraseFile = join(options.directory, 'passphrase');
  await writeFile(passphraseFile, options.passphrase, { mode: 0o600 });
  return startChild({
    name: `密钥持有人 holder ${options.holderId.slice(0, 8)}`,
    entry: 'services/holder/src/main.ts',
    args: [
      ...['run', '--platform', options.platform, '--holder', options.holderId, '--p12', options.p12],
      ...['--passphrase-file', passphraseFile, '--dir', options.directory, '--trust', options.trustDirectory],
      ...['--witness', options.witnessVkey, '--log', options.logVkey, '--poll-ms', '700', '--until-stdin-closes'],
    ],
    onLine: options.say,
  });
}
