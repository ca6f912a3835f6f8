import { parseArgs } from 'node:util';
import { parseVkey } from '@qej/evidence';
import { DomainError } from '@qej/kernel';
import { refuse } from './refuse.ts';

export const commands = ['run', 'accept', 'release', 'status'] as const;
export type HolderCommand = (typeof commands)[number];

export interface HolderConfig {
  readonly command: HolderCommand;
  readonly platform: string;
  readonly holderId: string;
  readonly p12: string;
  readonly passphraseFile: string;
  /** Keys, log and pinned log key of this holder. */
  readonly dir: string;
  /** `roots.pem`, `issuing.pem`, `lists.pem`. */
  readonly trust: string;
  /** The one witness whose word counts for a release. */
  readonly witness: string;
  /** Verifier key of the evidence log; without it the first one seen is kept. */
  readonly log: string | undefined;
  readonly pollMs: number;
  readonly once: boolean;
  readonly isBoundToStdin: boolean;
}

export const usage = `./qej holder [run|accept|release|status] --platform ORIGIN --holder ID --p12 FILE --passphrase-file FILE
             --dir DIR --trust DIR --witness VKEY [--log VKEY] [--poll-ms 1000] [--once] [--until-stdin-closes]
  run      无人值守：接受被点名的密钥保管，到期释放 · unattended (default)
  accept   接受一次 · accept what is asked for, once
  release  释放一次 · release what is due, once
  status   本地保管的密钥 · the keys kept here`;

const OPTIONS = {
  platform: { type: 'string' },
  holder: { type: 'string' },
  p12: { type: 'string' },
  'passphrase-file': { type: 'string' },
  dir: { type: 'string' },
  trust: { type: 'string' },
  witness: { type: 'string' },
  log: { type: 'string' },
  'poll-ms': { type: 'string', default: '1000' },
  once: { type: 'boolean', default: false },
  'until-stdin-closes': { type: 'boolean', default: false },
} as const;

const bad = (key: string, mend: string): never => refuse('E_HOLDER_CONFIG', `${key}: ${mend}\n${usage}`, { key });

function checkVkey(key: string, text: string, kind: 'ed25519' | 'cosignature'): string {
  try {
    if (parseVkey(text).kind === kind) return text;
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
  }
  return bad(key, `not a verifier key of kind ${kind}`);
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
  } catch (cause) {
    return bad('arguments', cause instanceof Error ? cause.message : 'not understood');
  }
}

/** @throws DomainError `E_HOLDER_CONFIG` naming the key and the mend */
export function parseConfig(args: readonly string[]): HolderConfig {
  const { values, positionals } = parse(args);
  const command = commands.find((name) => name === (positionals[0] ?? 'run'));
  if (command === undefined || positionals.length > 1) return bad('command', `one of ${commands.join(', ')}`);
  const text = (key: keyof typeof OPTIONS): string => {
    const value = values[key];
    return typeof value === 'string' && value !== '' ? value : bad(`--${key}`, 'is needed');
  };
  const pollMs = Number(values['poll-ms']);
  if (!Number.isInteger(pollMs) || pollMs < 100) bad('--poll-ms', 'give milliseconds, at least 100');
  if (!/^[0-9a-f]{32}$/.test(text('holder'))) bad('--holder', '32 hex digits');
  return {
    command,
    platform: new URL(text('platform')).origin,
    holderId: text('holder'),
    p12: text('p12'),
    passphraseFile: text('passphrase-file'),
    dir: text('dir'),
    trust: text('trust'),
    witness: checkVkey('--witness', text('witness'), 'cosignature'),
    log: values.log === undefined ? undefined : checkVkey('--log', values.log, 'ed25519'),
    pollMs,
    once: values.once || command !== 'run',
    isBoundToStdin: values['until-stdin-closes'],
  };
}
