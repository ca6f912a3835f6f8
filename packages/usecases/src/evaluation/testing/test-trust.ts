import { completeSignature, prepareSignature } from '@qej/documents';
import { instant, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import {
  getPurpose,
  issueCertificate,
  issueCrl,
  OID,
  parseCertificate,
  parseCrl,
  signCms,
  verifyChain,
  verifyCms,
  webCryptoSigner,
} from '@qej/pki';
import type { Certificate, IssuerKey, ProfileName, Purpose, Signer } from '@qej/pki';
import { createHash } from 'node:crypto';
import type { PlatformTrust, VerifiedSigner } from '../../ports.ts';

const DAY = 86_400_000;
const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1) };

async function keyPair(kind: 'rsa' | 'ec'): Promise<{ privateKey: CryptoKey; spki: Uint8Array }> {
  const algorithm = kind === 'rsa' ? RSA : { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return { privateKey, spki: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)) };
}

export interface TestTrust {
  readonly trust: PlatformTrust;
  readonly enrol: (name: string, profile: ProfileName) => Promise<Signer>;
}

const describe = (certificate: Certificate): VerifiedSigner => ({
  fingerprint: createHash('sha256').update(certificate.der).digest('hex'),
  certificate: new Uint8Array(certificate.der),
  commonName: certificate.subject.commonName ?? '',
  organization: certificate.subject.organization ?? '',
  uscc: certificate.subject.uscc ?? '',
});

async function makeAuthority(now: Instant) {
  const notBefore = instant(now - 30 * DAY);
  const rootKey = await keyPair('rsa');
  const bare: IssuerKey = {
    algorithm: 'rsa-pkcs1-sha256',
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', rootKey.privateKey, Uint8Array.from(bytes))),
  };
  const subject = { country: 'CN', commonName: '测试根 Test root' };
  const root = parseCertificate(
    await issueCertificate({ profile: 'root', subject, spki: rootKey.spki, notBefore }, bare),
  );
  const issuingKey = await keyPair('rsa');
  const issuing = parseCertificate(
    await issueCertificate(
      {
        profile: 'issuing',
        subject: { country: 'CN', commonName: '测试签发 Test issuing' },
        spki: issuingKey.spki,
        notBefore,
      },
      { ...bare, certificate: root },
    ),
  );
  const issuer = { ...webCryptoSigner(issuingKey.privateKey, issuing, []), certificate: issuing };
  const dates = { number: 1, thisUpdate: notBefore, nextUpdate: instant(now + 300 * DAY), revoked: [] };
  const crls = [
    parseCrl(await issueCrl(dates, issuer)),
    parseCrl(await issueCrl(dates, { ...bare, certificate: root })),
  ];
  const enrol = async (name: string, profile: ProfileName): Promise<Signer> => {
    const key = await keyPair('ec');
    const der = await issueCertificate(
      { profile, subject: { country: 'CN', commonName: name, organization: name }, spki: key.spki, notBefore },
      issuer,
    );
    return webCryptoSigner(key.privateKey, der, [issuing]);
  };
  return { root, issuing, crls, enrol };
}

/** The port over a root, an issuing authority and lists made for the test: real chains, real signatures. */
export async function makeTestTrust(now: Instant): Promise<TestTrust> {
  const { root, issuing, crls, enrol } = await makeAuthority(now);
  const seal = await enrol('测试平台印章', 'platform-seal');
  const chain = { roots: [root], intermediates: [issuing], crls };
  const trust: PlatformTrust = {
    sign: async (purpose, content) =>
      new Uint8Array(
        await signCms({ content, detached: true, eContentType: getPurpose(purpose).eContentType, signer: seal }),
      ),
    timestamp: () => Promise.reject(new Error('no time stamp authority in this test')),
    verify: async ({ purpose, content, cms, at }) => {
      const { eContentType } = getPurpose(purpose as Purpose);
      const signed = content === undefined ? {} : { content };
      return describe(
        (await verifyCms({ cms, ...signed, eContentType, ...chain, at: instant(at), usage: 'sign' })).signer,
      );
    },
    verifyPdfCms: async ({ digest, cms, at }) =>
      describe(
        (
          await verifyCms({
            cms,
            contentDigest: digest,
            eContentType: OID.data,
            ...chain,
            at: instant(at),
            usage: 'sign',
          })
        ).signer,
      ),
    checkCertificate: async ({ certificate, usage, at }) => {
      const leaf = parseCertificate(certificate);
      await verifyChain({ leaf, ...chain, at: instant(at), usage });
      return { ...describe(leaf), notAfter: leaf.notAfter, publicKey: new Uint8Array(leaf.spki) };
    },
    sealPdf: async (pdf, { fieldName, reason, at }) => {
      const { prepared, byteRange, digest } = prepareSignature(pdf, {
        fieldName,
        signerName: '测试平台',
        reason,
        at: instant(at),
      });
      const cms = await signCms({ contentDigest: digest, eContentType: OID.data, signer: seal });
      return new Uint8Array(completeSignature(prepared, byteRange, cms));
    },
    publicTrust: {
      roots: [root.der],
      intermediates: [issuing.der],
      crls: async () => crls.map(({ der }) => der),
      tsaCertificates: [],
    },
  };
  return { trust, enrol };
}

export const fingerprintOf = (signer: Signer): string =>
  toHex(createHash('sha256').update(signer.certificate.der).digest());
