import { generateKeyPairSync, sign } from 'node:crypto';
import { instant } from '@qej/kernel';
import type { Identity, TrustRoots } from '@qej/client';
import { issueCertificate, issueCrl, parseCertificate, parseCrl, webCryptoSigner } from '@qej/pki';
import type { Certificate, IssuerKey, ProfileName } from '@qej/pki';

const { subtle } = globalThis.crypto;
const [notBefore, notAfter] = [instant(Date.UTC(2026, 10, 1)), instant(Date.UTC(2027, 0, 1))];
const subject = { country: 'CN', organization: '测试机构', commonName: '测试' };

async function keyPair(name: 'ECDSA' | 'ECDH'): Promise<{ readonly key: CryptoKey; readonly spki: Uint8Array }> {
  const usages: KeyUsage[] = name === 'ECDSA' ? ['sign', 'verify'] : ['deriveBits'];
  const pair = (await subtle.generateKey({ name, namedCurve: 'P-256' }, false, usages)) as CryptoKeyPair;
  return { key: pair.privateKey, spki: new Uint8Array(await subtle.exportKey('spki', pair.publicKey)) };
}

async function testRoot(): Promise<IssuerKey & { readonly certificate: Certificate }> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const bare: IssuerKey = {
    algorithm: 'ecdsa-p256-sha256',
    sign: async (bytes) => new Uint8Array(sign('sha256', bytes, privateKey)),
  };
  const spki = new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));
  const request = {
    profile: 'root',
    subject: { ...subject, commonName: '测试根' },
    spki,
    notBefore,
    notAfter,
  } as const;
  return { ...bare, certificate: parseCertificate(await issueCertificate(request, bare)) };
}

/** An authority of one certificate and a holder below it, all on P-256: made in milliseconds. */
export async function testIdentity(): Promise<{ readonly identity: Identity; readonly trust: TrustRoots }> {
  const issuer = await testRoot();
  const leaf = async (profile: ProfileName, spki: Uint8Array): Promise<Certificate> =>
    parseCertificate(await issueCertificate({ profile, subject, spki, notBefore, notAfter }, issuer));
  const [signing, agreement] = [await keyPair('ECDSA'), await keyPair('ECDH')];
  const list = await issueCrl({ number: 1, thisUpdate: notBefore, nextUpdate: notAfter, revoked: [] }, issuer);
  const identity: Identity = {
    id: 'holder',
    signer: webCryptoSigner(signing.key, await leaf('holder-sign', signing.spki)),
    decryptKey: { certificate: await leaf('holder-encrypt', agreement.spki), key: agreement.key },
  };
  return { identity, trust: { roots: [issuer.certificate], intermediates: [], crls: [parseCrl(list)] } };
}
