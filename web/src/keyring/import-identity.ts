import { DomainError, toHex } from '@qej/kernel';
import { openPkcs12 } from '@qej/pki';
import type { StoredIdentity } from './identity-store.ts';

export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))));
}

/**
 * Reads a PKCS#12 file once. Private keys become non-extractable CryptoKeys; the bytes are forgotten.
 * @throws DomainError `E_P12_*`, `E_CERT_FORMAT`, `E_KEY_WEAK`
 */
export async function importIdentity(file: Uint8Array, passphrase: string): Promise<StoredIdentity> {
  const { signingKeys, decryptKeys } = await openPkcs12(file, passphrase);
  const [signing] = signingKeys;
  if (signing === undefined) throw new DomainError('E_P12_KEYS', { detail: 'no signing key' });
  const { certificate, chain, key } = signing;
  const { subject, notAfter, der } = certificate;
  const [decrypt] = decryptKeys;
  return {
    id: await sha256Hex(der),
    name: subject.commonName ?? subject.organization ?? '',
    organization: subject.organization ?? '',
    notAfter,
    signKey: key,
    certificate: der,
    chain: chain.map((one) => one.der),
    ...(decrypt === undefined ? {} : { decrypt: { key: decrypt.key, certificate: decrypt.certificate.der } }),
  };
}
