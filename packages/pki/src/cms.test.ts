import test from 'ava';
import fc from 'fast-check';
import { DomainError, equalBytes, plusMs, utf8 } from '@qej/kernel';
import { NOW, newAuthority, newKeyPair, openssl } from '../test/authority.ts';
import {
  OID,
  getPurpose,
  localTsaPolicy,
  signCms,
  signTimestampToken,
  toPem,
  verifyCms,
  webCryptoSigner,
} from './index.ts';
import type { VerifyCmsRequest } from './index.ts';

const ca = await newAuthority();
const signer = await ca.signer('bidder-sign');
const content = utf8('{"投标":"清单"}');
const { eContentType } = getPurpose('qej-manifest/1');
const trust = { roots: ca.roots, crls: ca.crls, at: NOW } as const;
const cms = await signCms({ content, eContentType, signer });
const refused = (code: string) => ({ instanceOf: DomainError, code });
const verify = (bytes: Uint8Array, extra: Partial<VerifyCmsRequest> = {}) =>
  verifyCms({ cms: bytes, eContentType, ...trust, ...extra });

const opensslVerify = (bytes: Uint8Array, extra: readonly string[] = []): Promise<string> =>
  openssl(
    [
      'cms',
      '-verify',
      '-cades',
      '-inform',
      'DER',
      '-in',
      'cms.der',
      '-CAfile',
      'root.pem',
      '-attime',
      String(NOW / 1000),
      '-binary',
      '-out',
      'out.bin',
      ...extra,
    ],
    {
      'cms.der': bytes,
      'root.pem': toPem(ca.root.certificate.der),
      'content.bin': content,
    },
  );

for (const type of ['p-256', 'rsa-pkcs1', 'rsa-pss'] as const) {
  test(`a ${type} signature verifies here and with openssl -cades, enclosed and detached`, async (t) => {
    const other = await ca.signer('bidder-sign', type);
    const enclosed = await signCms({ content, eContentType, signer: other, signingTime: NOW });
    const result = await verify(enclosed);
    t.deepEqual(result.content, content);
    t.is(result.signer.subject.commonName, '王小明');
    t.is(result.claimedSigningTime, NOW);
    t.regex(await opensslVerify(enclosed), /CAdES Verification successful/);
    const detached = await signCms({ content, detached: true, eContentType, signer: other });
    await t.notThrowsAsync(verify(detached, { content }));
    t.regex(await opensslVerify(detached, ['-content', 'content.bin']), /CAdES Verification successful/);
  });
}

test('a digest alone can be signed, as a PDF needs it, and no signing time is claimed', async (t) => {
  const contentDigest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', content));
  const pdf = await signCms({ contentDigest, eContentType: OID.data, signer });
  const expected = { eContentType: OID.data };
  t.is((await verify(pdf, { ...expected, contentDigest })).claimedSigningTime, undefined);
  await t.notThrowsAsync(verify(pdf, { ...expected, content }));
  t.regex(await opensslVerify(pdf, ['-content', 'content.bin']), /CAdES Verification successful/);
  await t.throwsAsync(
    signCms({ contentDigest: contentDigest.slice(1), eContentType: OID.data, signer }),
    refused('E_CMS_DIGEST'),
  );
});

test('what openssl signs with -cades verifies here', async (t) => {
  const pair = await newKeyPair('p-256');
  const certificate = await ca.issue('bidder-sign', pair);
  const pkcs8 = new Uint8Array(await globalThis.crypto.subtle.exportKey('pkcs8', pair.privateKey));
  const files = {
    'key.der': pkcs8,
    'cert.pem': toPem(certificate.der),
    'issuing.pem': toPem(ca.issuing.certificate.der),
    'content.bin': content,
  };
  const args = [
    'cms',
    '-sign',
    '-cades',
    '-binary',
    '-nosmimecap',
    '-nodetach',
    '-in',
    'content.bin',
    '-signer',
    'cert.pem',
    '-inkey',
    'key.der',
    '-keyform',
    'DER',
    '-certfile',
    'issuing.pem',
    '-outform',
    'PEM',
    '-md',
    'sha256',
  ];
  const pem = await openssl(args, files);
  const der = Uint8Array.from(Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64'));
  t.deepEqual((await verify(der, { eContentType: OID.data })).content, content);
});

test('the signature of one purpose is refused for another', async (t) => {
  await t.throwsAsync(
    verify(cms, { eContentType: getPurpose('qej-award/1').eContentType }),
    refused('E_CMS_CONTENT_TYPE'),
  );
});

test('changed or missing content, and content given twice, are refused', async (t) => {
  const detached = await signCms({ content, detached: true, eContentType, signer });
  await t.throwsAsync(verify(detached, { content: utf8('other') }), refused('E_CMS_DIGEST'));
  await t.throwsAsync(verify(detached), refused('E_CMS_CONTENT'));
  await t.throwsAsync(verify(cms, { content }), refused('E_CMS_CONTENT'));
});

test('any flipped bit breaks verification', async (t) => {
  const position = fc.tuple(fc.integer({ min: 0, max: cms.length - 1 }), fc.integer({ min: 0, max: 7 }));
  await fc.assert(
    fc.asyncProperty(position, async ([at, bit]) => {
      const flipped = cms.slice();
      flipped[at] = (flipped[at] ?? 0) ^ (1 << bit);
      const outcome = await verify(flipped).then(
        (result) =>
          equalBytes(result.signer.der, signer.certificate.der) &&
          equalBytes(result.content ?? new Uint8Array(), content)
            ? 'same'
            : 'accepted',
        (error: unknown) => (error instanceof DomainError ? 'refused' : 'crashed'),
      );
      t.is(outcome, 'refused', `byte ${at}`);
    }),
    { numRuns: 300 },
  );
});

test('the certificate is judged at the time stamp, and a revoked one stays good for what was stamped before', async (t) => {
  const tsa = await ca.signer('tsa');
  const stampedAt = plusMs(NOW, -3_600_000);
  const timestamp = (digest: Uint8Array) =>
    signTimestampToken({
      digest,
      policyOid: localTsaPolicy,
      genTime: stampedAt,
      serial: Uint8Array.of(0x41),
      accuracyMs: 1000,
      signer: tsa,
    });
  const stamped = await signCms({ content, eContentType, signer, timestamp });
  const revoked = await ca.crlOf(
    ca.issuing,
    [{ serial: signer.certificate.serial, revokedAt: NOW, reason: 1 }],
    plusMs(NOW, 1000),
  );
  const crls = [...ca.crls, revoked];
  const policy = { roots: ca.roots, policyOids: [localTsaPolicy], crls };
  t.is((await verify(stamped, { crls, at: 'timestamp', timestamp: policy })).at, stampedAt);
  await t.throwsAsync(verify(stamped, { crls, at: NOW }), refused('E_CERT_REVOKED'));
  await t.throwsAsync(verify(cms, { at: 'timestamp', timestamp: policy }), refused('E_CMS_TIMESTAMP_MISSING'));
  t.regex(await opensslVerify(stamped), /CAdES Verification successful/);
});

test('an encryption key cannot sign', async (t) => {
  const pair = await newKeyPair('p-256');
  const wrong = webCryptoSigner(pair.privateKey, await ca.issue('bidder-encrypt', pair), [ca.issuing.certificate]);
  await t.throwsAsync(
    signCms({ content, eContentType, signer: wrong }).then((bytes) => verify(bytes)),
    refused('E_CERT_USAGE'),
  );
});
