import { depositDeclaration, intakeClient, sealBid } from '@qej/client';
import type { BidToSeal, SealDeps, SealStep, SentSeal, WalletSeal } from '@qej/client';
import { DomainError, formatInstant } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { webCryptoProvider } from '@qej/sealed-bid';
import { computed, ref, shallowRef } from 'vue';
import { useApi } from '../../api/client.ts';
import { intakeOrigin } from '../../api/origins.ts';
import { useAction } from '../../composables/use-action.ts';
import { useQuery } from '../../composables/use-query.ts';
import { useSigner } from '../../composables/use-signer.ts';
import { useTender } from '../../composables/use-tender.ts';
import { depositStateOf, noDeposit, priceJson, totalBytes } from './bid-form.ts';
import type { BidForm } from './bid-form.ts';
import { bidStore } from './bid-store.ts';
import { capabilityHex, fingerprintOf, forgetAttempt, journalOf, openAttempt } from './seal-attempts.ts';
import type { OpenAttempt } from './seal-attempts.ts';
import { guaranteeOf, readSealFacts } from './seal-facts.ts';
import type { SealFacts } from './seal-facts.ts';
import { makeSealMeter } from './seal-meter.ts';
import { useOwner, usePlatformNow } from './use-bidder.ts';
import { useGate } from './use-gate.ts';
import { trialDecrypter, useManifestSignature } from './use-manifest-signature.ts';
import { useReceipts } from './use-receipts.ts';
import { useWallet } from './use-wallet.ts';

export type SealPhase = 'idle' | SealStep | 'rescue' | 'sign';
/** Everything is read back and decrypted again up to this size; above it, headers and keys only. */
const READ_BACK_BYTES = 64 * 1_048_576;

/** What stands around a sealing: facts of the lot, wallet, receipts, the live seal. */
function useSealState() {
  const api = useApi();
  const { tenderId, tender } = useTender();
  const signer = useSigner();
  const now = usePlatformNow();
  const owner = useOwner();
  const purse = useWallet(signer);
  const intake = intakeClient({ origin: intakeOrigin() });
  const receipts = useReceipts(tender, intake);
  const key = (): string => `${owner()}/${tenderId}`;
  const facts = useQuery<SealFacts>(async () => {
    const read = await readSealFacts(api, tenderId, now());
    await purse.load();
    return { ...read, certificate: (await bidStore.list('certificates', `${key()}/`)).at(-1) };
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
  return { api, tenderId, signer, now, purse, intake, receipts, key, facts, deposit, live };
}

/** Progress of one sealing, and the places where it waits for the person. */
function useSealCourse(signer: ReturnType<typeof useSigner>) {
  const phase = ref<SealPhase>('idle');
  const objects = shallowRef({ done: 0, all: 0 });
  const rescue = shallowRef<Uint8Array>();
  const rescueGate = useGate();
  const signature = useManifestSignature(signer);
  const meter = makeSealMeter();
  const saveRescue = async (bytes: Uint8Array): Promise<void> => {
    rescue.value = bytes;
    phase.value = 'rescue';
    await rescueGate.wait();
    phase.value = 'upload';
    meter.begin();
  };
  const onProgress: NonNullable<SealDeps['onProgress']> = ({ step, done, all }) => {
    if (step === 'upload') objects.value = { done, all };
    phase.value = step;
  };
  const sign = (manifest: Uint8Array, owner: Uint8Array): Promise<Uint8Array> => {
    phase.value = 'sign';
    return signature.sign(manifest, owner);
  };
  return { phase, objects, rescue, rescueGate, signature, meter, saveRescue, onProgress, sign };
}

/** From the form to the receipt. What was cut off goes on with the same bytes. */
export function useSealing() {
  const state = useSealState();
  const { api, tenderId, signer, now, purse, intake, receipts, key, facts } = state;
  const course = useSealCourse(signer);
  const { phase, objects, rescue, meter } = course;

  function bidOf(known: SealFacts, form: BidForm, { attempt }: OpenAttempt): BidToSeal {
    const [stage = 'technical'] = known.lot.notice.stages;
    const files = form.files.map(({ part, file }) => ({
      name: file.name,
      mediaType: file.type === '' ? 'application/octet-stream' : file.type,
      part,
      source: meter.source(file),
    }));
    return {
      lot: known.lot,
      attempt,
      files: { [stage]: files },
      price: priceJson(form.price),
      deposit: depositDeclaration(known.own, guaranteeOf(known)) as unknown as Json, // plain JSON by its type
      ownerCertificate: known.bound.sign.der,
      bidderKey: known.bound.point,
      sign: (_purpose, bytes) => course.sign(bytes, known.bound.sign.der),
      ...(known.lot.openingMode === 'joint' ? { decrypter: trialDecrypter(signer, () => rescue.value) } : {}),
    };
  }
  const keep = async (sent: SentSeal, capability: string, replaces: WalletSeal | undefined): Promise<void> => {
    const { receipt, messageHash, sealed } = sent;
    const prev = replaces === undefined ? {} : { replaces: replaces.messageHash };
    await receipts.keep({ receipt, messageHash, kind: 'seal', ...prev });
    await purse.unlock();
    await purse.add({ seal: { tenderId, messageHash, body: sealed.body, capability, at: formatInstant(now()) } });
    signer.close();
    await forgetAttempt(key());
    rescue.value = undefined;
  };
  const sealOnce = async (known: SealFacts, form: BidForm, replaces: WalletSeal | undefined): Promise<void> => {
    const prev = replaces?.messageHash;
    const fingerprint = await fingerprintOf(form, known.lot.editionHash, prev);
    const opened = await openAttempt({ platform: api, intake, now: now() }, key(), { fingerprint, replaces });
    meter.begin();
    const deps: SealDeps = {
      provider: webCryptoProvider,
      intake: meter.measured(intake),
      pass: opened.pass,
      journal: journalOf(key()),
      saveRescue: course.saveRescue,
      readFilesBack: totalBytes(form) <= READ_BACK_BYTES,
      onProgress: course.onProgress,
    };
    const sent = await sealBid(deps, { ...bidOf(known, form, opened), ...(prev === undefined ? {} : { prev }) });
    await keep(sent, capabilityHex(opened.attempt), replaces);
  };
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
  return { ...state, ...course, seal };
}
