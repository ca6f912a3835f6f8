import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityFromPkcs12, isTransient, pause, platformClient } from '@qej/client';
import { DomainError, formatInstant, systemClock } from '@qej/kernel';
import { readTrust } from '@qej/trust';
import { parseConfig, usage } from './config.ts';
import type { HolderConfig } from './config.ts';
import { appendDurably } from './durable-files.ts';
import { witnessPolicy } from './evidence.ts';
import { makeHolder } from './holder.ts';
import type { Holder, TaskResult } from './holder.ts';
import { openKeyStore } from './key-store.ts';
import type { KeyStore } from './key-store.ts';
import { refuse } from './refuse.ts';

const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
/** A platform that is restarting is waited for by the next round, not inside one. */
const RETRY = { patienceMs: 3_000, firstPauseMs: 100, longestPauseMs: 500 };

interface Parts {
  readonly holder: Holder;
  readonly store: KeyStore;
  readonly record: (line: Readonly<Record<string, unknown>>) => Promise<void>;
}

async function build(config: HolderConfig): Promise<Parts> {
  const passphrase = (await readFile(config.passphraseFile, 'utf8')).trimEnd();
  const p12 = new Uint8Array(await readFile(config.p12));
  const { signer, decryptKey } = await identityFromPkcs12(p12, passphrase, { id: config.holderId });
  const publicKey = decryptKey?.certificate.publicKey;
  if (decryptKey === undefined || publicKey?.kind !== 'ec-p256')
    return refuse('E_HOLDER_CONFIG', '--p12: holds no encryption key on P-256');
  const store = await openKeyStore(config.dir, { passphrase, point: publicKey.point, privateKey: decryptKey.key });
  const api = platformClient({ origin: config.platform }, RETRY);
  const { holderId } = config;
  const trust = () => readTrust(config.trust);
  const policy = () => witnessPolicy(api, config);
  const holder = makeHolder({ api, holderId, signer, trust, policy, store, clock: systemClock });
  const record = (line: Readonly<Record<string, unknown>>): Promise<void> =>
    appendDurably(join(config.dir, 'holder.log'), JSON.stringify({ at: formatInstant(systemClock.now()), ...line }));
  return { holder, store, record };
}

const DONE = { accept: 'accepted', release: 'released' } as const;
const lineOf = ({ tenderId, lotId, stage, task, refusal }: TaskResult) => ({
  event: refusal === undefined ? DONE[task] : 'refused',
  task,
  tenderId,
  lotId,
  stage,
  ...(refusal === undefined ? {} : { code: refusal.code, detail: refusal.message }),
});

/** Says what is new: a refusal that is repeated each second is written once. */
function makeReporter({ record }: Parts): (results: readonly TaskResult[]) => Promise<void> {
  const last = new Map<string, string>();
  return async (results) => {
    for (const result of results) {
      const key = `${result.tenderId} ${result.lotId} ${result.stage} ${result.task}`;
      const outcome = result.refusal?.code ?? 'done';
      if (last.get(key) === outcome) continue;
      last.set(key, outcome);
      const line = lineOf(result);
      await record(line);
      say(line);
    }
  };
}

async function runRounds(config: HolderConfig, parts: Parts): Promise<number> {
  const report = makeReporter(parts);
  const kinds =
    config.command === 'accept' || config.command === 'release' ? [config.command] : (['accept', 'release'] as const);
  for (;;) {
    try {
      const results = await parts.holder.work(kinds);
      await report(results);
      if (config.once) return results.some(({ refusal }) => refusal !== undefined) ? 1 : 0;
    } catch (error) {
      if (config.once || !(isTransient(error) || error instanceof DomainError)) throw error;
      await parts.record({ event: 'unreachable', detail: error instanceof Error ? error.message : String(error) });
    }
    await pause(config.pollMs);
  }
}

async function printStatus({ store }: Parts): Promise<number> {
  for (const { tenderId, lotId, stage, noticeHash, deadline } of await store.list())
    say({ tenderId, lotId, stage, noticeHash, deadline });
  return 0;
}

async function main(): Promise<number> {
  if (process.argv.includes('--help')) {
    process.stdout.write(`${usage}\n`);
    return 0;
  }
  const config = parseConfig(process.argv.slice(2));
  const parts = await build(config);
  if (config.command === 'status') return printStatus(parts);
  // Every file is whole at each moment, so the tool may end in the middle of anything.
  const stop = (): never => process.exit(0);
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (config.isBoundToStdin) process.stdin.resume().once('close', stop);
  // Whoever started it is gone.
  process.stdout.once('error', stop);
  if (!config.once) say({ ready: true, holderId: config.holderId, platform: config.platform });
  return runRounds(config, parts);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof DomainError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
    );
    process.exit(1);
  },
);
