import test from 'ava';
import fc from 'fast-check';
import { DomainError, concatBytes, equalBytes, plusMs, utf8 } from '@qej/kernel';
import { NOW, newAuthority, newKeyPair, openssl } from '../test/authority.ts';
import { ecdsaFromDer, ecdsaToDer } from './algorithms.ts';
import { context, integer, octetString, readDer, sequence, tlv } from './der/index.ts';
import type { DerNode } from './der/index.ts';
import {
  OID,
  getPurpose,
  localTsaPolicy,
  parseSignedData,
  signCms,
  signTimestampToken,
  toPem,
  verifyCms,
  webCryptoSigner,
} from './index.ts';
import type { Signer, VerifyCmsRequest } from './index.ts';

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

/** Rebuilds the SignedData with changed members of the SignedData or of its SignerInfo. */
function rebuild(
  bytes: Uint8Array,
  change: {
    info?: (members: readonly DerNode[]) => readonly Uint8Array[];
    infos?: (info: Uint8Array) => readonly Uint8Array[];
  },
): Uint8Array {
  const signedData = readDer(bytes).children[1]?.children[0];
  const members = signedData?.children ?? [];
  const info = members.at(-1)?.children[0];
  if (info === undefined) throw new Error('no SignerInfo');
  const changed = change.info === undefined ? info.bytes : sequence(...change.info(info.children));
  const infos = change.infos === undefined ? [changed] : change.infos(changed);
  return sequence(
    readDer(bytes).children[0]?.bytes ?? new Uint8Array(),
    context(0, sequence(...members.slice(0, -1).map((node) => node.bytes), tlv(0x31, ...infos))),
  );
}

const bytesOf = (members: readonly DerNode[]): Uint8Array[] => members.map((node) => node.bytes);

test('no signer, two signers and a missing attribute set are refused', async (t) => {
  await t.throwsAsync(verify(rebuild(cms, { infos: () => [] })), refused('E_CMS_SIGNER_COUNT'));
  await t.throwsAsync(verify(rebuild(cms, { infos: (info) => [info, info] })), refused('E_CMS_SIGNER_COUNT'));
  await t.throwsAsync(
    verify(rebuild(cms, { info: (members) => bytesOf(members.filter(({ tag }) => tag !== 0xa0)) })),
    refused('E_CMS_ATTRIBUTES'),
  );
});

test('signed attributes cannot be passed off as content (the attack on optional attributes)', async (t) => {
  const attributes = parseSignedData(cms).signedBytes;
  const members = readDer(cms).children[1]?.children[0]?.children ?? [];
  const stripped = rebuild(cms, { info: (all) => bytesOf(all.filter(({ tag }) => tag !== 0xa0)) });
  const infos = readDer(stripped).children[1]?.children[0]?.children.at(-1)?.bytes ?? new Uint8Array();
  const attack = sequence(
    readDer(cms).children[0]?.bytes ?? new Uint8Array(),
    context(
      0,
      sequence(
        members[0]?.bytes ?? new Uint8Array(),
        members[1]?.bytes ?? new Uint8Array(),
        sequence(members[2]?.children[0]?.bytes ?? new Uint8Array(), context(0, octetString(attributes))),
        members[3]?.bytes ?? new Uint8Array(),
        infos,
      ),
    ),
  );
  await t.throwsAsync(verify(attack), refused('E_CMS_ATTRIBUTES'));
});

/** A signer that signs attributes of its own making. */
const tampering = (change: (attributes: readonly Uint8Array[]) => readonly Uint8Array[]): Promise<Uint8Array> => {
  let made = new Uint8Array();
  const inner: Signer = {
    ...signer,
    sign: (bytes) => signer.sign((made = new Uint8Array(tlv(0x31, ...change(bytesOf(readDer(bytes).children)))))),
  };
  return signCms({ content, eContentType, signer: inner }).then((bytes) =>
    rebuild(bytes, {
      info: (members) =>
        members.map((node) => (node.tag === 0xa0 ? concatBytes(Uint8Array.of(0xa0), made.subarray(1)) : node.bytes)),
    }),
  );
};

