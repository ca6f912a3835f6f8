import { fromBase64, toHex, utf8, type Json } from '@qej/kernel';
import {
  bytesSource,
  checkPadding,
  paddingOf,
  checkManifest,
  holderGroupOf,
  makeAcceptance,
  newSealSecrets,
  openRegister,
  openSealMessage,
  openStage,
  parseManifest,
  prepareSealing,
  readStageHead,
  scalarDecrypter,
  bidderHalf,
  type ContentStage,
  type CryptoProvider,
  type HolderGroup,
  type LotExpectation,
  type Manifest,
  type OpenedRegister,
  type OpenedStage,
  type ObjectSource,
  type ReleasedKeys,
  type SealFile,
  type SealInput,
  type SealSecrets,
  type SealStage,
  type Stage,
} from '../src/index.ts';

/** Deterministic bytes for samples: SHA-256 of a name. */
export const seeded = (provider: CryptoProvider, name: string): Promise<Uint8Array> =>
  provider.hash(utf8(`sample/${name}`));

const hexOf = async (provider: CryptoProvider, name: string): Promise<string> => toHex(await seeded(provider, name));
const idOf = async (provider: CryptoProvider, name: string): Promise<string> =>
  (await hexOf(provider, name)).slice(0, 32);

export const sampleSets = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

export interface StageHolders {
  readonly group: HolderGroup;
  readonly scalars: readonly Uint8Array[];
}

/** A lot with three holders a stage, any two of which open it. */
export interface SampleLot {
  readonly noticeHash: string;
  readonly editionHash: string;
  readonly lotId: string;
  readonly stages: Readonly<Record<'register' | ContentStage, StageHolders>>;
}

async function sampleHolders(
  provider: CryptoProvider,
  stage: Stage,
  lot: { noticeHash: string; lotId: string },
): Promise<StageHolders> {
  const ids = await Promise.all([0, 1, 2].map((i) => idOf(provider, `holder-${i}`)));
  const scalars = await Promise.all(ids.map((_, i) => seeded(provider, `${stage}/x${i}`)));
  const common = {
    ...lot,
    stage,
    holders: ids,
    sets: sampleSets.map((set) => [...set]),
    acceptedAt: '2026-11-23T05:00:00.000Z',
  };
  const signed = await Promise.all(
    scalars.map((scalar, i) => makeAcceptance(provider, { ...common, holderId: ids[i] ?? '' }, scalar)),
  );
  return { group: await holderGroupOf(provider, signed), scalars };
}

export async function sampleLot(provider: CryptoProvider): Promise<SampleLot> {
  const lot = { noticeHash: await hexOf(provider, 'notice'), lotId: await idOf(provider, 'lot') };
  const [register, technical, price] = await Promise.all(
    (['register', 'technical', 'price'] as const).map((stage) => sampleHolders(provider, stage, lot)),
  );
  if (register === undefined || technical === undefined || price === undefined) throw new Error('three stages');
  return { ...lot, editionHash: await hexOf(provider, 'edition'), stages: { register, technical, price } };
}

export interface SampleOptions {
  readonly opening?: 'joint' | 'group';
  readonly files?: readonly SealFile[];
  readonly secrets?: SealSecrets;
  readonly price?: Json;
}

export const sampleFile = (name: string, bytes: Uint8Array, part = 'main'): SealFile => ({
  name,
  mediaType: 'application/octet-stream',
  part,
  source: bytesSource(bytes),
});

/** Bytes that differ from place to place: i·7 + i/251. */
export const patterned = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + Math.floor(i / 251)) & 0xff);

export async function sampleInput(
  provider: CryptoProvider,
  lot: SampleLot,
  options: SampleOptions = {},
): Promise<SealInput> {
  const bidder = await provider.publicKeyOf(await seeded(provider, 'bidder'));
  const stages: SealStage[] = [
    {
      stage: 'technical',
      ...lot.stages.technical.group,
      files: options.files ?? [
        sampleFile('技术标.pdf', patterned(1000)),
        sampleFile('empty.txt', new Uint8Array(0), 'annex'),
      ],
      fields: { days: 90 },
    },
    {
      stage: 'price',
      ...lot.stages.price.group,
      files: [],
      price: options.price ?? { total: '1234500.00', currency: 'CNY' },
    },
  ];
  return {
    suite: 'intl',
    noticeHash: lot.noticeHash,
    editionHash: lot.editionHash,
    lotId: lot.lotId,
    opaqueId: await idOf(provider, 'opaque'),
    opening: options.opening ?? 'joint',
    ownerCertificate: utf8('sample certificate, DER in earnest'),
    ...(bidder === undefined ? {} : { bidderKey: bidder }),
    register: lot.stages.register.group,
    stages,
    secrets: options.secrets ?? (await newSealSecrets(provider)),
  };
}

