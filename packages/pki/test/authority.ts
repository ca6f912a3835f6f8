import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseInstant, plusMs } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { issueCertificate, issueCrl, parseCertificate, parseCrl, webCryptoSigner } from '../src/index.ts';
import type { Certificate, CertificateRequest, Crl, IssuerKey, ProfileName, Signer } from '../src/index.ts';

export const NOW = parseInstant('2026-11-23T05:00:00.000Z');
export const DAY = 86_400_000;
const BIRTH = parseInstant('2026-11-01T00:00:00.000Z');

type KeyType = 'p-256' | 'rsa-pkcs1' | 'rsa-pss';

const parameters = {
  'p-256': { name: 'ECDSA', namedCurve: 'P-256' },
  'rsa-pkcs1': {
    name: 'RSASSA-PKCS1-v1_5',
    modulusLength: 3072,
    publicExponent: Uint8Array.of(1, 0, 1),
    hash: 'SHA-256',
  },
  'rsa-pss': { name: 'RSA-PSS', modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
} as const;

export const newKeyPair = (type: KeyType): Promise<CryptoKeyPair> =>
  globalThis.crypto.subtle.generateKey(parameters[type], true, ['sign', 'verify']) as Promise<CryptoKeyPair>; // asymmetric by construction

export async function spkiBytes({ publicKey }: CryptoKeyPair): Promise<Uint8Array> {
  return new Uint8Array(await globalThis.crypto.subtle.exportKey('spki', publicKey));
}

export interface Level {
  readonly pair: CryptoKeyPair;
  readonly certificate: Certificate;
  readonly issuer: IssuerKey & { readonly certificate: Certificate };
}

async function level(request: Omit<CertificateRequest, 'spki' | 'notBefore'>, by?: Level): Promise<Level> {
  const pair = await newKeyPair('p-256');
  const any = await issueCertificate(
    { ...request, spki: await spkiBytes(pair), notBefore: BIRTH },
    by?.issuer ?? selfKey(pair),
  );
  const certificate = parseCertificate(any);
  return { pair, certificate, issuer: { ...webCryptoSigner(pair.privateKey, certificate), certificate } };
}

function selfKey(pair: CryptoKeyPair): IssuerKey {
  return {
    algorithm: 'ecdsa-p256-sha256',
    async sign(bytes) {
      const { ecdsaToDer } = await import('../src/algorithms.ts');
      return ecdsaToDer(
        new Uint8Array(
          await globalThis.crypto.subtle.sign(
            { name: 'ECDSA', hash: 'SHA-256' },
            pair.privateKey,
            new Uint8Array(bytes),
          ),
        ),
      );
    },
  };
}

/** A small real hierarchy on P-256 keys: fast enough for every test to have its own. */
export async function newAuthority() {
  const root = await level({ profile: 'root', subject: { commonName: '测试根 Test Root' } });
  const issuing = await level({ profile: 'issuing', subject: { commonName: '测试签发 Test Issuing' } }, root);
  const crlOf = async (
    by: Level,
    revoked: readonly { serial: string; revokedAt: Instant; reason: number }[] = [],
    thisUpdate = BIRTH,
    days = 60,
  ): Promise<Crl> =>
    parseCrl(await issueCrl({ number: 1, thisUpdate, nextUpdate: plusMs(thisUpdate, days * DAY), revoked }, by.issuer));
  const crls = [await crlOf(root), await crlOf(issuing)];
  const issue = async (
    profile: ProfileName,
    pair: CryptoKeyPair,
    extra: Partial<CertificateRequest> = {},
  ): Promise<Certificate> =>
    parseCertificate(
      await issueCertificate(
        {
          profile,
          subject: { commonName: '王小明', organization: '青岛测试有限公司', uscc: '91370200MA3TEXT01X' },
          spki: await spkiBytes(pair),
          notBefore: BIRTH,
          ...extra,
        },
        issuing.issuer,
      ),
    );
  const signer = async (
    profile: ProfileName,
    type: KeyType = 'p-256',
    extra: Partial<CertificateRequest> = {},
  ): Promise<Signer> => {
    const pair = await newKeyPair(type);
    return webCryptoSigner(pair.privateKey, await issue(profile, pair, extra), [issuing.certificate]);
  };
  return { root, issuing, crls, crlOf, issue, signer, roots: [root.certificate], intermediates: [issuing.certificate] };
}

export type Authority = Awaited<ReturnType<typeof newAuthority>>;

/** The second implementation that judges what we write. Files are laid out in a directory that is removed afterwards. */
export async function openssl(
  args: readonly string[],
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'qej-pki-'));
  try {
    for (const [name, data] of Object.entries(files)) await writeFile(join(directory, name), data);
    const { stdout, stderr } = await promisify(execFile)('openssl', [...args], { cwd: directory, timeout: 20_000 });
    return stdout + stderr;
  } finally {
    await rm(directory, { recursive: true });
  }
}
