import { createApp, makeAuthorize } from '@qej/api';
import { api } from '@qej/contract';
import { createFileGuard } from '@qej/evidence/node';
import { createIntakeApp } from '@qej/intake';
import { systemClock } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import { openDatabase, openDiskBlobs } from '@qej/persistence';
import type { OpenDatabase } from '@qej/persistence';
import { openTlsCertificate } from '@qej/trust';
import { makeRoomHooks, openEvidenceLog, publishTokenKey } from '@qej/usecases';
import type { BasePorts, EvidenceLog, FaultPoint, PlatformFacts } from '@qej/usecases';
import { startWorker } from '@qej/worker';
import type Koa from 'koa';
import { mkdir } from 'node:fs/promises';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { startBankProcess, startHolderProcess, startWitnessProcess } from './children.ts';
import type { BankProcess, WitnessProcess } from './children.ts';
import type { PlatformConfig } from './config.ts';
import { openDemoHolders } from './demo-holders.ts';
import type { DemoHolder } from './demo-holders.ts';
import { playDemoTenders } from './demo-tenders.ts';
import { openDeposits } from './deposit-wiring.ts';
import { makeExpertRooms } from './expert-rooms.ts';
import { listen } from './listeners.ts';
import type { Listener } from './listeners.ts';
import { makeLiveBus } from './live-bus.ts';
import { openLocalKeys } from './local-keys.ts';
import type { LocalKeys } from './local-keys.ts';
import { makeLog } from './log.ts';
import type { PlatformLog } from './log.ts';
import { appPages, appPolicy, keyringPages } from './pages.ts';
import { seedDemoWorld } from './seed-demo-world.ts';
import type { DemoLogin } from './seed-demo-world.ts';
import { serveSockets } from './sockets.ts';
import { makeStations } from './stations.ts';
import type { Stations } from './stations.ts';
import { openLocalTrust } from './trust-setup.ts';
import type { LocalTrust } from './trust-setup.ts';

export interface StartOptions {
  readonly config: PlatformConfig;
  readonly clock?: Clock;
  readonly faults?: FaultPoint;
  /** Progress for the person who started it. */
  readonly say?: (line: string) => void;
}

export interface RunningPlatform {
  readonly facts: PlatformFacts;
  readonly logins: readonly DemoLogin[];
  readonly db: OpenDatabase;
  /** Where the reference bank's desk is. */
  readonly bank: { readonly url: string };
  close(): Promise<void>;
}

interface Closers {
  push(close: () => Promise<unknown>): void;
  run(): Promise<void>;
}

/** Closes in the reverse order of opening; one that fails does not keep the others open. */
function makeClosers(log: PlatformLog): Closers {
  const closers: (() => Promise<unknown>)[] = [];
  return {
    push: (close) => void closers.push(close),
    run: async () => {
      for (const close of closers.splice(0).reverse()) {
        await close().catch((error: unknown) => log.error('close failed', { error: String(error) }));
      }
    },
  };
}

/** What the whole of the start shares. */
interface Start {
  readonly config: PlatformConfig;
  readonly clock: Clock;
  readonly faults: FaultPoint | undefined;
  readonly say: (line: string) => void;
  readonly log: PlatformLog;
  readonly closers: Closers;
}

/** App, keyring and intake: three origins, bound before anything is built on them. */
async function openListeners(
  { config, closers }: Start,
  local: LocalTrust,
): Promise<readonly [Listener, Listener, Listener]> {
  const { host, port, https, dataDirectory } = config;
  const tls = https ? await openTlsCertificate(local.ca, join(dataDirectory, 'keys'), host) : undefined;
  const at = (offset: number) => ({
    host,
    port: port === 0 ? 0 : port + offset,
    ...(tls === undefined ? {} : { tls }),
  });
  const listeners = [await listen(at(0)), await listen(at(1)), await listen(at(2))] as const;
  for (const listener of listeners) closers.push(() => listener.close());
  return listeners;
}

async function openLog(
  { config, say, closers }: Start,
  base: BasePorts,
  keys: LocalKeys,
): Promise<{ log: EvidenceLog; witness: WitnessProcess }> {
  const origin = keys.logSigner.name;
  say('见证 witness');
  const port = config.port === 0 ? 0 : config.port + 3;
  const witness = await startWitnessProcess({
    dataDirectory: config.dataDirectory,
    port,
    origin,
    logVkey: keys.logSigner.vkey,
    say,
  });
  closers.push(() => witness.child.close());
  const log = await openEvidenceLog({
    ...base,
    guard: createFileGuard(keys.guardPath),
    signer: keys.logSigner,
    origin,
    witnesses: [{ name: witness.name, url: witness.url, vkey: witness.vkey, independent: false }],
    tickKey: keys.tickKey,
    fetch: globalThis.fetch,
  });
  return { log, witness };
}

async function openBank(
  { config, say, closers }: Start,
  local: LocalTrust,
  facts: PlatformFacts,
): Promise<BankProcess> {
  const port = config.port === 0 ? 0 : config.port + 4;
  const bank = await startBankProcess({
    bankDirectory: local.bankDirectory,
    trustDirectory: local.publicDirectory,
    platform: facts.origin,
    port,
    say,
  });
  closers.push(() => bank.child.close());
  return bank;
}

/** koa answers every failure itself; what it returns is not waited for. */
const listenerOf = (koa: Koa): RequestListener => {
  const handle = koa.callback();
  return (request, response) => void handle(request, response);
};

