import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Certificate,
  issueCertificate,
  issueCrl,
  type IssuerKey,
  OID,
  parseCertificate,
  type ProfileName,
  type Signer,
  signCms,
  toPem,
  verifyCms,
  webCryptoSigner,
} from '@qej/pki';
import { DomainError, type Instant } from '@qej/kernel';
import { at } from './fixtures.ts';
import {
  type CmsToVerify,
  type CmsVerdict,
  completeSignature,
  prepareSignature,
  type SignatureRequest,
} from './index.ts';

/** A root, an issuing authority and signers for tests; real keys and certificates by @qej/pki. */
export interface TestAuthority {
  readonly root: Certificate;
  readonly issuing: Certificate;
  readonly crl: Uint8Array;
  readonly enrol: (name: string, profile: ProfileName) => Promise<Signer>;
}

const RSA = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1) };

async function keyPair(kind: 'rsa' | 'ec'): Promise<{ privateKey: CryptoKey; spki: Uint8Array }> {
  const algorithm = kind === 'rsa' ? RSA : { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey, publicKey } = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  return { privateKey, spki: new Uint8Array(await crypto.subtle.exportKey('spki', publicKey)) };
}

export async function makeAuthority(): Promise<TestAuthority> {
  const notBefore = at(-60 * 24);
  const rootKey = await keyPair('rsa');
  const bare: IssuerKey = {
    algorithm: 'rsa-pkcs1-sha256',
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign('RSASSA-PKCS1-v1_5', rootKey.privateKey, Uint8Array.from(bytes))),
  };
  const root = parseCertificate(
    await issueCertificate(
      { profile: 'root', subject: { country: 'CN', commonName: '测试根 Test root' }, spki: rootKey.spki, notBefore },
      bare,
    ),
  );
  const issuingKey = await keyPair('rsa');
  const issuing = parseCertificate(
    await issueCertificate(
      {
        profile: 'issuing',
        subject: { country: 'CN', commonName: '测试签发机构 Test issuing' },
        spki: issuingKey.spki,
        notBefore,
      },
      { ...bare, certificate: root },
    ),
  );
  const issuer = { ...webCryptoSigner(issuingKey.privateKey, issuing, []), certificate: issuing };
  const crl = await issueCrl({ number: 1, thisUpdate: at(-10), nextUpdate: at(60 * 24), revoked: [] }, issuer);
  const enrol = async (name: string, profile: ProfileName): Promise<Signer> => {
    const key = await keyPair(profile === 'bank-seal' ? 'rsa' : 'ec');
    const der = await issueCertificate(
      { profile, subject: { country: 'CN', commonName: name, organization: name }, spki: key.spki, notBefore },
      issuer,
    );
    return webCryptoSigner(key.privateKey, der, [issuing]);
  };
  return { root, issuing, crl, enrol };
}

/** One whole signature: prepare, CMS over the digest, splice. */
export async function sign(pdf: Uint8Array, request: SignatureRequest, signer: Signer): Promise<Uint8Array> {
  const { prepared, byteRange, digest } = prepareSignature(pdf, request);
  const cms = await signCms({ contentDigest: digest, eContentType: OID.data, signer });
  return completeSignature(prepared, byteRange, cms);
}

/** The CMS verifier that a caller of verifyPdf gives: here @qej/pki against the test root. */
export const verifierFor =
  (root: Certificate, when: Instant = at(0)) =>
  async ({ cms, content }: CmsToVerify): Promise<CmsVerdict<string>> => {
    try {
      const { signer } = await verifyCms({
        cms,
        content,
        eContentType: OID.data,
        roots: [root],
        crls: 'not-checked',
        at: when,
      });
      return { valid: true, signer: signer.subject.commonName ?? '' };
    } catch (error) {
      if (error instanceof DomainError) return { valid: false, reason: error.message };
      throw error;
    }
  };

/** Runs `use` with a directory that is removed afterwards. */
export function inDirectory<T>(use: (directory: string) => T): T {
  const directory = mkdtempSync(join(tmpdir(), 'qej-documents-'));
  try {
    return use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** What pdfsig (poppler, NSS) says about a file when it trusts the root. */
export const pdfsig = (pdf: Uint8Array, root: Certificate): string =>
  inDirectory((directory) => {
    const [file, pem] = [join(directory, 'a.pdf'), join(directory, 'root.pem')];
    writeFileSync(file, pdf);
    writeFileSync(pem, toPem(root.der));
    execFileSync('certutil', ['-N', '-d', `sql:${directory}`, '--empty-password']);
    execFileSync('certutil', ['-A', '-d', `sql:${directory}`, '-n', 'root', '-t', 'CT,C,C', '-i', pem]);
    return execFileSync('pdfsig', ['-nssdir', directory, file], { encoding: 'utf8' });
  });

/** Output of `qpdf --check`; throws when qpdf finds an error or has a warning. */
export const qpdfCheck = (pdf: Uint8Array): string =>
  inDirectory((directory) => {
    const file = join(directory, 'a.pdf');
    writeFileSync(file, pdf);
    return execFileSync('qpdf', ['--check', file], { encoding: 'utf8' });
  });
