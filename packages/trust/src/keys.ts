import { createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { createPrivate, readIfPresent } from './private-files.ts';
import { refuse } from './refuse.ts';

const generate = promisify(generateKeyPair);

/** The kinds of key that the certificate profiles know. */
export type KeyKind = 'rsa-4096' | 'rsa-3072' | 'p-256';

/** Keys are made by node:crypto (OpenSSL); an RSA-4096 key takes a second or more, in the thread pool. */
export async function generateKey(kind: KeyKind): Promise<KeyObject> {
  if (kind === 'p-256') return (await generate('ec', { namedCurve: 'P-256' })).privateKey;
  return (await generate('rsa', { modulusLength: kind === 'rsa-4096' ? 4096 : 3072 })).privateKey;
}

/** SubjectPublicKeyInfo, DER. */
export const spkiOf = (key: KeyObject): Uint8Array =>
  new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));

/** @throws DomainError `E_CA_KEY` for anything else */
export function kindOf(key: KeyObject): KeyKind {
  const { namedCurve, modulusLength } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'ec' && namedCurve === 'prime256v1') return 'p-256';
  if (key.asymmetricKeyType === 'rsa' && modulusLength === 4096) return 'rsa-4096';
  if (key.asymmetricKeyType === 'rsa' && modulusLength === 3072) return 'rsa-3072';
  return refuse('E_CA_KEY', 'key is neither P-256, RSA-3072 nor RSA-4096');
}

/** Reads the key of a 0600 PEM file, or makes it; two processes that start together end up with the same key. */
export async function loadOrGenerateKey(path: string, kind: KeyKind): Promise<KeyObject> {
  const present = await readIfPresent(path);
  if (present === undefined) {
    const made = await generateKey(kind);
    if (await createPrivate(path, made.export({ type: 'pkcs8', format: 'pem' }))) return made;
  }
  const pem = present ?? (await readIfPresent(path)) ?? refuse('E_CA_STATE', 'key file vanished');
  const key = createPrivateKey(pem);
  return kindOf(key) === kind ? key : refuse('E_CA_STATE', 'key file holds another kind of key');
}
