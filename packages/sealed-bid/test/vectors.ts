import {
  canonicalJson,
  concatBytes,
  fromBase64,
  fromUtf8,
  instant,
  lengthValue,
  toBase64,
  toHex,
  u32be,
  utf8,
  type Json,
} from '@qej/kernel';
import { patterned, sampleFile, sampleInput, sampleLot, sampleSets, seeded, type SampleLot } from './sample-bid.ts';
import { blockKey } from '../src/content-keys.ts';
import { deriveKeyPair, hpkeSeal, keySchedule } from '../src/hpke.ts';
import {
  closingEntryOf,
  closingLeaf,
  closingProof,
  closingRoot,
  encodeSealMessage,
  entropySeed,
  makeAcceptance,
  makeRelease,
  openAcceptance,
  openSealMessage,
  parseManifest,
  prepareSealing,
  webCryptoProvider as p,
  withdrawalOf,
  type ContentStage,
  type SealedBid,
  type SealInput,
  type Stage,
} from '../src/index.ts';
import { keyVectors, registerVector, stageVector, type Members } from './stage-vectors.ts';
import { label, listOf } from '../src/labels.ts';
import { chunkLeaf, fileRoot } from '../src/merkle.ts';
import { parseRegisterEnvelope } from '../src/register-envelope.ts';
import { openBlock, parseRegisterRecord } from '../src/record.ts';
import { chunkCount, MEBIBYTE, padme } from '../src/padme.ts';
import { derivedSecrets, type SealSecrets } from '../src/seal-secrets.ts';
import { webPrimitives } from '../src/web-provider.ts';

const stageNames = ['register', 'technical', 'price'] as const;

async function hpkeVector(): Promise<Members> {
  const recipient = await deriveKeyPair(webPrimitives, utf8('vector recipient'));
  const [info, coins, plaintext] = [
    await seeded(p, 'info'),
    concatBytes(await seeded(p, 'coins'), new Uint8Array(16)),
    await seeded(p, 'secret'),
  ];
  const ephemeral = await deriveKeyPair(webPrimitives, coins);
  const dh = await webPrimitives.p256SharedSecret(ephemeral.scalar, recipient.point);
  if (dh === undefined) throw new Error('dh');
  const { key, nonce } = await keySchedule(webPrimitives, {
    dh,
    enc: ephemeral.point,
    recipient: recipient.point,
    info,
  });
  const sealed = await hpkeSeal(webPrimitives, { recipient: recipient.point, info }, plaintext, coins);
  return {
    recipientIkm: toHex(utf8('vector recipient')),
    recipientScalar: toHex(recipient.scalar),
    recipientPoint: toHex(recipient.point),
    info: toHex(info),
    coins: toHex(coins),
    ephemeralScalar: toHex(ephemeral.scalar),
    enc: toHex(ephemeral.point),
    dh: toHex(dh),
    key: toHex(key),
    nonce: toHex(nonce),
    plaintext: toHex(plaintext),
    sealed: toHex(sealed),
  };
}

async function acceptanceVectors(lot: SampleLot, stage: (typeof stageNames)[number]): Promise<Json[]> {
  const { group, scalars } = lot.stages[stage];
  const common = {
    noticeHash: lot.noticeHash,
    lotId: lot.lotId,
    stage,
    holders: group.holders.map(({ id }) => id),
    sets: sampleSets.map((set) => [...set]),
    acceptedAt: '2026-11-23T05:00:00.000Z',
  };
  return Promise.all(
    scalars.map(async (scalar, i) => {
      const signed = await makeAcceptance(p, { ...common, holderId: group.holders[i]?.id ?? '' }, scalar);
      const release = makeRelease(await openAcceptance(p, signed), scalar, toHex(await seeded(p, 'closing entry')));
      return {
        x: toHex(scalar),
        acceptance: fromUtf8(signed.bytes),
        proof: toHex(signed.proof),
        acceptHash: group.holders[i]?.acceptHash ?? '',
        release: fromUtf8(release),
      };
    }),
  );
}

