import test from 'ava';
import { DomainError, plusMs } from '@qej/kernel';
import { DAY, NOW, newAuthority, newKeyPair, openssl } from '../test/authority.ts';
import {
  certificatesFromPem,
  checkChain,
  crlsFromPem,
  issueCertificate,
  parseCertificate,
  toPem,
  verifyChain,
  webCryptoSigner,
} from './index.ts';
import type { CertificateUsage, ProfileName } from './index.ts';

const ca = await newAuthority();
const leaf = (await ca.signer('bidder-sign')).certificate;
const base = { leaf, intermediates: ca.intermediates, roots: ca.roots, crls: ca.crls, at: NOW, usage: 'sign' } as const;
const refused = (code: string) => ({ instanceOf: DomainError, code });

test('a good chain passes every step, and the certificate says who it is', async (t) => {
  const { path, steps, revocation } = await verifyChain(base);
  t.deepEqual(
    path.map(({ subject }) => subject.commonName),
    ['王小明', '测试签发 Test Issuing', '测试根 Test Root'],
  );
  t.deepEqual(
    steps.map(({ step, ok }) => [step, ok]),
    [
      ['path', true],
      ['time', true],
      ['constraints', true],
      ['usage', true],
      ['revocation', true],
    ],
  );
  t.is(revocation, 'checked');
  t.is(leaf.subject.uscc, '91370200MA3TEXT01X');
  t.is(leaf.profile, 'bidder-sign');
  t.is(leaf.serial.length, 32);
});

test('openssl accepts the same chain with its lists', async (t) => {
  const crls = ca.crls.map(({ der }) => toPem(der, 'X509 CRL')).join('');
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
    {
      'root.pem': toPem(ca.root.certificate.der),
      'issuing.pem': toPem(ca.issuing.certificate.der),
      'crls.pem': crls,
      'leaf.pem': toPem(leaf.der),
    },
  );
  t.is(output.trim(), 'leaf.pem: OK');
  t.is(crlsFromPem(crls).length, 2);
  t.deepEqual(certificatesFromPem(`text\n${toPem(leaf.der)}`)[0]?.serial, leaf.serial);
});

test('before its first and after its last second a certificate is refused', async (t) => {
  await t.throwsAsync(verifyChain({ ...base, at: plusMs(leaf.notBefore, -1) }), refused('E_CERT_NOT_YET_VALID'));
  await t.throwsAsync(
    verifyChain({ ...base, at: plusMs(leaf.notAfter, 1000), crls: 'not-checked' }),
    refused('E_CERT_EXPIRED'),
  );
  await t.notThrowsAsync(verifyChain({ ...base, at: plusMs(leaf.notAfter, 999), crls: 'not-checked' }));
});

test('a revocation counts from its instant on, and a list newer than the judged instant is used', async (t) => {
  const revokedAt = plusMs(NOW, -DAY);
  const list = await ca.crlOf(ca.issuing, [{ serial: leaf.serial, revokedAt, reason: 1 }], NOW);
  const crls = [...ca.crls, list];
  await t.throwsAsync(verifyChain({ ...base, crls }), refused('E_CERT_REVOKED'));
  await t.throwsAsync(verifyChain({ ...base, crls, at: revokedAt }), refused('E_CERT_REVOKED'));
  await t.notThrowsAsync(verifyChain({ ...base, crls, at: plusMs(revokedAt, -1) }));
});

test('a revoked issuing authority takes its certificates along', async (t) => {
  const list = await ca.crlOf(
    ca.root,
    [{ serial: ca.issuing.certificate.serial, revokedAt: plusMs(NOW, -DAY), reason: 1 }],
    NOW,
  );
  await t.throwsAsync(verifyChain({ ...base, crls: [...ca.crls, list] }), refused('E_CERT_REVOKED'));
});

