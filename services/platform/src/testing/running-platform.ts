import { identityFromPkcs12, openSession } from '@qej/client';
import type { SessionClient } from '@qej/client';
import type { Role } from '@qej/contract';
import { ownDatabaseUrl } from '@qej/testkit';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPlatform } from '../start-platform.ts';
import type { RunningPlatform } from '../start-platform.ts';

export interface TestPlatform {
  readonly platform: RunningPlatform;
  readonly directory: string;
  /** A session of the demo person with this key, logged in by certificate. */
  session(key: string, fetch?: typeof globalThis.fetch, actAs?: Role): Promise<SessionClient>;
  close(): Promise<void>;
}

/** A whole platform on free ports with a data directory of its own; DATABASE_URL chooses another database server. */
export async function startTestPlatform(): Promise<TestPlatform> {
  const directory = await mkdtemp(join(tmpdir(), 'qej-platform-'));
  const databaseUrl = ownDatabaseUrl(directory);
  const workerBin = process.env['MEDIASOUP_WORKER_BIN'];
  const platform = await startPlatform({
    config: {
      host: 'localhost',
      port: 0,
      https: false,
      dataDirectory: directory,
      databaseUrl,
      playDemo: false,
      workerBin,
      workerStateFile: undefined,
    },
  });
  return {
    platform,
    directory,
    session: async (key, fetch, actAs) => {
      const login = platform.logins.find((entry) => entry.key === key);
      if (login === undefined) throw new Error(`no demo person ${key}`);
      const bytes = new Uint8Array(await readFile(join(directory, login.p12)));
      const identity = await identityFromPkcs12(bytes, login.passphrase, {
        id: key,
        ...(actAs === undefined ? {} : { actAs }),
      });
      return openSession({ origin: platform.facts.origin, identity, ...(fetch === undefined ? {} : { fetch }) });
    },
    close: async () => {
      await platform.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