async function serve(
  start: Start,
  listeners: readonly [Listener, Listener, Listener],
  parts: { readonly base: BasePorts; readonly facts: PlatformFacts; readonly stations: Stations },
): Promise<void> {
  const [app, keyring, intake] = listeners;
  const { base, facts, stations } = parts;
  const { clock, config } = start;
  const log = {
    error: (fields: object, error: unknown) =>
      start.log.error('request failed', {
        ...fields,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      }),
  };
  const koa = createApp({
    routes: api,
    handlers: stations.handlers,
    authorize: makeAuthorize({ db: base.db, clock, origin: facts.origin, secureCookies: config.https }),
    clock,
    log,
    origins: [facts.origin],
    contentSecurityPolicy: appPolicy(facts),
    pages: await appPages(facts),
  });
  app.serve(listenerOf(koa));
  keyring.serve(listenerOf(await keyringPages(facts)));
  intake.serve(listenerOf(createIntakeApp({ handlers: stations.intakeHandlers, clock, appOrigin: facts.origin, log })));
}

/** Unattended holders, each a process of its own. */
async function startHolders(
  { config, say, closers }: Start,
  parts: {
    readonly holders: readonly DemoHolder[];
    readonly logins: readonly DemoLogin[];
    readonly local: LocalTrust;
    readonly facts: PlatformFacts;
    readonly witness: WitnessProcess;
    readonly keys: LocalKeys;
  },
): Promise<void> {
  say('密钥持有人 holders');
  const { holders, logins, local, facts, witness, keys } = parts;
  const children = holders.map(async ({ holderId, login }) => {
    const owner = logins.find(({ key }) => key === login);
    if (owner === undefined) throw new Error(`holder without log-in: ${login}`);
    const child = await startHolderProcess({
      platform: facts.origin,
      holderId,
      p12: join(config.dataDirectory, owner.p12),
      passphrase: owner.passphrase,
      directory: join(config.dataDirectory, 'holders', holderId),
      trustDirectory: local.publicDirectory,
      witnessVkey: witness.vkey,
      logVkey: keys.logSigner.vkey,
      say: () => undefined,
    });
    closers.push(() => child.close());
  });
  await Promise.all(children);
}

/** Builds every part, wires them and listens: the only place that knows all of them. */
export async function startPlatform({
  config,
  clock = systemClock,
  faults,
  say = () => undefined,
}: StartOptions): Promise<RunningPlatform> {
  const { dataDirectory } = config;
  await mkdir(dataDirectory, { recursive: true, mode: 0o700 });
  const log = makeLog(join(dataDirectory, 'platform.log'));
  const closers = makeClosers(log);
  try {
    return await build({ config, clock, faults, say, log, closers });
  } catch (error) {
    await closers.run();
    throw error;
  }
}

async function build(start: Start): Promise<RunningPlatform> {
  const { config, clock, faults, say, log: platformLog, closers } = start;
  const { dataDirectory } = config;
  say('数据库 database');
  const db = await openDatabase({ url: config.databaseUrl, ...(faults === undefined ? {} : { faults }) });
  closers.push(() => db.close());
  const local = await openLocalTrust(dataDirectory, clock, say);
  say('演示身份 demo identities');
  const logins = await seedDemoWorld({ db, ca: local.ca, clock, dataDirectory });
  const listeners = await openListeners(start, local);
  const [app, keyring, intake] = listeners;
  const facts: PlatformFacts = {
    origin: app.origin,
    keyringOrigin: keyring.origin,
    intakeOrigin: intake.origin,
    demo: true,
    databaseName: db.dialect,
    startedAt: clock.now(),
  };
  const live = makeLiveBus((error) => platformLog.error('live listener failed', { error: String(error) }));
  const base: BasePorts = { db, clock, blobs: openDiskBlobs(join(dataDirectory, 'blobs'), faults), live };
  const keys = await openLocalKeys(dataDirectory, `qingejian.${config.host}/log`);
  // Bank and witness start side by side; each is a process of its own.
  const bank = openBank(start, local, facts);
  const { log, witness } = await openLog(start, base, keys);
  await publishTokenKey({ db, issuer: keys.blindIssuer }, clock.now());
  const holders = await openDemoHolders(dataDirectory, logins);
  const rooms = makeExpertRooms({
    db,
    clock,
    log: platformLog,
    hooks: makeRoomHooks(base),
    dataDirectory,
    workerBin: config.workerBin,
    workerStateFile: config.workerStateFile,
    host: config.host,
  });
  closers.push(() => rooms.shutDown());
  const running = await bank;
  const deposits = await openDeposits({ base, local, bank: running, dataDirectory });
  const stations = makeStations({ base, local, keys, log, facts, holders, rooms, deposits, dataDirectory, faults });
  await serve(start, listeners, { base, facts, stations });
  const sockets = serveSockets(app, { base, rooms, log: platformLog, origins: [facts.origin] });
  closers.push(async () => sockets.close());
  const worker = startWorker({
    db,
    clock,
    handlers: stations.jobs,
    periodic: stations.periodic,
    ...(faults === undefined ? {} : { faults }),
    log: {
      warn: (fields, error) =>
        platformLog.warn('worker', {
          ...fields,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
    },
  });
  closers.push(() => worker.close());
  await startHolders(start, { holders, logins, local, facts, witness, keys });
  if (config.playDemo) {
    const plays = playDemoTenders({ origin: facts.origin, dataDirectory, log: platformLog, say });
    closers.push(() => plays.close());
  }
  platformLog.info('started', { origin: facts.origin });
  return { facts, logins, db, bank: { url: running.url }, close: () => closers.run() };
}
