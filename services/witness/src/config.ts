import { parseArgs } from 'node:util';
import { parseVkey, type NoteVerifier } from '@qej/evidence';
import { DomainError } from '@qej/kernel';

export interface WitnessConfig {
  readonly host: string;
  /** 0 = any free port. */
  readonly port: number;
  readonly dir: string;
  readonly name: string;
  readonly logs: ReadonlyMap<string, NoteVerifier>;
  /** Retire the key in `dir` and start with a new one. */
  readonly hasNewKey: boolean;
  /** Stop when standard input ends: a parent that dies takes its witness along. */
  readonly isBoundToStdin: boolean;
}

const DEFAULT_NAME = 'witness.qej.invalid/demo';

export const usage = `node services/witness/src/main.ts --dir DIR [--port 0] [--host 127.0.0.1] [--name NAME] [--log ORIGIN+VKEY | --log VKEY]… [--new-key] [--until-stdin-closes]`;

const bad = (key: string, mend: string): never => {
  throw new DomainError('E_WITNESS_CONFIG', { detail: `${key}: ${mend}\n${usage}`, params: { key } });
};

/** `VKEY` (its name is the origin) or `ORIGIN+VKEY`. */
function parseLog(text: string): [string, NoteVerifier] {
  const attempt = (origin: string | undefined, vkey: string): [string, NoteVerifier] | undefined => {
    try {
      const key = parseVkey(vkey);
      return key.kind === 'ed25519' ? [origin ?? key.name, key] : undefined;
    } catch (cause) {
      if (cause instanceof DomainError) return undefined;
      throw cause;
    }
  };
  const plus = text.indexOf('+');
  return (
    attempt(undefined, text) ??
    attempt(text.slice(0, plus), text.slice(plus + 1)) ??
    bad('--log', 'give ORIGIN+VKEY, a key of type 0x01')
  );
}

function parsePort(text: string): number {
  const port = Number(text);
  return /^[0-9]{1,5}$/.test(text) && port <= 65_535 ? port : bad('--port', 'give a number from 0 to 65535');
}

/** @throws DomainError `E_WITNESS_CONFIG` naming the key and the mend. */
export function parseConfig(args: readonly string[]): WitnessConfig {
  const options = {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    dir: { type: 'string' },
    name: { type: 'string', default: DEFAULT_NAME },
    log: { type: 'string', multiple: true, default: [] as string[] },
    'new-key': { type: 'boolean', default: false },
    'until-stdin-closes': { type: 'boolean', default: false },
  } as const;
  const parse = () => {
    try {
      return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
    } catch (cause) {
      return bad('arguments', cause instanceof Error ? cause.message : 'not understood');
    }
  };
  const values = parse();
  if (values.dir === undefined || values.dir === '') bad('--dir', 'give the folder for key and state');
  return {
    host: values.host,
    port: parsePort(values.port),
    dir: values.dir ?? '',
    name: values.name,
    logs: new Map(values.log.map(parseLog)),
    hasNewKey: values['new-key'],
    isBoundToStdin: values['until-stdin-closes'],
  };
}
