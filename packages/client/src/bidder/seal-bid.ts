import { canonicalBytes, newId } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { newSealSecrets, parseManifest, prepareSealing, trialOpening } from '@qej/sealed-bid';
import type {
  BidderDecrypter,
  ContentStage,
  CryptoProvider,
  ObjectSource,
  SealedBid,
  SealFile,
  Sealing,
  SealJournal,
  SealSecrets,
} from '@qej/sealed-bid';
import type { IntakeClient } from '../http/api-clients.ts';
import { sha256Hex } from '../log/tender-log.ts';
import type { LotKeys } from '../lot-keys.ts';
import type { SignBytes } from './guarantee.ts';
import type { UploadPass } from './upload-pass.ts';

/** What a bidder must keep before anything leaves: with it a broken-off sealing goes on, byte for byte. */
export interface SealAttempt {
  readonly secrets: SealSecrets;
  readonly opaqueId: string;
}

export const newSealAttempt = async (provider: CryptoProvider, capability?: Uint8Array): Promise<SealAttempt> => ({
  secrets: await newSealSecrets(provider, capability),
  opaqueId: newId(),
});

export type SealStep = 'prepare' | 'upload' | 'manifest' | 'register' | 'trial' | 'seal';

export interface BidToSeal {
  readonly lot: LotKeys;
  readonly attempt: SealAttempt;
  readonly files: Readonly<Partial<Record<ContentStage, readonly SealFile[]>>>;
  /** Canonical members of the price: total, period, quality, manager. */
  readonly price: Json;
  /** Member `deposit` of the register. */
  readonly deposit: Json;
  /** DER of the certificate that signs the manifest. */
  readonly ownerCertificate: Uint8Array;
  /** 65-byte point of the bidder's encryption certificate. */
  readonly bidderKey: Uint8Array;
  readonly sign: SignBytes;
  /** For the trial opening; without it the wrap to the bidder's own certificate is not tried. */
  readonly decrypter?: BidderDecrypter;
  /** Hash of the seal message that this one replaces. */
  readonly prev?: string;
}

/** The finished messages of one attempt: kept before the register leaves, since a signature is never made twice alike. Secret. */
export interface FinishedSeal {
  readonly manifest: Uint8Array;
  readonly sealed: SealedBid;
}
export interface SealKeeper {
  read(): Promise<FinishedSeal | undefined>;
  write(finished: FinishedSeal): Promise<void>;
}

export interface SealDeps {
  readonly provider: CryptoProvider;
  readonly intake: IntakeClient;
  readonly pass: UploadPass;
  readonly journal?: SealJournal;
  /** With it, and the journal, a sealing that broke off at any point goes on with the same attempt; without, a new attempt is needed. */
  readonly keeper?: SealKeeper;
  /** Must return only when the rescue file is safe: called before the seal message leaves. */
  readonly saveRescue: (rescue: Uint8Array) => Promise<void>;
  /** Read every file back and check it, not only headers and keys. */
  readonly readFilesBack?: boolean;
  readonly onProgress?: (progress: { readonly step: SealStep; readonly done: number; readonly all: number }) => void;
}

export interface SentSeal {
  readonly sealed: SealedBid;
  /** SHA-256 of the message's JSON, hex. */
  readonly messageHash: string;
  /** Canonical bytes of the receipt package, proof of its tick not yet in it. */
  readonly receipt: Uint8Array<ArrayBuffer>;
  readonly manifest: Uint8Array;
}

const stageGroup = ({ groups }: LotKeys, stage: ContentStage | 'register') => {
  const group = groups.get(stage);
  if (group === undefined) throw new Error(`no holders for stage ${stage}`);
  return group;
};

function prepare(provider: CryptoProvider, bid: BidToSeal): Promise<Sealing> {
  const { lot, attempt, files, price } = bid;
  return prepareSealing(provider, {
    noticeHash: lot.noticeHash,
    editionHash: lot.editionHash,
    suite: lot.notice.suite,
    lotId: lot.lot.lotId,
    opaqueId: attempt.opaqueId,
    opening: lot.openingMode,
    ownerCertificate: bid.ownerCertificate,
    ...(lot.openingMode === 'joint' ? { bidderKey: bid.bidderKey } : {}),
    register: stageGroup(lot, 'register'),
    stages: lot.notice.stages.map((stage) => ({
      stage,
      ...stageGroup(lot, stage),
      files: files[stage] ?? [],
      ...(stage === 'price' ? { price } : {}),
    })),
    secrets: attempt.secrets,
    ...(bid.prev === undefined ? {} : { prev: bid.prev }),
  });
}

