import { DomainError } from '@qej/kernel';
import { ecdsaFromDer, parsePublicKey, signatureAlgorithms } from './algorithms.ts';
import type { SignatureAlgorithm } from './algorithms.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** WebCrypto's types want an ArrayBuffer behind the view; ours are never shared. */
export const owned = (bytes: Uint8Array): Bytes =>
  bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : new Uint8Array(bytes); // narrowed by the test

export const sha256 = async (bytes: Uint8Array): Promise<Bytes> =>
  new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', owned(bytes)));

const imported = new WeakMap<Uint8Array, Map<SignatureAlgorithm, Promise<CryptoKey>>>();

function importKey(spki: Uint8Array, algorithm: SignatureAlgorithm): Promise<CryptoKey> {
  const known = imported.get(spki) ?? new Map<SignatureAlgorithm, Promise<CryptoKey>>();
  imported.set(spki, known);
  const { webCrypto, hash } = signatureAlgorithms[algorithm];
  const parameters = webCrypto === 'ECDSA' ? { name: webCrypto, namedCurve: 'P-256' } : { name: webCrypto, hash };
  const key =
    known.get(algorithm) ?? globalThis.crypto.subtle.importKey('spki', owned(spki), parameters, false, ['verify']);
  known.set(algorithm, key);
  return key;
}

/**
 * Signatures are as X.509 and CMS write them: Ecdsa-Sig-Value in DER, or the RSA octets.
 * @returns false for a signature that does not verify or is malformed
 * @throws DomainError `E_ALGORITHM`, `E_KEY_WEAK` when the key is outside the policy or does not fit the algorithm
 */
export async function isSignatureValid(
  spki: Uint8Array,
  algorithm: SignatureAlgorithm,
  bytes: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const key = parsePublicKey(spki);
  const { family, webCrypto, hash, saltLength } = signatureAlgorithms[algorithm];
  if ((family === 'ec') !== (key.kind === 'ec-p256'))
    throw new DomainError('E_ALGORITHM', { detail: 'algorithm does not fit the key' });
  let raw: Uint8Array;
  try {
    raw = family === 'ec' ? ecdsaFromDer(signature) : signature;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
  const verifyKey = await importKey(spki, algorithm).catch((cause: unknown) => {
    throw new DomainError('E_ALGORITHM', { detail: 'public key was refused', cause });
  });
  return globalThis.crypto.subtle.verify({ name: webCrypto, hash, saltLength }, verifyKey, owned(raw), owned(bytes));
}
