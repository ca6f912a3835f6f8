import { fromBase64, newId, toHex, utf8 } from '@qej/kernel';
import {
  bidderHalf,
  checkManifest,
  holderGroupOf,
  makeAcceptance,
  newHolderScalar,
  newSealSecrets,
  openRegister,
  openSealMessage,
  openStage,
  parseManifest,
  prepareSealing,
  readStageHead,
  scalarDecrypter,
} from '@qej/sealed-bid';
import type {
  ByteSource,
  ContentStage,
  CryptoProvider,
  HolderGroup,
  ObjectSource,
  OpenedStage,
  SealedBid,
  SealInput,
  Stage,
} from '@qej/sealed-bid';

/** Any two of three holders open. */
const SETS = [
  [0, 1],
  [0, 2],
  [1, 2],
];
/** The set that releases here. */
const RELEASING = [0, 1];

interface StageHolders {
  readonly group: HolderGroup;
  readonly scalars: readonly Uint8Array[];
}

/** One lot with three holders a stage, and one bidder. */
export interface BenchLot {
  readonly noticeHash: string;
  readonly lotId: string;
  readonly bidder: Uint8Array;
  readonly stages: Readonly<Record<'register' | ContentStage, StageHolders>>;
}

async function holdersOf(provider: CryptoProvider, stage: Stage, lot: { noticeHash: string; lotId: string }) {
  const ids = [newId(), newId(), newId()];
  const scalars = await Promise.all(ids.map(() => newHolderScalar(provider)));
  const common = { ...lot, stage, holders: ids, sets: SETS, acceptedAt: '2026-11-23T05:00:00.000Z' };
  const signed = await Promise.all(
    ids.map((holderId, i) => makeAcceptance(provider, { ...common, holderId }, scalars[i] ?? new Uint8Array(32))),
  );
  return { group: await holderGroupOf(provider, signed), scalars };
}

export async function newBenchLot(provider: CryptoProvider): Promise<BenchLot> {
  const lot = { noticeHash: toHex(await provider.hash(utf8('notice'))), lotId: newId() };
  return {
    ...lot,
    bidder: await newHolderScalar(provider),
    stages: {
      register: await holdersOf(provider, 'register', lot),
      technical: await holdersOf(provider, 'technical', lot),
      price: await holdersOf(provider, 'price', lot),
    },
  };
}

async function inputOf(provider: CryptoProvider, lot: BenchLot, source: ByteSource): Promise<SealInput> {
  const bidderKey = await provider.publicKeyOf(lot.bidder);
  if (bidderKey === undefined) throw new Error('a fresh scalar has a point');
  return {
    suite: provider.suite,
    noticeHash: lot.noticeHash,
    editionHash: lot.noticeHash,
    lotId: lot.lotId,
    opaqueId: newId(),
    opening: 'joint',
    ownerCertificate: CERTIFICATE,
    bidderKey,
    register: lot.stages.register.group,
    stages: [
      {
        stage: 'technical',
        ...lot.stages.technical.group,
        files: [{ name: '技术标.pdf', mediaType: 'application/pdf', part: 'main', source }],
      },
      { stage: 'price', ...lot.stages.price.group, files: [], price: { total: '1234500.00', currency: 'CNY' } },
    ],
    secrets: await newSealSecrets(provider),
  };
}

/** The CMS and its certificate are pki's matter; here the manifest's bytes stand for it. */
const CERTIFICATE = utf8('certificate');

/** As the shell client does it: every object leaves through `write`, its hash is in the journal before. */
export async function sealOne(
  provider: CryptoProvider,
  lot: BenchLot,
  source: ByteSource,
  write: (id: string, bytes: Uint8Array) => Promise<void>,
): Promise<SealedBid> {
  const sealing = await prepareSealing(provider, await inputOf(provider, lot, source));
  const hashes = new Map<string, Uint8Array>();
  const journal = {
    get: async (id: string) => hashes.get(id),
    put: async (id: string, hash: Uint8Array) => void hashes.set(id, hash),
  };
  for await (const { id, bytes } of sealing.objects({ journal })) await write(id, bytes);
  return sealing.finish(await sealing.manifest(), { kind: 'none' });
}

const releasedBy = ({ scalars }: StageHolders): ReadonlyMap<number, Uint8Array> =>
  new Map(RELEASING.map((i) => [i, scalars[i] ?? new Uint8Array(32)]));

/** Register and every content stage, in the order of the acceptance rule; files are read by the caller. */
export async function openOne(
  provider: CryptoProvider,
  lot: BenchLot,
  { envelope, message: sent }: Pick<SealedBid, 'envelope' | 'message'>,
  objects: ObjectSource,
): Promise<readonly OpenedStage[]> {
  const message = await openSealMessage(provider, sent);
  const expected = {
    suite: provider.suite,
    noticeHash: lot.noticeHash,
    lotId: lot.lotId,
    opening: 'joint' as const,
    ...lot.stages.register.group,
  };
  const released = releasedBy(lot.stages.register);
  const register = await openRegister(provider, { message, envelope, expected, released });
  const manifest = parseManifest(fromBase64(register.record.manifestCms));
  await checkManifest(provider, manifest, register, CERTIFICATE);
  const secret = await scalarDecrypter(provider, lot.bidder).unwrap(fromBase64(register.header.WB), register.ctx);
  const opened: OpenedStage[] = [];
  for (const { stage } of register.record.stages) {
    const place = { stage, register, manifest, holders: lot.stages[stage].group, objects };
    const half = await bidderHalf(provider, secret, (await readStageHead(provider, place)).ctx);
    opened.push(await openStage(provider, { ...place, bidderHalf: half, released: releasedBy(lot.stages[stage]) }));
  }
  return opened;
}
