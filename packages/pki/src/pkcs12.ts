import { equalBytes, fromBase64Url } from '@qej/kernel';
import { parseCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { DerFields, TAG, derOid, readDer } from './der/index.ts';
import { OID } from './oids.ts';
import { openBags } from './pkcs12-bags.ts';
import { refuse } from './refuse.ts';
import { webCryptoSigner } from './signer.ts';
import type { Signer } from './signer.ts';

export interface DecryptKey {
  readonly certificate: Certificate;
  /** ECDH P-256, not extractable, only deriveBits. */
  readonly key: CryptoKey;
}

/** What a keyring stores: the key cannot be exported, `webCryptoSigner` makes a signer of it again. */
export interface SigningKey {
  readonly certificate: Certificate;
  readonly chain: readonly Certificate[];
  /** RSASSA-PKCS1-v1_5 or ECDSA P-256, not extractable, only sign. */
  readonly key: CryptoKey;
}

export interface OpenedPkcs12 {
  /** All certificates of the file, the authorities' included. */
  readonly certificates: readonly Certificate[];
  /** One per signing key, with its chain as far as the file holds it. */
  readonly signers: readonly Signer[];
  /** The same keys in the same order, for a store that keeps CryptoKeys (IndexedDB). */
  readonly signingKeys: readonly SigningKey[];
  readonly decryptKeys: readonly DecryptKey[];
}

type Pkcs8 = Uint8Array<ArrayBuffer>;
type KeyParameters = EcKeyImportParams | RsaHashedImportParams;

const P256 = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

const importPrivate = (
  pkcs8: Pkcs8,
  parameters: KeyParameters,
  extractable: boolean,
  usages: readonly KeyUsage[],
): Promise<CryptoKey> =>
  globalThis.crypto.subtle
    .importKey('pkcs8', pkcs8, parameters, extractable, [...usages])
    .catch(() => refuse('E_P12_KEYS', 'private key cannot be used'));

function isRsa(pkcs8: Pkcs8): boolean {
  const fields = new DerFields(readDer(pkcs8));
  fields.next(TAG.integer);
  const dotted = derOid(new DerFields(fields.next(TAG.sequence)).next(TAG.oid));
  if (dotted !== OID.rsaEncryption && dotted !== OID.ecPublicKey)
    refuse('E_P12_KEYS', 'private key is neither RSA nor P-256');
  return dotted === OID.rsaEncryption;
}

/** The public half is computed from the private key itself; localKeyID, a mere label, is not believed. */
async function fits(pkcs8: Pkcs8, certificate: Certificate): Promise<boolean> {
  const rsa = isRsa(pkcs8);
  if (rsa !== (certificate.publicKey.kind === 'rsa')) return false;
  const readable = await importPrivate(pkcs8, rsa ? RSA : P256, true, ['sign']);
  const { x = '', y = '', n = '' } = await globalThis.crypto.subtle.exportKey('jwk', readable);
  if (certificate.publicKey.kind === 'ec-p256') {
    return (
      equalBytes(certificate.publicKey.point.subarray(1, 33), fromBase64Url(x)) &&
      equalBytes(certificate.publicKey.point.subarray(33), fromBase64Url(y))
    );
  }
  const modulus = new DerFields(readDer(spkiKey(certificate.spki))).next(TAG.integer).content;
  return equalBytes(modulus[0] === 0 ? modulus.subarray(1) : modulus, fromBase64Url(n));
}

const spkiKey = (spki: Uint8Array): Uint8Array =>
  readDer(spki).children[1]?.content.subarray(1) ?? refuse('E_CERT_FORMAT', 'SubjectPublicKeyInfo');

function chainOf(leaf: Certificate, certificates: readonly Certificate[]): readonly Certificate[] {
  const chain: Certificate[] = [];
  for (let last = leaf; chain.length < 5;) {
    const issuer = certificates.find(
      (candidate) =>
        candidate.isCa &&
        equalBytes(candidate.subject.der, last.issuer.der) &&
        (last.authorityKeyId === undefined || candidate.subjectKeyId === last.authorityKeyId),
    );
    if (issuer === undefined || equalBytes(issuer.subject.der, issuer.issuer.der)) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain;
}

/**
 * Opens a PKCS#12 file in browser or Node. Each private key becomes a non-extractable CryptoKey whose use follows from its certificate:
 * digitalSignature → a `Signer` (ECDSA P-256 or RSA PKCS#1 SHA-256), keyAgreement → an ECDH key. Private bytes are overwritten afterwards.
 * @throws DomainError `E_P12_PASSPHRASE`, `E_P12_FORMAT`, `E_P12_ALGORITHM`, `E_P12_KEYS` (key without certificate), `E_CERT_FORMAT`, `E_KEY_WEAK`
 */
export async function openPkcs12(bytes: Uint8Array, passphrase: string): Promise<OpenedPkcs12> {
  const bags = await openBags(bytes, passphrase);
  const certificates = bags.certificates.map(parseCertificate);
  const signingKeys: SigningKey[] = [];
  const decryptKeys: DecryptKey[] = [];
  try {
    for (const pkcs8 of bags.keys) {
      const matches = await Promise.all(certificates.map((certificate) => fits(pkcs8, certificate)));
      const certificate =
        certificates[matches.indexOf(true)] ?? refuse('E_P12_KEYS', 'a key has no certificate in the file');
      if (certificate.keyUsage.includes('keyAgreement') && certificate.publicKey.kind === 'ec-p256') {
        decryptKeys.push({
          certificate,
          key: await importPrivate(pkcs8, { name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']),
        });
      } else if (certificate.keyUsage.includes('digitalSignature')) {
        const key = await importPrivate(pkcs8, isRsa(pkcs8) ? RSA : P256, false, ['sign']);
        signingKeys.push({ certificate, chain: chainOf(certificate, certificates), key });
      } else refuse('E_P12_KEYS', 'the certificate allows neither signing nor key agreement');
    }
  } finally {
    for (const pkcs8 of bags.keys) pkcs8.fill(0);
  }
  if (signingKeys.length + decryptKeys.length === 0) refuse('E_P12_KEYS', 'no private key in the file');
  const signers = signingKeys.map(({ key, certificate, chain }) => webCryptoSigner(key, certificate, chain));
  return { certificates, signers, signingKeys, decryptKeys };
}
