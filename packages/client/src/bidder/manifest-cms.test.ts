import test from 'ava';
import { parseInstant, utf8 } from '@qej/kernel';
import {
  getPurpose,
  issueCertificate,
  parseCertificate,
  parseSignedData,
  signCms,
  verifyCms,
  webCryptoSigner,
} from '@qej/pki';
import type { IssuerKey, Signer } from '@qej/pki';
import { attachManifest } from './manifest-cms.ts';

const { subtle } = globalThis.crypto;
const notBefore = parseInstant('2026-11-01T00:00:00.000Z');
const at = parseInstant('2026-11-23T05:00:00.000Z');
const { eContentType } = getPurpose('qej-manifest/1');
const manifest = utf8('{"bidRoot":"00"}');

const newKeys = (): Promise<CryptoKeyPair> =>
  subtle.generateKey(
    { name: 'RSASSA-PKCS1-v1_5', modulusLength: 3072, publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' },
    true,
    ['sign', 'verify'],
  );
const spkiOf = async ({ publicKey }: CryptoKeyPair) => new Uint8Array(await subtle.exportKey('spki', publicKey));

/** A signer under its issuing authority under a root, as a keyring has it. */
async function newSigner() {
  const [rootKeys, issuingKeys, leafKeys] = await Promise.all([newKeys(), newKeys(), newKeys()]);
  const key = ({ privateKey }: CryptoKeyPair): IssuerKey => ({
    algorithm: 'rsa-pkcs1-sha256',
    sign: async (bytes) => new Uint8Array(await subtle.sign('RSASSA-PKCS1-v1_5', privateKey, bytes.slice())),
  });
  const make = async (
    profile: 'root' | 'issuing' | 'bidder-sign',
    commonName: string,
    keys: CryptoKeyPair,
    by: IssuerKey,
  ) =>
    parseCertificate(
      await issueCertificate({ profile, subject: { commonName }, spki: await spkiOf(keys), notBefore }, by),
    );
  const root = await make('root', 'root', rootKeys, key(rootKeys));
  const issuing = await make('issuing', 'issuing', issuingKeys, { ...key(rootKeys), certificate: root });
  const leaf = await make('bidder-sign', '王小明', leafKeys, { ...key(issuingKeys), certificate: issuing });
  const signer: Signer = webCryptoSigner(leafKeys.privateKey, leaf, [issuing]);
  return { signer, trust: { roots: [root], intermediates: [issuing], crls: 'not-checked', at } as const };
}

test('a detached signature with its chain becomes one that the register has room for, and still verifies', async (t) => {
  const { signer, trust } = await newSigner();
  const detached = await signCms({ content: manifest, detached: true, eContentType, signer });
  const attached = attachManifest(detached, manifest);
  const { content, certificates } = parseSignedData(attached);
  t.deepEqual(content, new Uint8Array(manifest));
  t.is(certificates.length, 1);
  t.true(attached.length < detached.length);
  const verified = await verifyCms({ cms: attached, eContentType, ...trust });
  t.is(verified.signer.subject.commonName, '王小明');
  t.deepEqual(attachManifest(attached, manifest), attached);
  t.throws(() => attachManifest(attached, utf8('{}')), { code: 'E_CMS_DIGEST' });
  await t.throwsAsync(verifyCms({ cms: attachManifest(detached, utf8('{}')), eContentType, ...trust }), {
    code: 'E_CMS_DIGEST',
  });
});
