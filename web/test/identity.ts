import { parseInstant } from '@qej/kernel';
import { issueCertificate, parseCertificate, webCryptoSigner } from '@qej/pki';
import type { Certificate, CertificateRequest, IssuerKey } from '@qej/pki';
import type { StoredIdentity } from '../src/keyring/identity-store.ts';
import { sha256Hex } from '../src/keyring/import-identity.ts';

export const NOW = parseInstant('2026-11-23T05:00:00.000Z');
const BIRTH = parseInstant('2026-11-01T00:00:00.000Z');
const { subtle } = globalThis.crypto;
const RSA = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 3072,
  publicExponent: Uint8Array.of(1, 0, 1),
  hash: 'SHA-256',
} as const;

const spkiOf = async (key: CryptoKey): Promise<Uint8Array> => new Uint8Array(await subtle.exportKey('spki', key));
type Issue = Omit<CertificateRequest, 'notBefore'>;
const issue = async (request: Issue, by: IssuerKey): Promise<Certificate> =>
  parseCertificate(await issueCertificate({ ...request, notBefore: BIRTH }, by));

/** A real two-level authority with fresh keys. */
async function newAuthority() {
  const rootPair = await subtle.generateKey(RSA, true, ['sign', 'verify']);
  const self: IssuerKey = {
    algorithm: 'rsa-pkcs1-sha256',
    sign: async (bytes) => new Uint8Array(await subtle.sign(RSA.name, rootPair.privateKey, new Uint8Array(bytes))),
  };
  const root = await issue(
    { profile: 'root', subject: { commonName: '测试根' }, spki: await spkiOf(rootPair.publicKey) },
    self,
  );
  const pair = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const issuing = await issue(
    { profile: 'issuing', subject: { commonName: '测试签发' }, spki: await spkiOf(pair.publicKey) },
    { ...self, certificate: root },
  );
  return { root, issuing, by: { ...webCryptoSigner(pair.privateKey, issuing), certificate: issuing } };
}

/** One bidder as the keyring stores it, with the root that vouches for it. */
export async function newIdentity(): Promise<{ identity: StoredIdentity; root: Certificate }> {
  const { root, issuing, by } = await newAuthority();
  const subject = { commonName: '徐海涛', organization: '青岛测试有限公司', uscc: '91370200MA3TEXT01X' };
  const sign = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
  const agree = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const certificate = await issue({ profile: 'bidder-sign', subject, spki: await spkiOf(sign.publicKey) }, by);
  const encryption = await issue({ profile: 'bidder-encrypt', subject, spki: await spkiOf(agree.publicKey) }, by);
  const identity: StoredIdentity = {
    id: await sha256Hex(certificate.der),
    name: subject.commonName,
    organization: subject.organization,
    notAfter: certificate.notAfter,
    signKey: sign.privateKey,
    certificate: certificate.der,
    chain: [issuing.der],
    decrypt: { key: agree.privateKey, certificate: encryption.der },
  };
  return { identity, root };
}
