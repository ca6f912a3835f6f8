import { attachManifest, decideOwnCredit, depositDeclaration, intakeClient, sealBid } from '@qej/client';
import type { OwnCreditDecision, SealStep, SentSeal, WalletSeal } from '@qej/client';
import { DomainError, equalBytes, formatInstant, fromBase64, fromHex } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { parseSignedData } from '@qej/pki';
import { bidderHalf, parseRescue, webCryptoProvider } from '@qej/sealed-bid';
import type { BidderDecrypter } from '@qej/sealed-bid';
import { computed, ref, shallowRef } from 'vue';
import { useApi } from '../../api/client.ts';
import { intakeOrigin } from '../../api/origins.ts';
import { useAction } from '../../composables/use-action.ts';
import { useQuery } from '../../composables/use-query.ts';
import { useSigner } from '../../composables/use-signer.ts';
import { useTender } from '../../composables/use-tender.ts';
import { depositStateOf, noDeposit, priceJson } from './bid-form.ts';
import type { BidForm } from './bid-form.ts';
import { bidStore } from './bid-store.ts';
import type { StoredCertificate } from './bid-store.ts';
import { capabilityHex, fingerprintOf, forgetAttempt, journalOf, openAttempt } from './seal-attempts.ts';
import { makeSealMeter } from './seal-meter.ts';
import { readBoundCertificates, readLotContext, useOwner, usePlatformNow } from './use-bidder.ts';
import type { BoundCertificates, LotContext } from './use-bidder.ts';
import { useGate } from './use-gate.ts';
import { useReceipts } from './use-receipts.ts';
import { useWallet } from './use-wallet.ts';

export type SealPhase = 'idle' | SealStep | 'rescue' | 'sign';
export interface SealFacts extends LotContext {
  readonly own: OwnCreditDecision;
  readonly bound: BoundCertificates;
  readonly certificate: StoredCertificate | undefined;
}
const manifestTitle = { zh: '签署投标清单并封标', en: 'Sign the manifest and seal the bid' };
const trialTitle = {
  zh: '试开：确认您的证书能解密这份投标',
  en: 'Trial: prove that your certificate can decrypt this bid',
};
/** Everything is read back and decrypted again up to this size; above it, headers and keys only. */
const READ_BACK_BYTES = 64 * 1_048_576;

