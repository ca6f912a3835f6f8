import { createNoteSigner, newNoteSeed } from '@qej/evidence';
import type { NoteSigner } from '@qej/evidence';
import { writeDurably } from '@qej/evidence/node';
import { Secret } from '@qej/kernel';
import { loadOrGenerateKey, createBlindIssuer } from '@qej/trust';
import type { BlindIssuer } from '@qej/trust';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface LocalKeys {
  readonly logSigner: NoteSigner;
  readonly tickKey: Secret<Uint8Array>;
  readonly blindIssuer: BlindIssuer;
  readonly guardPath: string;
}

async function secretFile(path: string, make: () => Uint8Array): Promise<Secret<Uint8Array>> {
  try {
    return new Secret(new Uint8Array(await readFile(path)));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const secret = make();
    await writeDurably(path, secret);
    return new Secret(secret);
  }
}

/** Keys that live beside the database and never in it: the log's, the ticks', the upload tokens'. */
export async function openLocalKeys(dataDirectory: string, logName: string): Promise<LocalKeys> {
  const directory = join(dataDirectory, 'keys');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const seed = await secretFile(join(directory, 'log.seed'), () => newNoteSeed().reveal());
  const tickKey = await secretFile(join(directory, 'tick.key'), () =>
    globalThis.crypto.getRandomValues(new Uint8Array(32)),
  );
  return {
    logSigner: await createNoteSigner({ name: logName, kind: 'ed25519', seed }),
    tickKey,
    blindIssuer: createBlindIssuer(await loadOrGenerateKey(join(directory, 'tokens.key.pem'), 'rsa-3072')),
    guardPath: join(directory, 'log-guard.json'),
  };
}