type Bytes = Uint8Array<ArrayBuffer>;
const owned = (bytes: Uint8Array): Bytes => new Uint8Array(bytes);

async function uploadObjects(sealing: Sealing, { intake, pass, journal, onProgress }: SealDeps): Promise<void> {
  let done = 0;
  for await (const { id, bytes } of sealing.objects(journal === undefined ? {} : { journal })) {
    await intake.putObject({ params: { objectId: id }, query: { session: pass.session }, bytes: owned(bytes) });
    onProgress?.({ step: 'upload', done: (done += 1), all: sealing.objectCount });
  }
}

/** Reads back what the intake holds and opens it with the bidder's own secrets, under the checks of the opening. */
async function tryOpening(
  { provider, intake, pass, readFilesBack = false }: SealDeps,
  bid: BidToSeal,
  { sealed, manifest }: { readonly sealed: SealedBid; readonly manifest: Uint8Array },
): Promise<void> {
  const { lot, attempt, decrypter } = bid;
  const query = { session: pass.session };
  const objects: ObjectSource = (objectId) => intake.getObject({ params: { objectId }, query });
  await trialOpening(provider, {
    secrets: attempt.secrets,
    halves: sealed.halves,
    message: sealed.message,
    manifest: parseManifest(manifest),
    envelope: await intake.getRegister({ params: { opaqueId: attempt.opaqueId }, query }),
    objects,
    expected: {
      suite: lot.notice.suite,
      noticeHash: lot.noticeHash,
      lotId: lot.lot.lotId,
      opening: lot.openingMode,
      ...stageGroup(lot, 'register'),
    },
    stages: new Map(lot.notice.stages.map((stage) => [stage, stageGroup(lot, stage)])),
    ...(decrypter === undefined ? {} : { decrypter }),
    readFiles: readFilesBack,
  });
}

/** Everything up to the signed manifest; objects that are there already stay. */
async function finishSeal(deps: SealDeps, bid: BidToSeal): Promise<FinishedSeal> {
  const { provider, keeper, onProgress } = deps;
  const kept = await keeper?.read();
  if (kept !== undefined) return kept;
  onProgress?.({ step: 'prepare', done: 0, all: 1 });
  const sealing = await prepare(provider, bid);
  if (sealing.rescue !== undefined) await deps.saveRescue(sealing.rescue);
  await uploadObjects(sealing, deps);
  onProgress?.({ step: 'manifest', done: 0, all: 1 });
  const manifest = await sealing.manifest();
  const sealed = await sealing.finish(await bid.sign('qej-manifest/1', manifest), bid.deposit);
  const finished = { manifest, sealed };
  await keeper?.write(finished);
  return finished;
}

/**
 * Seals, uploads, tries the opening and sends the seal message. With a journal and a keeper it may be begun again after any
 * break, by the same attempt and the same files: the same bytes go to the same places, and the same message gives the same
 * receipt. Without them a broken-off sealing is begun anew with a new attempt.
 * @throws ApiError `E_LATE`, `E_TOKEN*`, DomainError of `prepareSealing` and `trialOpening`, `E_RESUME` when a file changed
 */
export async function sealBid(deps: SealDeps, bid: BidToSeal): Promise<SentSeal> {
  const { intake, pass, onProgress } = deps;
  const { manifest, sealed } = await finishSeal(deps, bid);
  onProgress?.({ step: 'register', done: 0, all: 1 });
  const { opaqueId } = bid.attempt;
  await intake.putRegister({ params: { opaqueId }, query: { session: pass.session }, bytes: owned(sealed.envelope) });
  onProgress?.({ step: 'trial', done: 0, all: 1 });
  await tryOpening(deps, bid, { sealed, manifest });
  onProgress?.({ step: 'seal', done: 0, all: 1 });
  const { receipt } = await intake.putSeal({ bytes: owned(sealed.message) });
  const messageHash = await sha256Hex(canonicalBytes(sealed.body));
  return { sealed, messageHash, receipt: canonicalBytes(receipt as Json), manifest };
}
