import { parseArgs } from 'node:util';
import { join, resolve } from 'node:path';

export interface PlatformConfig {
  /** Name under which browsers reach the platform; 127.0.0.1 is announced as `localhost` (passkeys need a name). */
  readonly host: string;
  /** The app; keyring, intake, witness and bank take the next ports. 0 = any free ports. */
  readonly port: number;
  readonly https: boolean;
  readonly dataDirectory: string;
  readonly databaseUrl: string;
  /** Play the demo tenders after the first page is up. */
  readonly playDemo: boolean;
  readonly workerBin: string | undefined;
  /** In which the start script says how far the media worker is. */
  readonly workerStateFile: string | undefined;
}

/** What is wrong and how to mend it; the process stops. */
export class ConfigError extends Error {
  readonly key: string;
  constructor(key: string, message: string) {
    super(`${key}: ${message}`);
    this.name = 'ConfigError';
    this.key = key;
  }
}

const OPTIONS = {
  host: { type: 'string' },
  port: { type: 'string' },
  data: { type: 'string' },
  'no-demo': { type: 'boolean' },
} as const;

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_000)
    throw new ConfigError('--port', `"${text}" is no port; use 0 or 1024–65000`);
  return value;
}

/** @throws ConfigError */
export function parseConfig(
  argv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): PlatformConfig {
  let values: ReturnType<typeof parseArgs<{ options: typeof OPTIONS; args: string[] }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true }));
  } catch (cause) {
    throw new ConfigError('arguments', cause instanceof Error ? cause.message : 'cannot be read');
  }
  const dataDirectory = resolve(values.data ?? env['QEJ_DATA'] ?? 'data');
  const databaseUrl = env['DATABASE_URL'] ?? `sqlite:${join(dataDirectory, 'qingejian.db')}`;
  if (!/^(sqlite:|mariadb:\/\/|mysql:\/\/)/.test(databaseUrl))
    throw new ConfigError('DATABASE_URL', 'use sqlite:PATH, mariadb://… or mysql://…');
  const host = values.host ?? '127.0.0.1';
  return {
    host: host === '127.0.0.1' ? 'localhost' : host,
    port: port(values.port ?? '8080'),
    https: values.host !== undefined && values.host !== '127.0.0.1' && values.host !== 'localhost',
    dataDirectory,
    databaseUrl,
    playDemo: values['no-demo'] !== true,
    workerBin: env['MEDIASOUP_WORKER_BIN'],
    workerStateFile: env['QEJ_MEDIA_WORKER_STATE'],
  };
}
