import { createApp, findSession, makeAuthorize, SESSION_COOKIE } from '@qej/api';
import { api } from '@qej/contract';
import type { RouteDefinition } from '@qej/contract';
import { createFileGuard } from '@qej/evidence/node';
import { systemClock } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import { openDatabase, openDiskBlobs } from '@qej/persistence';
import type { OpenDatabase } from '@qej/persistence';
import { openTlsCertificate } from '@qej/trust';
import { openEvidenceLog } from '@qej/usecases';
import type { BasePorts, EvidenceLog, FaultPoint, PlatformFacts } from '@qej/usecases';
import { startWorker } from '@qej/worker';
import type Koa from 'koa';
import type { IncomingMessage, RequestListener } from 'node:http';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WebSocketServer } from 'ws';
import { startWitnessProcess } from './children.ts';
import type { PlatformConfig } from './config.ts';
import { openDemoHolders } from './demo-holders.ts';
import { listen } from './listeners.ts';
import type { Listener } from './listeners.ts';
import { attachLiveSocket } from './live-socket.ts';
import { makeLiveBus } from './live-bus.ts';
import { openLocalKeys } from './local-keys.ts';
import { makeLog } from './log.ts';
import type { PlatformLog } from './log.ts';
import { appPages, appPolicy, keyringPages } from './pages.ts';
import { seedDemoWorld } from './seed-demo-world.ts';
import type { DemoLogin } from './seed-demo-world.ts';
import { makeStations } from './stations.ts';
import { openLocalTrust } from './trust-setup.ts';

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
  close(): Promise<void>;
}

/** Closes in the reverse order of opening; one that fails does not keep the others open. */
function makeClosers(log: PlatformLog): { push(close: () => Promise<unknown>): void; run(): Promise<void> } {
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

/** App, keyring and intake: three origins, bound before anything is built on them. */
async function openListeners(
  { host, port, https }: PlatformConfig,
  tls: { key: string; cert: string } | undefined,
): Promise<readonly [Listener, Listener, Listener]> {
  const at = (offset: number) => ({
    host,
    port: port === 0 ? 0 : port + offset,
    ...(https && tls !== undefined ? { tls } : {}),
  });
  return [await listen(at(0)), await listen(at(1)), await listen(at(2))];
}

/** koa answers every failure itself; what it returns is not waited for. */
const listenerOf = (koa: Koa): RequestListener => {
  const handle = koa.callback();
  return (request, response) => void handle(request, response);
};

/** Cookies of a WebSocket request; koa is not there to read them. */
const cookieOf = (request: IncomingMessage, name: string): string | undefined =>
  request.headers.cookie
    ?.split(';')
    .map((part) => part.trim().split('='))
    .find(([key]) => key === name)?.[1];

function serveSockets(listener: Listener, base: BasePorts, origins: readonly string[]): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024 });
  listener.onUpgrade((request, socket, head) => {
    const path = new URL(request.url ?? '/', 'http://local').pathname;
    // A page of another origin must not open a socket with this browser's cookie.
    if (!origins.includes(request.headers.origin ?? origins[0] ?? '') || path !== '/api/live')
      return void socket.destroy();
    const token = cookieOf(request, SESSION_COOKIE);
    const session =
      token === undefined ? Promise.resolve(undefined) : base.db.read((tx) => findSession(tx, token, base.clock.now()));
    session.then(
      (state) =>
        sockets.handleUpgrade(request, socket, head, (ws) => attachLiveSocket(ws, base.live, state?.caller.userId)),
      () => socket.destroy(),
    );
  });
  return sockets;
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
  const platformLog = makeLog(join(dataDirectory, 'platform.log'));
  const closers = makeClosers(platformLog);
  try {
    say('数据库 database');
    const db = await openDatabase({ url: config.databaseUrl, ...(faults === undefined ? {} : { faults }) });
    closers.push(() => db.close());
    const local = await openLocalTrust(dataDirectory, clock, say);
    say('演示身份 demo identities');
    const logins = await seedDemoWorld({ db, ca: local.ca, clock, dataDirectory });
    const tls = config.https ? await openTlsCertificate(local.ca, join(dataDirectory, 'keys'), config.host) : undefined;
    const [app, keyring, intake] = await openListeners(config, tls);
    for (const listener of [app, keyring, intake]) closers.push(() => listener.close());
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
    const log = await openLog({ base, config, say, closers });
    const holders = await openDemoHolders(dataDirectory, logins);
    const stations = makeStations({ base, local, log, facts, holders });
    const errors = {
      error: (fields: object, error: unknown) =>
        platformLog.error('request failed', {
          ...fields,
          error: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
    };
    const routes: Readonly<Record<string, RouteDefinition>> = Object.fromEntries(
      Object.entries(api).filter(([name]) => name in stations.handlers),
    );
    const koa = createApp({
      routes,
      handlers: stations.handlers,
      authorize: makeAuthorize({ db, clock, origin: facts.origin, secureCookies: config.https }),
      clock,
      log: errors,
      origins: [facts.origin],
      contentSecurityPolicy: appPolicy(facts),
      pages: await appPages(facts),
    });
    app.serve(listenerOf(koa));
    keyring.serve(listenerOf(await keyringPages(facts)));
    const sockets = serveSockets(app, base, [facts.origin]);
    closers.push(async () => sockets.close());
    const worker = startWorker({
      db,
      clock,
      handlers: stations.jobs,
      periodic: stations.periodic,
      ...(faults === undefined ? {} : { faults }),
      log: { warn: (fields, error) => platformLog.warn('worker', { ...fields, error: String(error) }) },
    });
    closers.push(() => worker.close());
    platformLog.info('started', { origin: facts.origin });
    return { facts, logins, db, close: () => closers.run() };
  } catch (error) {
    await closers.run();
    throw error;
  }
}

async function openLog({
  base,
  config,
  say,
  closers,
}: {
  base: BasePorts;
  config: PlatformConfig;
  say: (line: string) => void;
  closers: { push(close: () => Promise<unknown>): void };
}): Promise<EvidenceLog> {
  const origin = `qingejian.${config.host}/log`;
  const keys = await openLocalKeys(config.dataDirectory, origin);
  say('见证 witness');
  const witness = await startWitnessProcess({
    dataDirectory: config.dataDirectory,
    port: config.port === 0 ? 0 : config.port + 3,
    origin,
    logVkey: keys.logSigner.vkey,
    say,
  });
  closers.push(() => witness.child.close());
  return openEvidenceLog({
    ...base,
    guard: createFileGuard(keys.guardPath),
    signer: keys.logSigner,
    origin,
    witnesses: [{ name: witness.name, url: witness.url, vkey: witness.vkey, independent: false }],
    tickKey: keys.tickKey,
    fetch: globalThis.fetch,
  });
}
