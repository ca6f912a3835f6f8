import { DomainError } from '@qej/kernel';
import { ecdsaToDer, signatureAlgorithms } from './algorithms.ts';
import type { SignatureAlgorithm } from './algorithms.ts';
import { parseCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { purposeBytes } from './purposes.ts';
import type { Purpose } from './purposes.ts';
import { isSignatureValid, owned } from './verify-signature.ts';

/** Whoever holds a key: the keyring page, the shell, a demo identity, a server key, later a USB key or a signature server. */
export interface Signer {
  readonly certificate: Certificate;
  /** Issuing certificates, nearest first, without the root. */
  readonly chain: readonly Certificate[];
  readonly algorithm: SignatureAlgorithm;
  /** Signs the bytes themselves (hashing inside). ECDSA answers in DER, as CMS writes it. */
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

function algorithmOf(key: CryptoKey): SignatureAlgorithm {
  const { name } = key.algorithm;
  if (name === 'ECDSA') return 'ecdsa-p256-sha256';
  if (name === 'RSASSA-PKCS1-v1_5') return 'rsa-pkcs1-sha256';
  if (name === 'RSA-PSS') return 'rsa-pss-sha256';
  throw new DomainError('E_ALGORITHM', { detail: 'key cannot sign' });
}

/** A signer on a (non-extractable) WebCrypto key. The certificate may be DER or parsed. */
export function webCryptoSigner(
  key: CryptoKey,
  certificate: Certificate | Uint8Array,
  chain: readonly (Certificate | Uint8Array)[] = [],
): Signer {
  const parsed = (value: Certificate | Uint8Array): Certificate =>
    value instanceof Uint8Array ? parseCertificate(value) : value;
  const algorithm = algorithmOf(key);
  const { webCrypto, hash, saltLength } = signatureAlgorithms[algorithm];
  return {
    certificate: parsed(certificate),
    chain: chain.map(parsed),
    algorithm,
    async sign(bytes) {
      const raw = new Uint8Array(
        await globalThis.crypto.subtle.sign({ name: webCrypto, hash, saltLength }, key, owned(bytes)),
      );
      return webCrypto === 'ECDSA' ? ecdsaToDer(raw) : raw;
    },
  };
}

/** Signature over purpose/version ‖ 0x00 ‖ payload. */
export const signPurpose = (signer: Signer, purpose: Purpose, payload: Uint8Array): Promise<Uint8Array> =>
  signer.sign(purposeBytes(purpose, payload));

/** @throws DomainError `E_SIGNATURE`; the certificate itself is judged by `verifyChain`. */
export async function verifyPurpose(
  certificate: Certificate,
  purpose: Purpose,
  payload: Uint8Array,
  signature: Uint8Array,
  algorithm = defaultAlgorithm(certificate),
): Promise<void> {
  if (!(await isSignatureValid(certificate.spki, algorithm, purposeBytes(purpose, payload), signature))) {
    throw new DomainError('E_SIGNATURE', { detail: purpose });
  }
}

/** The algorithm a key of this certificate signs with unless something else is said. */
export const defaultAlgorithm = (certificate: Certificate): SignatureAlgorithm =>
  certificate.publicKey.kind === 'ec-p256' ? 'ecdsa-p256-sha256' : 'rsa-pkcs1-sha256';
