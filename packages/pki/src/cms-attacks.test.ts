import test from 'ava';
import { DomainError, concatBytes, utf8 } from '@qej/kernel';
import { NOW, newAuthority, newKeyPair } from '../test/authority.ts';
import { ecdsaFromDer, ecdsaToDer } from './algorithms.ts';
import { context, integer, octetString, readDer, sequence, tlv } from './der/index.ts';
import type { DerNode } from './der/index.ts';
import { getPurpose, parseSignedData, signCms, verifyCms, webCryptoSigner } from './index.ts';
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