export interface SealedSample {
  readonly lot: SampleLot;
  readonly input: SealInput;
  readonly envelope: Uint8Array;
  readonly message: Uint8Array;
  readonly rescue: Uint8Array | undefined;
  readonly objects: Map<string, Uint8Array>;
  readonly deposit: Json;
}

/** Seals; the manifest bytes stand where a CMS stands in earnest (its check belongs to pki). */
export async function sealSample(
  provider: CryptoProvider,
  lot: SampleLot,
  options: SampleOptions = {},
): Promise<SealedSample> {
  const input = await sampleInput(provider, lot, options);
  const sealing = await prepareSealing(provider, input);
  const objects = new Map<string, Uint8Array>();
  for await (const { id, bytes } of sealing.objects()) objects.set(id, bytes);
  const deposit = { kind: 'guarantee', opening: 'sample' };
  const { envelope, message } = await sealing.finish(await sealing.manifest(), deposit);
  return { lot, input, envelope, message, rescue: sealing.rescue, objects, deposit };
}

export const expectationOf = (lot: SampleLot, opening: 'joint' | 'group' = 'joint'): LotExpectation => ({
  suite: 'intl',
  noticeHash: lot.noticeHash,
  lotId: lot.lotId,
  opening,
  ...lot.stages.register.group,
});

export const releasedBy = ({ scalars }: StageHolders, set: readonly number[]): ReleasedKeys =>
  new Map(set.map((i) => [i, scalars[i] ?? new Uint8Array(32)]));

export interface OpenedSample {
  readonly register: OpenedRegister;
  readonly manifest: Manifest;
  readonly stages: readonly OpenedStage[];
  readonly files: readonly Uint8Array[];
}

async function readAll(stage: OpenedStage): Promise<Uint8Array[]> {
  const read: Uint8Array[] = [];
  for (const file of stage.files) {
    const bytes = new Uint8Array(file.length);
    let offset = 0;
    for await (const piece of file.chunks()) {
      bytes.set(piece, offset);
      offset += piece.length;
    }
    read.push(bytes);
  }
  return read;
}

/** Register, CMS stand-in and manifest, checked in the order of the acceptance rule. */
export async function openSampleRegister(
  provider: CryptoProvider,
  { lot, input, envelope, message: sent }: SealedSample,
  set: readonly number[],
): Promise<{ readonly register: OpenedRegister; readonly manifest: Manifest }> {
  const message = await openSealMessage(provider, sent);
  const released = releasedBy(lot.stages.register, set);
  const expected = expectationOf(lot, input.opening);
  const register = await openRegister(provider, { message, envelope, expected, released });
  const manifest = parseManifest(fromBase64(register.record.manifestCms));
  await checkManifest(provider, manifest, register, input.ownerCertificate);
  return { register, manifest };
}

async function sampleHalf(provider: CryptoProvider, register: OpenedRegister, ctx: Uint8Array): Promise<object> {
  if (register.header.core.opening === 'group') return {};
  const decrypter = scalarDecrypter(provider, await seeded(provider, 'bidder'));
  const secret = await decrypter.unwrap(fromBase64(register.header.WB), register.ctx);
  return { bidderHalf: await bidderHalf(provider, secret, ctx) };
}

/** Opens everything with one authorised set, filler included. */
export async function openSample(
  provider: CryptoProvider,
  sealed: SealedSample,
  set: readonly number[] = [0, 1],
): Promise<OpenedSample> {
  const { lot } = sealed;
  const { register, manifest } = await openSampleRegister(provider, sealed, set);
  const stages: OpenedStage[] = [];
  const files: Uint8Array[] = [];
  const objects: ObjectSource = async (id) => sealed.objects.get(id);
  for (const { stage } of register.record.stages) {
    const place = { stage, register, manifest, holders: lot.stages[stage].group, objects };
    const head = await readStageHead(provider, place);
    const half = await sampleHalf(provider, register, head.ctx);
    const opened = await openStage(provider, { ...place, ...half, released: releasedBy(lot.stages[stage], set) });
    stages.push(opened);
    files.push(...(await readAll(opened)));
    await checkPadding(provider, ...paddingOf(register, head), objects);
  }
  return { register, manifest, stages, files };
}
