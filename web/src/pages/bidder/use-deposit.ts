import {
  awaitCertificate,
  awaitQuote,
  decideOwnCredit,
  findGuarantors,
  guaranteeValidTo,
  sendApplication,
  startGuarantee,
} from '@qej/client';
import type { Applicant, GuaranteeOrder, GuaranteeQuote, Guarantor, OwnCreditDecision, WalletOrder } from '@qej/client';
import { decodeGuaranteeDocument } from '@qej/guarantees';
import { DomainError, formatInstant, fromBase64, fromHex, money, Secret, toBase64, toHex } from '@qej/kernel';
import type { Money } from '@qej/kernel';
import { webCryptoProvider } from '@qej/sealed-bid';
import { computed, ref, shallowRef } from 'vue';
import { useApi } from '../../api/client.ts';
import { useAction } from '../../composables/use-action.ts';
import { useQuery } from '../../composables/use-query.ts';
import { useSigner } from '../../composables/use-signer.ts';
import { useSession } from '../../stores/session.ts';
import { bidStore } from './bid-store.ts';
import type { StoredCertificate } from './bid-store.ts';
import { readBoundCertificates, readLotContext, useOwner, usePlatformNow } from './use-bidder.ts';
import type { LotContext } from './use-bidder.ts';
import { useWallet } from './use-wallet.ts';

export interface DepositFacts extends LotContext {
  readonly own: OwnCreditDecision;
  readonly guarantors: readonly Guarantor[];
  /** What is asked of the guarantor: the sum due, rounded up so that the sum does not name the lot. */
  readonly asked: Money;
}
export interface LotOrder {
  readonly kept: WalletOrder;
  readonly order: GuaranteeOrder;
}

const ROUND_MINOR = 1_000_000n;
const QUOTE_MS = 8_000;
const applicationTitle = { zh: '申请投标保函', en: 'Apply for a bid guarantee' };
const readTitle = { zh: '读取担保机构发来的密封信件', en: 'Read the sealed letter of the guarantor' };

/** Up to the next full 10,000 yuan. */
const roundedUp = ({ amountMinor }: Money): Money =>
  money(((amountMinor + ROUND_MINOR - 1n) / ROUND_MINOR) * ROUND_MINOR);