test('without a list, with a stale one or with a forged one the chain is refused', async (t) => {
  const [rootList, issuingList] = ca.crls;
  t.truthy(rootList && issuingList);
  if (rootList === undefined || issuingList === undefined) return;
  await t.throwsAsync(verifyChain({ ...base, crls: [rootList] }), refused('E_CRL_MISSING'));
  await t.throwsAsync(
    verifyChain({ ...base, crls: ca.crls, at: plusMs(issuingList.nextUpdate, 1) }),
    refused('E_CRL_STALE'),
  );
  const forged = { ...issuingList, tbs: Uint8Array.from(issuingList.tbs, (byte, i) => (i === 60 ? byte ^ 1 : byte)) };
  await t.throwsAsync(verifyChain({ ...base, crls: [rootList, forged] }), refused('E_CRL_MISSING'));
});

test('a foreign root, a missing link and a forged signature are told apart', async (t) => {
  const other = await newAuthority();
  await t.throwsAsync(verifyChain({ ...base, roots: [] }), refused('E_CERT_UNKNOWN_ISSUER'));
  await t.throwsAsync(verifyChain({ ...base, intermediates: [] }), refused('E_CERT_UNKNOWN_ISSUER'));
  await t.throwsAsync(
    verifyChain({ ...base, roots: other.roots, intermediates: ca.intermediates }),
    refused('E_CERT_UNKNOWN_ISSUER'),
  );
  const forged = { ...leaf, tbs: Uint8Array.from(leaf.tbs, (byte, i) => (i === 40 ? byte ^ 1 : byte)) };
  await t.throwsAsync(verifyChain({ ...base, leaf: forged }), refused('E_CERT_SIGNATURE'));
});

test('a bidder cannot issue certificates', async (t) => {
  const pair = await newKeyPair('p-256');
  const bidder = await ca.issue('bidder-sign', pair);
  const fake = parseCertificate(
    await issueCertificate(
      { profile: 'bank-seal', subject: { commonName: '假银行' }, spki: leaf.spki, notBefore: leaf.notBefore },
      { ...webCryptoSigner(pair.privateKey, bidder), certificate: bidder },
    ),
  );
  await t.throwsAsync(
    verifyChain({ ...base, leaf: fake, intermediates: [...ca.intermediates, bidder] }),
    refused('E_CERT_CONSTRAINTS'),
  );
});

test('path length 0 of the issuing authority stops a second authority below it', async (t) => {
  const pair = await newKeyPair('p-256');
  const sub = await ca.issue('issuing', pair);
  const fake = parseCertificate(
    await issueCertificate(
      { profile: 'bidder-sign', subject: { commonName: '某人' }, spki: leaf.spki, notBefore: leaf.notBefore },
      { ...webCryptoSigner(pair.privateKey, sub), certificate: sub },
    ),
  );
  await t.throwsAsync(
    verifyChain({ ...base, leaf: fake, intermediates: [...ca.intermediates, sub] }),
    refused('E_CERT_CONSTRAINTS'),
  );
});

const usages: readonly CertificateUsage[] = ['sign', 'encrypt', 'timestamp', 'pdf-seal', 'login'];
const allowed: readonly [ProfileName, readonly CertificateUsage[]][] = [
  ['bidder-sign', ['sign', 'pdf-seal', 'login']],
  ['bidder-encrypt', ['encrypt']],
  ['bank-seal', ['sign', 'pdf-seal']],
  ['tsa', ['timestamp']],
  ['issuing', []],
  ['tls-server', []],
];

for (const [profile, good] of allowed) {
  test(`a certificate of profile ${profile} serves for ${good.join(', ') || 'none of the usages'}`, async (t) => {
    const certificate = await ca.issue(profile, await newKeyPair('p-256'));
    for (const usage of usages) {
      const report = await checkChain({ ...base, leaf: certificate, usage });
      t.is(report.ok ? 'ok' : report.code, good.includes(usage) ? 'ok' : 'E_CERT_USAGE', usage);
    }
  });
}

test('a refusal as a report names the step that failed', async (t) => {
  const report = await checkChain({ ...base, usage: 'timestamp' });
  t.false(report.ok);
  t.deepEqual(
    report.steps.map(({ step, ok }) => `${step} ${ok}`),
    ['path true', 'time true', 'constraints true', 'usage false'],
  );
});
