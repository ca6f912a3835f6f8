import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { DomainError, plusMs } from '@qej/kernel';
import { toPem, verifyChain } from '@qej/pki';
import { NOW, newCa, openssl } from '../test/shared-ca.ts';
import {
  generateKey,
  loadServerSigner,
  openServerSigner,
  openTlsCertificate,
  publishTrust,
  readTrust,
  spkiOf,
} from './index.ts';

const { ca, clock, directory, reopen, remove } = await newCa();
const refused = (code: string) => ({ instanceOf: DomainError, code });
const DAY = 86_400_000;
const subject = { country: 'CN', organization: '青岛测试有限公司', uscc: '91370200MA3TEXT01X', commonName: '王小明' };

const verify = async (leaf: Parameters<typeof verifyChain>[0]['leaf'], from = ca) =>
  verifyChain({
    leaf,
    roots: from.roots,
    intermediates: from.intermediates,
    crls: await from.crls(),
    at: clock.now(),
    usage: 'sign',
  });

test.after.always(remove);

test.serial('root and issuing authorities are RSA-4096, and openssl accepts a bidder under them', async (t) => {
  const leaf = await ca.issue({ profile: 'bidder-sign', subject, spki: spkiOf(await generateKey('p-256')) });
  for (const { publicKey } of [ca.root, ...ca.intermediates])
    t.is(publicKey.kind === 'rsa' && publicKey.modulusBits, 4096);
  t.is((await verify(leaf)).path.length, 3);
  const files = {
    'root.pem': toPem(ca.root.der),
    'issuing.pem': ca.intermediates.map(({ der }) => toPem(der)).join(''),
    'leaf.pem': toPem(leaf.der),
    'crls.pem': (await ca.crls()).map(({ der }) => toPem(der, 'X509 CRL')).join(''),
  };
  const output = await openssl(
    [
      'verify',
      '-attime',
      String(NOW / 1000),
      '-x509_strict',
      '-crl_check_all',
      '-CAfile',
      'root.pem',
      '-untrusted',
      'issuing.pem',
      '-CRLfile',
      'crls.pem',
      'leaf.pem',
    ],
    files,
  );
  t.is(output.toString().trim(), 'leaf.pem: OK');
});

test.serial('a revoked certificate is refused at once, and still after the authority was reopened', async (t) => {
  const leaf = await ca.issue({ profile: 'expert-sign', subject, spki: spkiOf(await generateKey('p-256')) });
  await t.notThrowsAsync(verify(leaf));
  await ca.revoke(leaf, 'keyCompromise');
  await ca.revoke(leaf, 'keyCompromise');
  await t.throwsAsync(verify(leaf), refused('E_CERT_REVOKED'));
  await t.throwsAsync(verify(leaf, await reopen()), refused('E_CERT_REVOKED'));
});

test.serial('only certificates of this authority can be revoked', async (t) => {
  const leaf = await ca.issue({ profile: 'expert-sign', subject, spki: spkiOf(await generateKey('p-256')) });
  await t.throwsAsync(ca.revoke({ ...leaf, serial: '00' }, 'superseded'), refused('E_CA_UNKNOWN_CERTIFICATE'));
  await t.throwsAsync(ca.revoke({ ...leaf, authorityKeyId: '00' }, 'superseded'), refused('E_CA_UNKNOWN_CERTIFICATE'));
});

test.serial('lists are renewed at half their life and never grow stale for a caller', async (t) => {
  const before = await ca.crls();
  clock.at = plusMs(NOW, 6 * DAY);
  t.deepEqual(
    (await ca.crls()).map(({ number }) => number),
    before.map(({ number }) => number),
  );
  clock.at = plusMs(NOW, 8 * DAY);
  for (const crl of await ca.crls()) t.is(crl.thisUpdate, clock.at);
  clock.at = NOW;
});

test.serial('profiles decide about keys and names', async (t) => {
  const spki = spkiOf(await generateKey('p-256'));
  await t.throwsAsync(
    ca.issue({ profile: 'bidder-encrypt', subject, spki: spkiOf(await generateKey('rsa-3072')) }),
    refused('E_CA_KEY'),
  );
  await t.throwsAsync(
    ca.issue({ profile: 'bank-seal', subject: { commonName: '无机构' }, spki }),
    refused('E_CA_SUBJECT'),
  );
  await t.throwsAsync(ca.issue({ profile: 'bidder-sign', subject: {}, spki }), refused('E_CA_SUBJECT'));
  await t.throwsAsync(ca.issue({ profile: 'bidder-sign', subject, spki, hosts: ['x'] }), refused('E_CA_SUBJECT'));
  await t.throwsAsync(
    ca.issue({ profile: 'bidder-sign', subject: { ...subject, uscc: 'IOSVZ' }, spki }),
    refused('E_CERT_FORMAT'),
  );
});

test.serial('a server signer is made once and loads again, also without the authority', async (t) => {
  const options = {
    ca,
    directory: join(directory, 'seals'),
    name: 'bank-seal',
    profile: 'bank-seal',
    subject,
    key: 'rsa-3072',
  } as const;
  const made = await openServerSigner(options);
  const again = await openServerSigner(options);
  const elsewhere = await loadServerSigner(options.directory, 'bank-seal', 'rsa-3072');
  t.is(again.certificate.serial, made.certificate.serial);
  t.is(elsewhere.certificate.serial, made.certificate.serial);
  t.is(elsewhere.chain.length, 1);
  await t.throwsAsync(loadServerSigner(options.directory, 'nobody'), refused('E_CA_STATE'));
});

test.serial('the public side comes back from its files and verifies', async (t) => {
  const target = join(directory, 'public');
  await publishTrust(ca, target);
  const { roots, intermediates, crls } = await readTrust(target);
  const leaf = await ca.issue({ profile: 'tenderee-sign', subject, spki: spkiOf(await generateKey('p-256')) });
  await t.notThrowsAsync(verifyChain({ leaf, roots, intermediates, crls, at: NOW, usage: 'pdf-seal' }));
  await t.throwsAsync(readTrust(join(directory, 'nowhere')), refused('E_CA_STATE'));
});

test.serial('a server certificate names its host for openssl', async (t) => {
  const { cert, key } = await openTlsCertificate(ca, join(directory, 'tls'), '192.0.2.7');
  t.regex(key, /PRIVATE KEY/);
  const files = { 'cert.pem': cert, 'root.pem': toPem(ca.root.der) };
  const output = await openssl(
    [
      'verify',
      '-attime',
      String(NOW / 1000),
      '-purpose',
      'sslserver',
      '-verify_ip',
      '192.0.2.7',
      '-CAfile',
      'root.pem',
      '-untrusted',
      'cert.pem',
      'cert.pem',
    ],
    files,
  );
  t.is(output.toString().trim(), 'cert.pem: OK');
});

test.serial('every file of the authority is readable by its owner only, and no draft is left', async (t) => {
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    const { mode } = await stat(join(entry.parentPath, entry.name));
    t.is(mode & 0o077, 0, entry.name);
    t.false(entry.name.endsWith('.tmp'));
  }
});

test.serial('a crash between state and list does not bring a revoked certificate back', async (t) => {
  const leaf = await ca.issue({ profile: 'expert-sign', subject, spki: spkiOf(await generateKey('p-256')) });
  const path = join(directory, 'experts', 'list.crl');
  const before = await readFile(path);
  await ca.revoke(leaf, 'keyCompromise');
  await writeFile(path, before);
  await t.throwsAsync(verify(leaf, await reopen()), refused('E_CERT_REVOKED'));
});
