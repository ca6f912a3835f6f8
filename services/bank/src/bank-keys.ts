import { fromBase64, fromUtf8, toBase64, utf8 } from '@qej/kernel';
import type { KeyUnwrap } from '@qej/guarantees';
import { newTotpSecret } from '@qej/identity';
import type { Signer } from '@qej/pki';
import { scalarDecrypter } from '@qej/sealed-bid';
import { nodeProvider } from '@qej/sealed-bid/node';
import { loadServerSigner } from '@qej/trust';
import { randomBytes, randomInt } from 'node:crypto';
import { chmod, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** Who works at the desk. A demo credential in clear text, in a file that only this account reads. */
export interface ClerkCredentials {
  readonly username: string;
  readonly password: string;
  /** Base32. */
  readonly totpSecret: string;
}

export interface BankKeys {
  readonly seal: Signer;
  /** Uncompressed P-256 point that applications are sealed to. */
  readonly encryptionPoint: Uint8Array;
  readonly decrypter: KeyUnwrap;
  /** For verification codes. */
  readonly codeKey: Uint8Array;
  readonly clerk: ClerkCredentials;
}

/** Temporary file, fsync, rename: after a crash the file is whole or not there. */
async function writePrivate(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(`${path}.new`, 'w', 0o600);
  await file.writeFile(bytes);
  await file.sync();
  await file.close();
  await rename(`${path}.new`, path);
  await chmod(path, 0o600);
}

async function readOrMake(path: string, make: () => Uint8Array): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const made = make();
    await writePrivate(path, made);
    return made;
  }
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const newPassword = (): string => Array.from({ length: 12 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
const newClerk = (): ClerkCredentials => ({
  username: 'clerk',
  password: newPassword(),
  totpSecret: newTotpSecret().reveal(),
});

async function encryptionKey(directory: string): Promise<{ scalar: Uint8Array; point: Uint8Array }> {
  const text = await readOrMake(join(directory, 'encryption.key'), () => utf8(toBase64(randomBytes(32))));
  const scalar = fromBase64(fromUtf8(text));
  const point = await nodeProvider.publicKeyOf(scalar);
  // A random scalar misses the group's order with probability 2^-32; a damaged file is the likelier cause.
  if (point === undefined) throw new Error('encryption.key is no P-256 scalar: restore it from a backup');
  return { scalar, point };
}

/** Seal of the authority, encryption key, code key and the clerk's credentials; what is missing is made once. */
export async function openBankKeys(directory: string): Promise<BankKeys> {
  const seal = await loadServerSigner(directory, 'bank-seal');
  const { scalar, point } = await encryptionKey(directory);
  const codeKey = await readOrMake(join(directory, 'codes.key'), () => new Uint8Array(randomBytes(32)));
  const clerk = await readOrMake(join(directory, 'clerk.json'), () =>
    utf8(`${JSON.stringify({ notice: '演示口令 demo credentials', ...newClerk() }, undefined, 2)}\n`),
  );
  const { username, password, totpSecret } = JSON.parse(fromUtf8(clerk)) as ClerkCredentials; // written above
  return {
    seal,
    encryptionPoint: point,
    decrypter: scalarDecrypter(nodeProvider, scalar),
    codeKey,
    clerk: { username, password, totpSecret },
  };
}
