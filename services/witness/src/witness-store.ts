import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  createNoteSigner,
  newNoteSeed,
  parseTreeHeadJson,
  treeHeadJson,
  type NoteSigner,
  type TreeHead,
} from '@qej/evidence';
import { writeDurably } from '@qej/evidence/node';
import { canonicalBytes, DomainError, fromBase64, parseCanonical, Secret, toBase64, toHex } from '@qej/kernel';
import type { WitnessErrorCode } from './errors.ts';

/** What a witness must not forget: the last head that it signed of each log. */
export interface WitnessStore {
  readonly signer: NoteSigner;
  head(origin: string): TreeHead | undefined;
  /** Returns when the head will survive a crash; only then may its cosignature leave. */
  save(head: TreeHead): Promise<void>;
  /** Lets another process have the folder. */
  close(): Promise<void>;
}

interface Files {
  readonly key: string;
  readonly state: string;
}

interface Key {
  readonly name: string;
  readonly seed: Secret<Uint8Array>;
}

interface State {
  readonly vkey: string;
  readonly heads: readonly TreeHead[];
}

const MEND = {
  zh: '见证人不知道旧密钥签过什么，旧密钥作废。请恢复原来的 witness-state.json；若已丢失，请用 --new-key 启动，并把新的验证公钥告知所有使用者。',
  en: 'Without its state a witness does not know what its key has signed: the key is retired. Put the right witness-state.json back; if it is gone, start with --new-key and give everybody the new verifier key.',
};

function refuse(code: WitnessErrorCode, why: string, cause?: unknown): never {
  const detail = `${why}\n${MEND.zh}\n${MEND.en}`;
  throw new DomainError(code, cause === undefined ? { detail } : { detail, cause });
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
}

type Members = Readonly<Record<string, unknown>>;

/** Exactly these members, version 1. */
function closed(bytes: Uint8Array, names: readonly string[]): Members {
  const value = parseCanonical(bytes);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.keys(value).join() !== names.toSorted().join()) throw new TypeError('unexpected members');
  const object = value as Members; // an object, checked above
  if (object['v'] !== 1) throw new TypeError('unknown version');
  return object;
}

function parseState(bytes: Uint8Array): State {
  try {
    const { vkey, heads } = closed(bytes, ['heads', 'v', 'vkey']);
    if (typeof vkey !== 'string' || !Array.isArray(heads)) throw new TypeError('unexpected types');
    return { vkey, heads: heads.map(parseTreeHeadJson) };
  } catch (cause) {
    return refuse('E_WITNESS_STATE_LOST', 'witness-state.json is damaged', cause);
  }
}

function parseKey(bytes: Uint8Array): Key {
  try {
    const { name, seed } = closed(bytes, ['name', 'seed', 'v']);
    if (typeof name !== 'string' || typeof seed !== 'string') throw new TypeError('unexpected types');
    return { name, seed: new Secret(fromBase64(seed)) };
  } catch (cause) {
    return refuse('E_WITNESS_KEY_LOST', 'witness-key.json is damaged', cause);
  }
}

const stateBytes = ({ vkey, heads }: State): Uint8Array =>
  canonicalBytes({ v: 1, vkey, heads: heads.map(treeHeadJson) });

/** State first, key last: a key without a state is then always a lost state, never a broken first start. */
async function createKey(
  files: Files,
  name: string,
  heads: readonly TreeHead[],
): Promise<{ signer: NoteSigner; state: State }> {
  const seed = newNoteSeed();
  const signer = await createNoteSigner({ name, kind: 'cosignature', seed });
  const state = { vkey: signer.vkey, heads };
  await writeDurably(files.state, stateBytes(state));
  await writeDurably(files.key, canonicalBytes({ v: 1, name, seed: toBase64(seed.reveal()) }));
  return { signer, state };
}

/** Moves what is there out of the way, under a random suffix, and keeps the heads if they can be read. */
async function retire(files: Files): Promise<readonly TreeHead[]> {
  const state = await readIfThere(files.state);
  const suffix = toHex(globalThis.crypto.getRandomValues(new Uint8Array(4)));
  const readHeads = (): readonly TreeHead[] => {
    try {
      return state === undefined ? [] : parseState(state).heads;
    } catch (cause) {
      if (cause instanceof DomainError) return [];
      throw cause;
    }
  };
  // The key goes first: should this stop half-way, no key is left that could sign without its state.
  for (const path of [files.key, files.state]) {
    if ((await readIfThere(path)) !== undefined) await rename(path, `${path}.retired-${suffix}`);
  }
  return readHeads();
}

async function load(files: Files, name: string): Promise<{ signer: NoteSigner; state: State }> {
  const [keyFile, stateFile] = [await readIfThere(files.key), await readIfThere(files.state)];
  if (keyFile === undefined) {
    if (stateFile === undefined || parseState(stateFile).heads.length === 0) return createKey(files, name, []);
    refuse('E_WITNESS_KEY_LOST', 'witness-key.json is missing');
  }
  if (stateFile === undefined) refuse('E_WITNESS_STATE_LOST', 'witness-state.json is missing');
  const key = parseKey(keyFile);
  const state = parseState(stateFile);
  if (key.name !== name) {
    throw new DomainError('E_WITNESS_CONFIG', {
      detail: `--name: the key in this folder is named ${key.name}`,
      params: { key: '--name' },
    });
  }
  const signer = await createNoteSigner({ name, kind: 'cosignature', seed: key.seed });
  if (state.vkey !== signer.vkey) refuse('E_WITNESS_STATE_LOST', 'witness-state.json belongs to another key');
  return { signer, state };
}

export interface WitnessFolder {
  readonly dir: string;
  readonly name: string;
  readonly hasNewKey: boolean;
  /** Takes the folder for this process; returns how to let it go. */
  readonly lock: (dir: string) => Promise<() => Promise<void>>;
}

/**
 * Key and state of a witness in `dir`: witness-key.json {name, seed, v} and witness-state.json {heads, v, vkey}.
 * An old state that is put back cannot be told from the right one: never restore one from a backup.
 * @throws DomainError `E_WITNESS_STATE_LOST`, `E_WITNESS_KEY_LOST`, `E_WITNESS_CONFIG`, `E_WITNESS_BUSY`
 */
export async function openWitnessStore(input: WitnessFolder): Promise<WitnessStore> {
  const { dir, name } = input;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await syncFolder(dirname(dir));
  const unlock = await input.lock(dir);
  try {
    const files = { key: join(dir, 'witness-key.json'), state: join(dir, 'witness-state.json') };
    const { signer, state } = input.hasNewKey
      ? await createKey(files, name, await retire(files))
      : await load(files, name);
    return storeOf(files.state, signer, state, unlock);
  } catch (cause) {
    await unlock();
    throw cause;
  }
}

function storeOf(path: string, signer: NoteSigner, state: State, unlock: () => Promise<void>): WitnessStore {
  const heads = new Map(state.heads.map((head) => [head.origin, head]));
  return {
    signer,
    head: (origin) => heads.get(origin),
    async save(head) {
      const next = new Map(heads).set(head.origin, head);
      await writeDurably(path, stateBytes({ vkey: signer.vkey, heads: [...next.values()] }));
      heads.set(head.origin, head);
    },
    close: unlock,
  };
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