/** A file of two chunks, too large to be quoted: plaintext byte i is (7i + floor(i / 251)) mod 256. */
async function chunkVector(): Promise<Members> {
  const [key, hh, length] = [await seeded(p, 'file key'), await seeded(p, 'hh'), MEBIBYTE + 1];
  const padded = new Uint8Array(padme(length));
  padded.set(patterned(length));
  const leaves: Uint8Array[] = [];
  const chunks: Json[] = [];
  for (let index = 0; index < chunkCount(length); index++) {
    const at = { index, last: index === chunkCount(length) - 1 };
    const sealed = await p.aeadSeal(key, at, hh, padded.slice(index * MEBIBYTE, (index + 1) * MEBIBYTE));
    leaves.push(await chunkLeaf(p, at, sealed));
    chunks.push({
      index,
      last: at.last,
      nonce: `${index.toString(16).padStart(22, '0')}${at.last ? '01' : '00'}`,
      sealedLength: sealed.length,
      tag: toHex(sealed.slice(-16)),
      leaf: toHex(leaves[index] ?? hh),
    });
  }
  return {
    key: toHex(key),
    hh: toHex(hh),
    length,
    paddedLength: padded.length,
    plaintextHash: toHex(await p.hash(patterned(length))),
    chunks,
    root: toHex(await fileRoot(p, leaves)),
  };
}

async function closingVector(message: Uint8Array, withdrawal: Uint8Array): Promise<Members> {
  const seals = await Promise.all([message, withdrawal].map((bytes) => openSealMessage(p, bytes)));
  const third = {
    messageHash: toHex(await seeded(p, 'third')),
    body: { opaqueId: '3'.repeat(32), registerHash: '4'.repeat(64) },
  };
  const entries = [...seals, third].map((seal, i) =>
    closingEntryOf(
      { ...seal, body: { ...seal.body, opaqueId: i === 1 ? '1'.repeat(32) : seal.body.opaqueId } },
      instant(Date.UTC(2026, 11, 1, 1, 0, i)),
    ),
  );
  const root = await closingRoot(p, entries);
  const lotId = seals[0]?.body.lotId ?? '';
  const entropies = [toHex(await seeded(p, 'entropy a')), toHex(await seeded(p, 'entropy b'))];
  return {
    entries: entries.map((entry) => canonicalJson(entry)),
    leaves: await Promise.all(entries.map(async (entry) => toHex(await closingLeaf(p, entry)))),
    root,
    proofs: await Promise.all(
      entries.map(async ({ messageHash }) => ({ messageHash, ...(await closingProof(p, entries, messageHash)) })),
    ),
    draw: {
      purpose: 'committee',
      lotId,
      entropies,
      seed: toHex(await entropySeed(p, entropies, { closingRoot: root, purpose: 'committee', lotId })),
    },
  };
}

async function secretVectors(secrets: SealSecrets): Promise<Members> {
  const { bidNonce, bidderSecret, ownerSalt, objectSeed, entropy, priceSalt, wrapCoins } = derivedSecrets;
  const entries = Object.entries({ bidNonce, B: bidderSecret, ownerSalt, objectSeed, entropy, priceSalt, wrapCoins });
  const derived = await Promise.all(
    entries.map(async ([name, derive]) => [name, toHex(await derive(p, secrets))] as const),
  );
  return {
    attempt: toHex(secrets.attempt),
    capability: toHex(secrets.capability),
    bidderScalar: toHex(await seeded(p, 'bidder')),
    ...Object.fromEntries(derived),
  };
}

