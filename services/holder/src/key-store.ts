import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { join } from 'node:path';
import { canonicalBytes, concatBytes, fromBase64, fromUtf8, parseCanonical, toBase64 } from '@qej/kernel';
import { webCryptoDecrypter } from '@qej/sealed-bid';
import type { Stage } from '@qej/sealed-bid';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import { createDurably, listIfPresent, readIfPresent } from './durable-files.ts';
import { refuse } from './refuse.ts';

export interface StoreKeys {
  readonly passphrase: string;
  /** Encryption certificate of the holder: its 65-byte point and the private key, not extractable. */
  readonly point: Uint8Array;
  readonly privateKey: CryptoKey;
}

/** What is kept of one accepted stage; the scalar itself stays shut. */
export interface KeptKey {
  readonly tenderId: string;
  readonly lotId: string;
  readonly stage: Stage;
  readonly noticeHash: string;
  /** RFC 3339, as the notice said when it was accepted. */
  readonly deadline: string;
  readonly acceptance: Uint8Array<ArrayBuffer>;
  readonly proof: Uint8Array<ArrayBuffer>;
  readonly cms: Uint8Array<ArrayBuffer>;
}

export interface KeyStore {
  list(): Promise<readonly KeptKey[]>;
  /** On disk before it returns. @throws DomainError `E_HOLDER_STORE` where there is a key already */
  keep(key: KeptKey, scalar: Uint8Array): Promise<void>;
  /** @throws DomainError `E_HOLDER_STORE` when passphrase, certificate or file do not fit */
  openScalar(key: KeptKey): Promise<Uint8Array>;
}

interface StoredKey {
  readonly v: 1;
  readonly tenderId: string;
  readonly lotId: string;
  readonly stage: Stage;
  readonly noticeHash: string;
  readonly deadline: string;
  readonly acceptance: string;
  readonly proof: string;
  readonly cms: string;
  readonly nonce: string;
  /** AES-256-GCM under the passphrase, of the HPKE to the encryption certificate, of x. The acceptance is bound to both. */
  readonly box: string;
}

const TAG = 16;
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 } as const;

const deriveKey = (passphrase: string, salt: Uint8Array): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFKC'), salt, 32, SCRYPT, (error, key) => (error ? reject(error) : resolve(key))),
  );

function seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  cipher.setAAD(aad);
  return concatBytes(cipher.update(plain), cipher.final(), cipher.getAuthTag());
}

function unseal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, box: Uint8Array): Uint8Array {
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG });
  cipher.setAAD(aad);
  cipher.setAuthTag(box.subarray(-TAG));
  try {
    return concatBytes(cipher.update(box.subarray(0, -TAG)), cipher.final());
  } catch {
    // final() throws for one reason only: the tag does not fit
    return refuse('E_HOLDER_STORE', 'passphrase or key file does not fit');
  }
}

const viewOf = (stored: StoredKey): KeptKey => {
  const { v: _v, nonce: _nonce, box: _box, acceptance, proof, cms, ...rest } = stored;
  return { ...rest, acceptance: fromBase64(acceptance), proof: fromBase64(proof), cms: fromBase64(cms) };
};

function parseStored(name: string, bytes: Uint8Array): StoredKey {
  const stored = parseCanonical(bytes) as unknown as StoredKey; // written by `keep` alone
  if (stored.v !== 1) refuse('E_HOLDER_STORE', `${name} has an unknown version`);
  return stored;
}

async function readSalt(dir: string): Promise<Uint8Array> {
  const path = join(dir, 'store-salt');
  const known = await readIfPresent(path);
  if (known !== undefined) return fromBase64(fromUtf8(known).trim());
  const salt = new Uint8Array(randomBytes(16));
  if (await createDurably(path, `${toBase64(salt)}\n`)) return salt;
  return readSalt(dir);
}

/**
 * The holder's own keys, one file for each tender, lot and stage. A scalar opens only with the passphrase and the key of the
 * encryption certificate together.
 */
export async function openKeyStore(dir: string, { passphrase, point, privateKey }: StoreKeys): Promise<KeyStore> {
  const folder = join(dir, 'keys');
  const key = await deriveKey(passphrase, await readSalt(dir));
  const decrypter = webCryptoDecrypter(privateKey, point);
  const pathOf = ({ tenderId, lotId, stage }: KeptKey): string => join(folder, `${tenderId}-${lotId}-${stage}.json`);
  const read = async (path: string): Promise<StoredKey | undefined> => {
    const bytes = await readIfPresent(path);
    return bytes === undefined ? undefined : parseStored(path, bytes);
  };
  return {
    list: async () => {
      const names = await listIfPresent(folder);
      const stored = await Promise.all(names.map((name) => read(join(folder, name))));
      return stored.flatMap((one) => (one === undefined ? [] : [viewOf(one)]));
    },
    keep: async (kept, scalar) => {
      const ctx = await provider.hash(kept.acceptance);
      const wrapped = await provider.wrap(point, scalar, ctx, randomBytes(48));
      const nonce = new Uint8Array(randomBytes(12));
      const { acceptance, proof, cms, ...rest } = kept;
      const stored: StoredKey = {
        v: 1,
        ...rest,
        acceptance: toBase64(acceptance),
        proof: toBase64(proof),
        cms: toBase64(cms),
        nonce: toBase64(nonce),
        box: toBase64(seal(key, nonce, acceptance, wrapped)),
      };
      // Two tools at work on one store must not give two keys for one stage.
      if (!(await createDurably(pathOf(kept), canonicalBytes({ ...stored }))))
        refuse('E_HOLDER_STORE', 'a key of this stage is kept already');
    },
    openScalar: async (kept) => {
      const stored = await read(pathOf(kept));
      if (stored === undefined) return refuse('E_HOLDER_STORE', 'no key of this stage');
      const wrapped = unseal(key, fromBase64(stored.nonce), kept.acceptance, fromBase64(stored.box));
      return decrypter.unwrap(wrapped, await provider.hash(kept.acceptance));
    },
  };
}
