import { equalBytes, parseId, toBase64, toHex, type Json } from '@qej/kernel';
import { checkHolderGroup, contextOf, requireSuite, type Core, type HolderGroup } from './core.ts';
import { refusal } from './errors.ts';
import { bidRootOf } from './leaf-tree.ts';
import { encodeManifest, ownerCommitOf, priceCommitOf, type Manifest } from './manifest.ts';
import { cutObjects } from './objects.ts';
import type { CryptoProvider } from './provider.ts';
import type { RegisterRecord } from './record.ts';
import { fitRegisterHeader, registerBlock, registerHashOf, sealRegister } from './register-envelope.ts';
import { encodeRescue } from './rescue.ts';
import type { SealInput } from './seal-input.ts';
import { encodeSealMessage, type SealBody } from './seal-message.ts';
import { derivedSecrets } from './seal-secrets.ts';
import { planKeys, planStage, wrapBidderSecret, type StageKeys, type StagePlan } from './stage-plan.ts';
import { checkContentStages, type ContentStage, type Stage } from './stages.ts';
import { stageStream } from './stage-stream.ts';

export interface SealedObject {
  readonly id: string;
  readonly stage: ContentStage;
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** Remembers what was already sent at a place; see docs/formats/sealed-bid.md, "Resuming". */
export interface SealJournal {
  get(objectId: string): Promise<Uint8Array | undefined>;
  put(objectId: string, hash: Uint8Array): Promise<void>;
}

export interface ObjectOptions {
  readonly journal?: SealJournal;
  readonly onProgress?: (progress: {
    readonly stage: ContentStage;
    readonly objectsDone: number;
    readonly objectsTotal: number;
  }) => void;
}

export interface SealedBid {
  /** 16,384 bytes, uploaded as the slot `opaqueId` before the message. */
  readonly envelope: Uint8Array;
  /** 2,048 bytes. */
  readonly message: Uint8Array;
  readonly body: SealBody;
  /** h of every stage, secret: for the trial opening. */
  readonly halves: ReadonlyMap<Stage, Uint8Array>;
}

/** One sealing in progress: take all objects, have the manifest signed, finish. */
export interface Sealing {
  readonly objectCount: number;
  /** Bytes for the register record: CMS in base64, deposit and about 600 bytes of the rest. */
  readonly registerRoom: number;
  /** Rescue file of a joint opening; must be safe with the bidder before the seal message leaves. */
  readonly rescue: Uint8Array | undefined;
  objects(options?: ObjectOptions): AsyncGenerator<SealedObject>;
  /** Canonical JSON to be signed as CMS; an Error before all objects were taken. */
  manifest(): Promise<Uint8Array>;
  /** @throws DomainError `E_REGISTER_SIZE` with `params.excess` */
  finish(manifestCms: Uint8Array, deposit: Json): Promise<SealedBid>;
}

interface Plan {
  readonly provider: CryptoProvider;
  readonly input: SealInput;
  readonly registerCore: Core;
  /** Plaintext bytes that the register record may have. */
  readonly registerRoom: number;
  readonly stages: readonly StagePlan[];
  readonly seed: Uint8Array;
}

async function coreMaker(
  provider: CryptoProvider,
  input: SealInput,
): Promise<(stage: Stage, group: HolderGroup) => Core> {
  const { noticeHash, editionHash, lotId, opening, secrets } = input;
  const capability = await provider.publicKeyOf(secrets.capability);
  if (capability === undefined) throw refusal('E_POINT', { detail: 'capability key' });
  const owner = await ownerCommitOf(
    provider,
    input.ownerCertificate,
    await derivedSecrets.ownerSalt(provider, secrets),
  );
  const bidNonce = toHex(await derivedSecrets.bidNonce(provider, secrets));
  return (stage, { holders, sets }) => ({
    v: 1,
    suite: provider.suite,
    noticeHash,
    editionHash,
    lotId,
    stage,
    opening,
    bidNonce,
    capKey: toHex(capability),
    ownerCommit: toHex(owner),
    holders: [...holders],
    sets: sets.map((set) => [...set]),
  });
}

const objectTotal = (stages: readonly StagePlan[]): number => stages.reduce((sum, stage) => sum + stage.objectCount, 0);

/** Keys of stage `register` for this record; header lengths do not depend on it. */
async function registerKeys(
  provider: CryptoProvider,
  input: SealInput,
  core: Core,
  block: Uint8Array,
): Promise<StageKeys> {
  const keys = await planKeys(provider, core, input.secrets, block);
  if (input.opening === 'group') return keys;
  if (input.bidderKey === undefined)
    throw refusal('E_POINT', { detail: 'a joint opening needs the bidder’s encryption key' });
  return wrapBidderSecret(provider, keys, input.bidderKey, input.secrets);
}

async function makePlan(provider: CryptoProvider, input: SealInput): Promise<Plan> {
  requireSuite(provider, input.suite);
  parseId(input.opaqueId);
  checkContentStages(input.stages.map(({ stage }) => stage));
  for (const group of [input.register, ...input.stages]) checkHolderGroup(provider, group);
  const core = await coreMaker(provider, input);
  const registerCore = core('register', input.register);
  const draft = await registerKeys(provider, input, registerCore, new Uint8Array(0));
  const stages: StagePlan[] = [];
  for (const stage of input.stages)
    stages.push(await planStage(provider, core(stage.stage, stage), stage, input.secrets));
  return {
    provider,
    input,
    registerCore,
    registerRoom: fitRegisterHeader(provider, draft.partial).recordLen - provider.aeadTagLength,
    stages,
    seed: await derivedSecrets.objectSeed(provider, input.secrets),
  };
}

async function remember(provider: CryptoProvider, journal: SealJournal, id: string, bytes: Uint8Array): Promise<void> {
  const hash = await provider.hash(bytes);
  const sent = await journal.get(id);
  if (sent !== undefined && !equalBytes(sent, hash))
    throw refusal('E_RESUME', { detail: 'a file changed since the first attempt; seal anew with fresh secrets' });
  if (sent === undefined) await journal.put(id, hash);
}

async function* sealObjects(
  plan: Plan,
  roots: Map<ContentStage, Uint8Array>,
  { journal, onProgress }: ObjectOptions,
): AsyncGenerator<SealedObject> {
  const { provider, seed, stages } = plan;
  const objectsTotal = objectTotal(stages);
  let objectsDone = 0;
  for (const stage of stages) {
    const stream = stageStream(provider, stage, seed, (root) => roots.set(stage.stage, root));
    for await (const object of cutObjects(provider, { seed, stage: stage.stage }, stream, stage.objectCount)) {
      if (journal !== undefined) await remember(provider, journal, object.id, object.bytes);
      yield { ...object, stage: stage.stage };
      objectsDone += 1;
      onProgress?.({ stage: stage.stage, objectsDone, objectsTotal });
    }
  }
}

async function manifestOf(
  { provider, input, registerCore, stages }: Plan,
  roots: ReadonlyMap<ContentStage, Uint8Array>,
): Promise<Manifest> {
  const stageRoots = stages.map(({ stage }) => {
    const root = roots.get(stage);
    if (root === undefined) throw new Error('take all objects before the manifest');
    return root;
  });
  const priceCommit: string[] = [];
  for (const {
    record: { price },
    ctx,
  } of stages) {
    if (price !== null)
      priceCommit.push(
        toHex(await priceCommitOf(provider, ctx, price.value, await derivedSecrets.priceSalt(provider, input.secrets))),
      );
  }
  const { noticeHash, lotId, bidNonce, capKey } = registerCore;
  const ownerSalt = toHex(await derivedSecrets.ownerSalt(provider, input.secrets));
  const bidRoot = toHex(await bidRootOf(provider, await contextOf(provider, registerCore), stageRoots));
  return {
    v: 1,
    noticeHash,
    lotId,
    bidNonce,
    capKey,
    bidRoot,
    stageRoots: stageRoots.map(toHex),
    ownerSalt,
    priceCommit,
  };
}

async function registerRecordOf(plan: Plan, manifestCms: Uint8Array, deposit: Json): Promise<RegisterRecord> {
  const stages = plan.stages.map(({ stage, hh, objectCount, streamLength }) => ({
    stage,
    headerHash: toHex(hh),
    objectCount,
    streamLength,
  }));
  const entropy = toHex(await derivedSecrets.entropy(plan.provider, plan.input.secrets));
  return { v: 1, manifestCms: toBase64(manifestCms), objectSeed: toHex(plan.seed), stages, entropy, deposit };
}

async function finishSealing(plan: Plan, bidRoot: string, record: RegisterRecord): Promise<SealedBid> {
  const { provider, input, registerCore, registerRoom, stages } = plan;
  const block = registerBlock(record, registerRoom);
  const keys = await registerKeys(provider, input, registerCore, block);
  const envelope = await sealRegister(provider, fitRegisterHeader(provider, keys.partial), keys.ck, block);
  const body: SealBody = {
    v: 1,
    lotId: input.lotId,
    opaqueId: input.opaqueId,
    bidRoot,
    registerHash: await registerHashOf(provider, envelope),
    objectCount: objectTotal(stages),
    action: 'seal',
    ...(input.prev === undefined ? {} : { prev: input.prev }),
  };
  const halves = new Map<Stage, Uint8Array>([
    ['register', keys.h],
    ...stages.map(({ stage, h }) => [stage, h] as const),
  ]);
  const message = await encodeSealMessage(provider, body, input.secrets.capability);
  return { envelope, message, body, halves };
}

async function rescueOf({ provider, input, stages }: Plan): Promise<Uint8Array | undefined> {
  if (input.opening !== 'joint') return undefined;
  const entries = stages.map(({ stage, ctx, header }) => ({ stage, ctx: toHex(ctx), cb: header.cb }));
  const bidNonce = toHex(await derivedSecrets.bidNonce(provider, input.secrets));
  return encodeRescue(
    { suite: provider.suite, lotId: input.lotId, bidNonce, stages: entries },
    await derivedSecrets.bidderSecret(provider, input.secrets),
  );
}

/**
 * Plans a sealing: keys, headers and records are fixed, no file is read yet. Memory stays at a few MiB whatever
 * the files' sizes.
 * @throws DomainError `E_SUITE`, `E_STAGE`, `E_ACCESS_STRUCTURE`, `E_POINT`, `E_RECORD_SIZE`, `E_REGISTER_SIZE`
 */
export async function prepareSealing(provider: CryptoProvider, input: SealInput): Promise<Sealing> {
  const plan = await makePlan(provider, input);
  const roots = new Map<ContentStage, Uint8Array>();
  return {
    objectCount: objectTotal(plan.stages),
    rescue: await rescueOf(plan),
    objects: (options = {}) => sealObjects(plan, roots, options),
    manifest: async () => encodeManifest(await manifestOf(plan, roots)),
    registerRoom: plan.registerRoom,
    finish: async (manifestCms, deposit) => {
      const { bidRoot } = await manifestOf(plan, roots);
      return finishSealing(plan, bidRoot, await registerRecordOf(plan, manifestCms, deposit));
    },
  };
}