async function sealAll(input: SealInput): Promise<{
  readonly sealed: SealedBid;
  readonly manifest: Uint8Array;
  readonly rescue: Uint8Array;
  readonly streams: ReadonlyMap<ContentStage, Uint8Array>;
}> {
  const sealing = await prepareSealing(p, input);
  const objects = new Map<ContentStage, Uint8Array>();
  for await (const { stage, bytes } of sealing.objects()) objects.set(stage, bytes);
  const manifest = await sealing.manifest();
  const sealed = await sealing.finish(manifest, { kind: 'cash' });
  const record = await registerRecord(sealed, input);
  const streams = new Map(
    record.stages.map(
      ({ stage, streamLength }) => [stage, (objects.get(stage) ?? new Uint8Array(0)).slice(0, streamLength)] as const,
    ),
  );
  return { sealed, manifest, rescue: sealing.rescue ?? new Uint8Array(0), streams };
}

async function registerRecord(
  { envelope, halves }: SealedBid,
  { secrets }: SealInput,
): Promise<ReturnType<typeof parseRegisterRecord>> {
  const { header, hh, sealedRecord } = await parseRegisterEnvelope(p, envelope);
  const { ck } = await keyVectors(header.core, secrets, halves.get('register') ?? hh);
  return parseRegisterRecord((await openBlock(p, await blockKey(p, ck, 'record', hh), hh, sealedRecord)) ?? hh);
}

async function bidVector(lot: SampleLot, secrets: SealSecrets): Promise<Members> {
  const files = [
    sampleFile('技术标.txt', utf8('hello 投标'), 'main'),
    sampleFile('empty.txt', new Uint8Array(0), 'annex'),
  ];
  const input = await sampleInput(p, lot, { secrets, files });
  const { sealed, manifest, rescue, streams } = await sealAll(input);
  const { envelope, message, halves } = sealed;
  const half = (stage: Stage): Uint8Array => halves.get(stage) ?? new Uint8Array(0);
  const withdrawal = await encodeSealMessage(p, withdrawalOf(await openSealMessage(p, message)), secrets.capability);
  const stages: Members = {};
  for (const [stage, stream] of streams) stages[stage] = await stageVector({ stage, stream, secrets, h: half(stage) });
  const { header } = await parseRegisterEnvelope(p, envelope);
  return {
    ownerCertificate: toBase64(input.ownerCertificate),
    bidderKey: toHex(input.bidderKey ?? envelope),
    manifest: fromUtf8(manifest),
    bidRoot: parseManifest(manifest).bidRoot,
    WB: toHex(fromBase64(header.WB)),
    register: await registerVector(sealed, secrets, half('register')),
    ...stages,
    rescue: fromUtf8(rescue),
    sealMessage: toBase64(message),
    sealMessageHash: (await openSealMessage(p, message)).messageHash,
    withdrawal: toBase64(withdrawal),
    closing: await closingVector(message, withdrawal),
  };
}

/** Every value follows from the names in `test/sample-bid.ts`; nothing is random. */
export async function makeVectors(): Promise<string> {
  const lot = await sampleLot(p);
  const secrets: SealSecrets = { attempt: await seeded(p, 'attempt'), capability: await seeded(p, 'capability') };
  const acceptances: Members = {};
  for (const stage of stageNames) acceptances[stage] = await acceptanceVectors(lot, stage);
  const vectors: Members = {
    about:
      'Test vectors of docs/formats/sealed-bid.md, written by packages/sealed-bid/scripts/make-vectors.ts. Hex unless the format says base64. manifestCms holds the bare manifest bytes: a CMS would be random.',
    v: 1,
    suite: 'intl',
    encodings: {
      'L("core")': toHex(label(p, 'core')),
      'LV("abc")': toHex(lengthValue(utf8('abc'))),
      'u32(258)': toHex(u32be(258)),
      'list([0,2])': toHex(listOf([0, 2])),
    },
    padme: [0, 1, 2, 9, 100, 1000, 65_537, 1_048_577, 123_456_789].map((length) => [length, padme(length)]),
    hpke: await hpkeVector(),
    chunks: await chunkVector(),
    noticeHash: lot.noticeHash,
    editionHash: lot.editionHash,
    lotId: lot.lotId,
    holders: acceptances,
    secrets: await secretVectors(secrets),
    bid: await bidVector(lot, secrets),
  };
  return `${JSON.stringify(vectors, null, 1)}\n`;
}
