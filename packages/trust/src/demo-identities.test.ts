import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { DomainError, utf8 } from '@qej/kernel';
import { getPurpose, openPkcs12, parseCertificate, signCms, toPem, verifyCms } from '@qej/pki';
import { NOW, newCa, openssl } from '../test/shared-ca.ts';
import { createDemoIdentities, generateKey, readDemoIdentities, spkiOf, writePkcs12 } from './index.ts';

const { ca, directory, remove } = await newCa();
const refused = (code: string) => ({ instanceOf: DomainError, code });
const people = Array.from({ length: 60 }, (_, i) => ({
  id: `bidder-${i}`,
  name: { zh: `投标人${i}`, en: `Bidder ${i}` },
  organization: `青岛第${i}建设有限公司`,
  uscc: `91370200MA3XXXX${String(i).padStart(2, '0')}K`,
  profile: 'bidder' as const,
}));
const started = performance.now();
const { identities } = await createDemoIdentities(ca, join(directory, 'demo'), people);
const tookMs = performance.now() - started;
const [first] = identities;
if (first === undefined) throw new Error('no identity');
const p12 = new Uint8Array(await readFile(join(directory, 'demo', first.p12)));
const files = { 'a.p12': p12, 'root.pem': toPem(ca.root.der) };

test.after.always(remove);

test('sixty people have their key files, and the index says what they are', async (t) => {
  t.log(`${tookMs.toFixed(0)} ms`);
  const index = await readDemoIdentities(join(directory, 'demo'));
  t.is(index?.identities.length, 60);
  t.regex(index?.notice.zh ?? '', /不得用于真实/);
  t.is(new Set(identities.map(({ passphrase }) => passphrase)).size, 60);
});

test('people who are there already keep their certificates', async (t) => {
  const again = await createDemoIdentities(ca, join(directory, 'demo'), [
    ...people,
    { ...people[0], id: 'new-one', name: { zh: '新', en: 'New' }, profile: 'expert' },
  ]);
  t.is(again.identities[0]?.signSerial, first.signSerial);
  t.is(again.identities.length, 61);
});

test('a key file opens into a signing key and a decryption key, neither of which can be exported', async (t) => {
  const { signers, decryptKeys, certificates } = await openPkcs12(p12, first.passphrase);
  t.is(certificates.length, 3);
  t.is(signers[0]?.certificate.profile, 'bidder-sign');
  t.is(signers[0]?.certificate.serial, first.signSerial);
  t.is(decryptKeys[0]?.certificate.serial, first.encryptSerial);
  t.deepEqual([decryptKeys[0]?.key.extractable, decryptKeys[0]?.key.usages], [false, ['deriveBits']]);
});

test('the two keys really work: a signature verifies, a shared secret agrees', async (t) => {
  const {
    signers: [signer],
    decryptKeys: [decrypt],
  } = await openPkcs12(p12, first.passphrase);
  if (signer === undefined || decrypt === undefined) return t.fail('keys are missing');
  const { eContentType } = getPurpose('qej-manifest/1');
  const cms = await signCms({ content: utf8('x'), eContentType, signer });
  await t.notThrowsAsync(async () => verifyCms({ cms, eContentType, roots: ca.roots, crls: await ca.crls(), at: NOW }));
  const { subtle } = globalThis.crypto;
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' };
  const own = await subtle.generateKey(ecdh, false, ['deriveBits']);
  const theirs = await subtle.importKey('spki', new Uint8Array(decrypt.certificate.spki), ecdh, false, []);
  t.deepEqual(
    await subtle.deriveBits({ name: 'ECDH', public: own.publicKey }, decrypt.key, 256),
    await subtle.deriveBits({ name: 'ECDH', public: theirs }, own.privateKey, 256),
  );
});

test('a wrong passphrase is told apart from a broken file', async (t) => {
  await t.throwsAsync(openPkcs12(p12, `${first.passphrase}x`), refused('E_P12_PASSPHRASE'));
  await t.throwsAsync(openPkcs12(p12.slice(0, 900), first.passphrase), refused('E_P12_FORMAT'));
});

test('openssl reads the file with both keys', async (t) => {
  const pem = (
    await openssl(['pkcs12', '-in', 'a.p12', '-passin', `pass:${first.passphrase}`, '-nodes'], files)
  ).toString('latin1');
  t.is(pem.match(/BEGIN PRIVATE KEY/g)?.length, 2);
  t.is(pem.match(/BEGIN CERTIFICATE/g)?.length, 3);
});

test('a file that openssl made opens here, RSA-3072 and a Chinese passphrase included', async (t) => {
  const key = await generateKey('rsa-3072');
  const certificate = await ca.issue({ profile: 'agency-sign', subject: { commonName: '代理' }, spki: spkiOf(key) });
  const input = {
    'key.pem': key.export({ type: 'pkcs8', format: 'pem' }),
    'cert.pem': toPem(certificate.der),
    'chain.pem': toPem(ca.issuers.offices.der),
  };
  const args = [
    'pkcs12',
    '-export',
    '-inkey',
    'key.pem',
    '-in',
    'cert.pem',
    '-certfile',
    'chain.pem',
    '-passout',
    'pass:口令密码',
  ];
  const { signers } = await openPkcs12(await openssl(args, input), '口令密码');
  t.is(signers[0]?.algorithm, 'rsa-pkcs1-sha256');
  t.is(signers[0]?.chain[0]?.serial, ca.issuers.offices.serial);
  const old = await openssl([...args, '-certpbe', 'PBE-SHA1-3DES', '-keypbe', 'PBE-SHA1-3DES'], input);
  await t.throwsAsync(openPkcs12(old, '口令密码'), refused('E_P12_ALGORITHM'));
});

test('a key whose certificate is not in the file is refused', async (t) => {
  const [privateKey, other] = [await generateKey('p-256'), await generateKey('p-256')];
  const certificate = await ca.issue({ profile: 'bidder-sign', subject: { commonName: '别人' }, spki: spkiOf(other) });
  await t.throwsAsync(
    openPkcs12(writePkcs12([{ privateKey, certificate, friendlyName: 'x' }], [], 'pass'), 'pass'),
    refused('E_P12_KEYS'),
  );
});

test('any flipped byte of a key file is refused by code', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: p12.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      async (at, mask) => {
        const broken = p12.slice();
        broken[at] = (broken[at] ?? 0) ^ mask;
        const outcome = await openPkcs12(broken, first.passphrase).then(
          ({ signers }) => signers[0]?.certificate.serial,
          (error: unknown) => (error instanceof DomainError ? 'refused' : String(error)),
        );
        // NULL parameters and the version are outside the MAC: a change there may be overlooked, never the keys
        t.true(outcome === 'refused' || outcome === first.signSerial, `byte ${at}: ${outcome}`);
      },
    ),
    { numRuns: 150 },
  );
});

test('the certificate on disk is the one in the file', async (t) => {
  t.is(
    parseCertificate(new Uint8Array(await readFile(join(directory, 'demo', first.signCertificate)))).serial,
    first.signSerial,
  );
});