/** From the form to the receipt. What was cut off goes on with the same bytes. */
export function useSealing() {
  const api = useApi();
  const { tenderId, tender } = useTender();
  const signer = useSigner();
  const now = usePlatformNow();
  const owner = useOwner();
  const purse = useWallet(signer);
  const intake = intakeClient({ origin: intakeOrigin() });
  const meter = makeSealMeter();
  const phase = ref<SealPhase>('idle');
  const objects = shallowRef({ done: 0, all: 0 });
  const rescue = shallowRef<Uint8Array>();
  const rescueGate = useGate();
  const signGate = useGate();
  const signError = shallowRef<unknown>();
  const receipts = useReceipts(tender, intake);
  const key = (): string => `${owner()}/${tenderId}`;

  const facts = useQuery<SealFacts>(async () => {
    const [context, bound] = await Promise.all([readLotContext(api, tenderId, now()), readBoundCertificates(api)]);
    const own = await decideOwnCredit(api, context.lot, bound.sign.subject.uscc ?? '');
    await purse.load();
    const certificate = (await bidStore.list('certificates', `${key()}/`)).at(-1);
    return { ...context, own, bound, certificate };
  });
  const deposit = computed(() => {
    const known = facts.data.value;
    return known === undefined ? noDeposit : depositStateOf(known.own.decision, known.certificate?.amount);
  });
  /** The live seal that this browser or the wallet knows of. */
  const live = computed<WalletSeal | undefined>(() => {
    const gone = new Set(receipts.gone.value);
    return purse.wallet.value.seals.find((seal) => seal.tenderId === tenderId && !gone.has(seal.messageHash));
  });

  const guaranteeOf = ({ certificate }: SealFacts) =>
    certificate === undefined
      ? null
      : {
          orderId: certificate.orderId,
          guarantorId: certificate.guarantorId,
          number: certificate.number,
          k: certificate.k,
          certificateSha256: certificate.certificateSha256,
          qr: certificate.qr,
        };
  /** Waits for the person, asks the keyring, and asks again after a refusal or a closed window. */
  async function signManifest({ bound }: SealFacts, manifest: Uint8Array): Promise<Uint8Array> {
    for (;;) {
      phase.value = 'sign';
      await signGate.wait();
      try {
        signer.open();
        const cms = fromBase64(await signer.sign('qej-manifest/1', manifest, manifestTitle));
        if (!equalBytes(parseSignedData(cms).signer.der, bound.sign.der))
          throw new DomainError('E_CERT_UNBOUND', { detail: 'another certificate than the bound one signed' });
        signError.value = undefined;
        return attachManifest(cms, manifest);
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        signError.value = error;
      }
    }
  }
  /** The keyring never gives B away: that it derives the same halves is the proof, and B is known here anyway. */
  const trialDecrypter: BidderDecrypter = {
    unwrap: async (wrapped, ctx) => {
      const { B, stages } = parseRescue(rescue.value ?? new Uint8Array());
      const asked = stages.map(({ stage, ctx: context, cb }) => ({
        stage,
        context: fromHex(context),
        halfCommit: fromHex(cb),
      }));
      const unwrap = { wrappedSecret: new Uint8Array(wrapped), registerContext: new Uint8Array(ctx), stages: asked };
      const { halves } = await signer.unwrapHalves(unwrap, trialTitle);
      const secret = fromBase64(B);
      for (const { stage, context } of asked) {
        const given = halves.find((half) => half.stage === stage)?.half;
        if (given === undefined || !equalBytes(given, await bidderHalf(webCryptoProvider, secret, context)))
          throw new DomainError('E_TRIAL', { detail: `the keyring gave another half of ${stage}` });
      }
      return secret;
    },
  };
  async function saveRescue(bytes: Uint8Array): Promise<void> {
    rescue.value = bytes;
    phase.value = 'rescue';
    await rescueGate.wait();
    phase.value = 'upload';
    meter.begin();
  }
  const sealOnce = async (known: SealFacts, form: BidForm, replaces: WalletSeal | undefined): Promise<void> => {
    const fingerprint = await fingerprintOf(form, known.lot.editionHash, replaces?.messageHash);
    const deps = { platform: api, intake, now: now() };
    const { attempt, pass } = await openAttempt(deps, key(), { fingerprint, replaces });
    meter.begin();
    const [stage = 'technical'] = known.lot.notice.stages;
    const files = form.files.map(({ part, file }) => ({
      name: file.name,
      mediaType: file.type === '' ? 'application/octet-stream' : file.type,
      part,
      source: meter.source(file),
    }));
    const size = form.files.reduce((sum, { file }) => sum + file.size, 0);
    const sent = await sealBid(
      {
        provider: webCryptoProvider,
        intake: meter.measured(intake),
        pass,
        journal: journalOf(key()),
        saveRescue,
        readFilesBack: size <= READ_BACK_BYTES,
        onProgress: ({ step, done, all }) => {
          if (step === 'upload') objects.value = { done, all };
          phase.value = step;
        },
      },
      {
        lot: known.lot,
        attempt,
        files: { [stage]: files },
        price: priceJson(form.price),
        deposit: depositDeclaration(known.own, guaranteeOf(known)) as unknown as Json, // plain JSON by its type
        ownerCertificate: known.bound.sign.der,
        bidderKey: known.bound.point,
        sign: (_purpose, bytes) => signManifest(known, bytes),
        ...(known.lot.openingMode === 'joint' ? { decrypter: trialDecrypter } : {}),
        ...(replaces === undefined ? {} : { prev: replaces.messageHash }),
      },
    );
    await keepSeal(sent, capabilityHex(attempt), replaces);
  };
  async function keepSeal(
    { sealed, messageHash, receipt }: SentSeal,
    capability: string,
    replaces?: WalletSeal,
  ): Promise<void> {
    await receipts.keep({
      receipt,
      messageHash,
      kind: 'seal',
      ...(replaces === undefined ? {} : { replaces: replaces.messageHash }),
    });
    await purse.unlock();
    await purse.add({ seal: { tenderId, messageHash, body: sealed.body, capability, at: formatInstant(now()) } });
    signer.close();
    await forgetAttempt(key());
    rescue.value = undefined;
  }
  const seal = useAction(async (form: BidForm, replaces?: WalletSeal) => {
    const known = facts.data.value;
    if (known === undefined) return false;
    objects.value = { done: 0, all: 0 };
    try {
      await sealOnce(known, form, replaces);
      return true;
    } catch (error) {
      if (error instanceof DomainError && error.code === 'E_RESUME') await forgetAttempt(key());
      throw error;
    } finally {
      phase.value = 'idle';
    }
  });
  return {
    facts,
    deposit,
    live,
    seal,
    phase,
    objects,
    meter: meter.reading,
    rescue,
    rescueGate,
    signGate,
    signError,
    signer,
    receipts,
    purse,
    intake,
  };
}