test('each mandatory attribute is missed, a double or unsorted one refused', async (t) => {
  for (const index of [0, 1, 2])
    await t.throwsAsync(
      tampering((all) => all.filter((_, i) => i !== index)).then((bytes) => verify(bytes)),
      refused('E_CMS_ATTRIBUTES'),
    );
  await t.throwsAsync(
    tampering((all) => [...all.slice(0, 1), ...all]).then((bytes) => verify(bytes)),
    refused('E_CMS_ATTRIBUTES'),
  );
  await t.throwsAsync(
    tampering((all) => all.toReversed()).then((bytes) => verify(bytes)),
    refused('E_CMS_ATTRIBUTES'),
  );
  await t.notThrowsAsync(tampering((all) => all).then((bytes) => verify(bytes)));
});

test('another certificate for the same key cannot be slipped under a signature', async (t) => {
  const pair = await newKeyPair('p-256');
  const [mine, other] = [await ca.issue('bidder-sign', pair), await ca.issue('expert-sign', pair)];
  const own = webCryptoSigner(pair.privateKey, mine, [ca.issuing.certificate]);
  const attributesOfMine = await signCms({
    content,
    eContentType,
    signer: { ...own, certificate: other, sign: (bytes) => own.sign(bytes) },
  });
  await t.notThrowsAsync(verify(attributesOfMine));
  const swapped = await signCms({ content, eContentType, signer: own });
  const signedData = readDer(swapped).children[1]?.children[0]?.children ?? [];
  const infos = readDer(attributesOfMine).children[1]?.children[0]?.children.at(-1)?.children[0]?.children ?? [];
  const mixed = sequence(
    ...bytesOf(infos).map((bytes, i) => (i === 3 || i === 5 ? (parseInfo(swapped)[i] ?? bytes) : bytes)),
  );
  const attack = sequence(
    readDer(swapped).children[0]?.bytes ?? new Uint8Array(),
    context(
      0,
      sequence(...bytesOf(signedData.slice(0, 3)), context(0, other.der, ca.issuing.certificate.der), tlv(0x31, mixed)),
    ),
  );
  await t.throwsAsync(verify(attack), refused('E_CMS_SIGNING_CERTIFICATE'));
});

const parseInfo = (bytes: Uint8Array): Uint8Array[] =>
  bytesOf(readDer(bytes).children[1]?.children[0]?.children.at(-1)?.children[0]?.children ?? []);

test('SHA-1 as digest is refused', async (t) => {
  const sha1 = sequence(readDer(new Uint8Array([0x06, 5, 0x2b, 0x0e, 3, 2, 0x1a])).bytes, tlv(5));
  await t.throwsAsync(
    verify(rebuild(cms, { info: (members) => bytesOf(members).map((bytes, i) => (i === 2 ? sha1 : bytes)) })),
    refused('E_ALGORITHM'),
  );
});

test('RSA of 2048 bits and RSA with exponent 3 are refused', async (t) => {
  const { generateKeyPairSync } = await import('node:crypto');
  for (const options of [{ modulusLength: 2048 }, { modulusLength: 3072, publicExponent: 3 }]) {
    const spki = new Uint8Array(generateKeyPairSync('rsa', options).publicKey.export({ type: 'spki', format: 'der' }));
    await t.throwsAsync(ca.issue('bidder-sign', await newKeyPair('p-256'), { spki }), refused('E_KEY_WEAK'));
  }
});

test('high s is accepted, as CMS allows it: signature bytes identify nothing', async (t) => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const raw = ecdsaFromDer(parseSignedData(cms).signature);
  const s = BigInt(`0x${Buffer.from(raw.subarray(32)).toString('hex')}`);
  const other = sequence(integer(raw.subarray(0, 32)), integer(order - s));
  await t.notThrowsAsync(
    verify(
      rebuild(cms, { info: (members) => bytesOf(members).map((bytes, i) => (i === 5 ? octetString(other) : bytes)) }),
    ),
  );
  t.deepEqual(ecdsaToDer(raw), parseSignedData(cms).signature);
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
