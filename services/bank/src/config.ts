import { parseArgs } from 'node:util';

export interface BankConfig {
  /** 0 = any free port. */
  readonly port: number;
  /** Database, keys and the clerk's credentials; `bank-seal` was put there by the authority. */
  readonly directory: string;
  /** PEM files of the trusted authorities; read anew when they change. */
  readonly trustDirectory: string;
  /** Origin of the platform that events are reported to. */
  readonly platform: string;
  /** Small sums are underwritten without the clerk. */
  readonly isAutomatic: boolean;
  readonly isBoundToStdin: boolean;
}

/** What is wrong and how to mend it; the process stops. */
export class ConfigError extends Error {
  constructor(key: string, message: string) {
    super(`${key}: ${message}`);
    this.name = 'ConfigError';
  }
}

const OPTIONS = {
  port: { type: 'string' },
  dir: { type: 'string' },
  trust: { type: 'string' },
  platform: { type: 'string' },
  auto: { type: 'boolean' },
  'until-stdin-closes': { type: 'boolean' },
} as const;

function need(value: string | undefined, key: string): string {
  if (value === undefined || value === '') throw new ConfigError(key, 'is missing');
  return value;
}

/** @throws ConfigError */
export function parseConfig(argv: readonly string[]): BankConfig {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true });
  const port = Number(values.port ?? '0');
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new ConfigError('--port', `"${values.port}" is no port; use 0 or 1024–65535`);
  const platform = need(values.platform, '--platform');
  if (!URL.canParse(platform) || new URL(platform).origin !== platform)
    throw new ConfigError('--platform', 'give an origin such as http://localhost:8080');
  return {
    port,
    directory: need(values.dir, '--dir'),
    trustDirectory: need(values.trust, '--trust'),
    platform,
    isAutomatic: values.auto === true,
    isBoundToStdin: values['until-stdin-closes'] === true,
  };
}