/** Deposit of one lot at the bidder: decided here, the rest covered by a guarantee; the platform relays sealed letters. */
export function useDeposit(tenderId: string, address: () => string) {
  const api = useApi();
  const session = useSession();
  const signer = useSigner();
  const now = usePlatformNow();
  const owner = useOwner();
  const purse = useWallet(signer);
  const certificate = shallowRef<StoredCertificate>();
  const quotes = ref<ReadonlyMap<string, GuaranteeQuote>>(new Map());
  const certificateKey = (orderId: string): string => `${owner()}/${tenderId}/${orderId}`;

  const facts = useQuery<DepositFacts>(async () => {
    const context = await readLotContext(api, tenderId, now());
    const { sign } = await readBoundCertificates(api);
    const own = await decideOwnCredit(api, context.lot, sign.subject.uscc ?? '');
    const guarantors = await findGuarantors(api, context.trust, now());
    return { ...context, own, guarantors, asked: roundedUp(own.decision.due) };
  });
  const orders = useQuery<readonly LotOrder[]>(
    async () => {
      await purse.load();
      const kept = purse.wallet.value.orders.filter((order) => order.tenderId === tenderId);
      const stored = await bidStore.list('certificates', `${owner()}/${tenderId}/`);
      certificate.value = stored.at(-1);
      const seen = await Promise.all(
        kept.map(async (order): Promise<LotOrder | undefined> => {
          const answer = await api.getGuaranteeOrder({ params: { orderId: order.orderId } }).catch(unlessMissing);
          return answer === undefined ? undefined : { kept: order, order: answer };
        }),
      );
      return seen.filter((one) => one !== undefined);
    },
    { topics: ['guarantee', 'deposit'] },
  );

  const applicant = async (): Promise<Applicant> => {
    const { sign, encrypt } = await readBoundCertificates(api);
    const { organization = '', uscc = '' } = sign.subject;
    return {
      organizationId: session.session?.actingAs?.organizationId ?? '',
      party: { name: organization, uscc },
      address: address(),
      encryptionCertificate: encrypt.der,
      decrypter: {
        // HPKE of 32 bytes is a message of 32 bytes: the keyring opens both alike.
        unwrap: (wrapped, info) => signer.decrypt(toBase64(wrapped), new Uint8Array(info), readTitle),
      },
      sign: async (purpose, bytes) => fromBase64(await signer.sign(purpose, bytes, applicationTitle)),
    };
  };

  /** Keeps k first, then signs and sends; sending again with the same order id changes nothing. */
  const apply = useAction(async (guarantor: Guarantor) => {
    signer.open();
    const known = facts.data.value;
    if (known === undefined) return;
    await purse.unlock();
    const who = await applicant();
    const validTo = guaranteeValidTo(known.lot, known.own.rule.guaranteeTailDays);
    const wanted = { lot: known.lot, amount: known.asked, validTo, now: now() };
    const pending = await startGuarantee(guarantor, who, wanted);
    await purse.add({
      order: {
        orderId: pending.orderId,
        guarantorId: guarantor.guarantorId,
        tenderId,
        lotId: known.lot.lot.lotId,
        k: toHex(pending.k.reveal()),
        application: toBase64(pending.bytes),
        at: formatInstant(now()),
      },
    });
    await sendApplication({ platform: api, provider: webCryptoProvider }, guarantor, who, pending);
    signer.close();
    await orders.refetch();
  });

  const pendingOf = ({ orderId, guarantorId, k, application }: WalletOrder) => ({
    orderId,
    guarantorId,
    k: new Secret<Uint8Array>(fromHex(k)),
    application: decodeGuaranteeDocument('application', fromBase64(application)),
  });
  const readQuote = useAction(async ({ kept }: LotOrder) => {
    signer.open();
    const quote = await awaitQuote(api, await applicant(), pendingOf(kept), QUOTE_MS);
    quotes.value = new Map([...quotes.value, [kept.orderId, quote]]);
    signer.close();
  });
  const readCertificate = useAction(async ({ kept }: LotOrder) => {
    signer.open();
    const known = facts.data.value;
    if (known === undefined) return;
    const deps = { platform: api, trust: known.trust, now };
    const { issued, reference } = await awaitCertificate(deps, await applicant(), pendingOf(kept), QUOTE_MS);
    const { number, verificationCode, certificateSha256, qr, undertaking } = issued;
    const { guarantorId, k } = reference;
    const { amount, validTo } = undertaking;
    const opened = {
      orderId: kept.orderId,
      guarantorId,
      lotId: kept.lotId,
      number,
      verificationCode,
      certificateSha256,
    };
    const stored: StoredCertificate = { ...opened, qr, k, amount, validTo, pdf: issued.certificate };
    await bidStore.put('certificates', certificateKey(kept.orderId), stored);
    certificate.value = stored;
    signer.close();
  });
  const cancel = useAction(async ({ kept }: LotOrder) => {
    await api.cancelGuaranteeOrder({ params: { orderId: kept.orderId } });
    await orders.refetch();
  });
  const unlock = useAction(async () => {
    signer.open();
    await purse.unlock();
    signer.close();
    await orders.refetch();
  });
  const error = computed(() =>
    [apply, readQuote, readCertificate, cancel, unlock]
      .map((action) => action.error.value)
      .find((one) => one !== undefined),
  );
  return {
    facts,
    orders,
    certificate,
    quotes,
    apply,
    readQuote,
    readCertificate,
    cancel,
    unlock,
    error,
    signer,
    isLocked: purse.isLocked,
  };
}

/** An order that was kept and never arrived is no order. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof DomainError && error.code === 'E_NOT_FOUND') return undefined;
  throw error;
}
