import { fromBase64, fromHex, newId, toBase64 } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { blindTokens, finalizeTokens, getPurpose, signCms } from '@qej/pki';
import {
  bidderHalf,
  bytesSource,
  newHolderScalar,
  newSealSecrets,
  openSealMessage,
  prepareSealing,
  scalarDecrypter,
} from '@qej/sealed-bid';
import type { SealInput, SealMessage, SealSecrets } from '@qej/sealed-bid';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import type { Lot } from './lot.ts';
import { as } from './world.ts';
import type { Person, World } from './world.ts';

/** An upload session from a fresh blind token. */
export async function openSession(world: World, person: Person): Promise<string> {
  const { issuer } = world;
  const [pending] = [await blindTokens(issuer.publicKey, 1)];
  const blinded = pending.map(({ blindedMessage }) => toBase64(blindedMessage));
  const input = { params: undefined, query: undefined, bytes: undefined };
  const { signatures } = await world.app.tokens.issueTokens({ ...input, body: { blinded } }, as(world, person));
  const [token] = await finalizeTokens(issuer.publicKey, pending, signatures.map(fromBase64));
  if (token === undefined) throw new Error('one token was asked for');
  const opened = await world.app.intake.openUploadSession(
    { ...input, body: { token: toBase64(token) } },
    { now: world.clock.now() },
  );
  return opened.session;
}

export interface SealOptions {
  readonly price?: Json;
  readonly prev?: SealMessage;
  readonly secrets?: SealSecrets;
  readonly file?: Uint8Array;
  readonly deposit?: Json;
  /** Leaves the objects of these stages out: a bidder who never uploaded them. */
  readonly without?: readonly string[];
  /** Signs the manifest instead of the owner. */
  readonly signedBy?: Person;
}

export interface SealedBidInHand {
  readonly person: Person;
  readonly message: SealMessage;
  readonly messageBytes: Uint8Array;
  readonly envelope: Uint8Array;
  readonly objects: readonly { readonly id: string; readonly bytes: Uint8Array; readonly stage: string }[];
  readonly secrets: SealSecrets;
  readonly decryptScalar: Uint8Array;
}

/** Seals on the bidder's machine; nothing is sent. */
export async function sealBid(lot: Lot, person: Person, options: SealOptions = {}): Promise<SealedBidInHand> {
  const decryptScalar = await newHolderScalar(provider);
  const bidderKey = await provider.publicKeyOf(decryptScalar);
  const secrets = options.secrets ?? (await newSealSecrets(provider));
  const file = options.file ?? new TextEncoder().encode(`技术标 ${person.organization.name}`);
  const input: SealInput = {
    suite: 'intl',
    noticeHash: lot.noticeHash,
    editionHash: lot.noticeHash,
    lotId: lot.lotId,
    opaqueId: newId(),
    opening: lot.notice.openingMode,
    ownerCertificate: person.signer.certificate.der,
    ...(bidderKey === undefined ? {} : { bidderKey }),
    register: lot.groups.register,
    stages: [
      {
        stage: 'technical',
        ...lot.groups.technical,
        files: [{ name: '技术标.pdf', mediaType: 'application/pdf', part: 'main', source: bytesSource(file) }],
        fields: { days: 90 },
      },
      {
        stage: 'price',
        ...lot.groups.price,
        files: [],
        price: options.price ?? { total: '1234500.00', periodDays: 300 },
      },
    ],
    secrets,
    ...(options.prev === undefined ? {} : { prev: options.prev.messageHash }),
  };
  const sealing = await prepareSealing(provider, input);
  const objects = [];
  for await (const { id, bytes, stage } of sealing.objects()) objects.push({ id, bytes, stage });
  const { eContentType } = getPurpose('qej-manifest/1');
  const cms = await signCms({
    content: await sealing.manifest(),
    eContentType,
    signer: (options.signedBy ?? person).signer,
  });
  const { envelope, message } = await sealing.finish(
    cms,
    options.deposit === undefined ? { commitment: true } : options.deposit,
  );
  const kept = objects.filter(({ stage }) => options.without?.includes(stage) !== true);
  return {
    person,
    message: await openSealMessage(provider, message),
    messageBytes: message,
    envelope,
    objects: kept,
    secrets,
    decryptScalar,
  };
}

/** One session serves all uploads of a test: whose they are is nowhere. */
const sessions = new WeakMap<World, string>();

/** Uploads objects and register. */
export async function upload(world: World, bid: SealedBidInHand): Promise<void> {
  const session = sessions.get(world) ?? (await openSession(world, bid.person));
  sessions.set(world, session);
  const { intake } = world.app;
  const now = world.clock.now();
  for (const { id, bytes } of bid.objects)
    await intake.putObject({ params: { objectId: id }, query: { session }, body: undefined, bytes }, { now });
  await intake.putRegister(
    { params: { opaqueId: bid.message.body.opaqueId }, query: { session }, body: undefined, bytes: bid.envelope },
    { now },
  );
}

export const sendSeal = (world: World, bytes: Uint8Array) =>
  world.app.intake.putSeal({ params: undefined, query: undefined, body: undefined, bytes }, { now: world.clock.now() });

/** Seals, uploads and sends. */
export async function submitBid(
  world: World,
  lot: Lot,
  person: Person,
  options: SealOptions = {},
): Promise<SealedBidInHand> {
  const bid = await sealBid(lot, person, options);
  await upload(world, bid);
  await sendSeal(world, bid.messageBytes);
  return bid;
}

/** The halves that the keyring computes from what the hall shows the owner. */
export async function halvesOf(
  bid: SealedBidInHand,
  unwrap: {
    readonly wrappedSecret: string;
    readonly registerContext: string;
    readonly stages: readonly { readonly stage: string; readonly context: string }[];
  },
): Promise<{ stage: string; half: string }[]> {
  const secret = await scalarDecrypter(provider, bid.decryptScalar).unwrap(
    fromBase64(unwrap.wrappedSecret),
    fromHex(unwrap.registerContext),
  );
  return Promise.all(
    unwrap.stages.map(async ({ stage, context }) => ({
      stage,
      half: toBase64(await bidderHalf(provider, secret, fromHex(context))),
    })),
  );
}
