import { awaitCertificate, awaitQuote, guaranteeValidTo, sendApplication, startGuarantee } from '@qej/client';
import type { GuaranteeQuote, Guarantor } from '@qej/client';
import { formatInstant, toBase64, toHex } from '@qej/kernel';
import { webCryptoProvider } from '@qej/sealed-bid';
import { computed, ref, shallowRef } from 'vue';
import { useApi } from '../../api/client.ts';
import { useAction } from '../../composables/use-action.ts';
import { useQuery } from '../../composables/use-query.ts';
import { useSigner } from '../../composables/use-signer.ts';
import { useSession } from '../../stores/session.ts';
import { bidStore } from './bid-store.ts';
import type { StoredCertificate } from './bid-store.ts';
import { readDepositFacts } from './deposit-facts.ts';
import type { DepositFacts } from './deposit-facts.ts';
import { pendingOf, readApplicant, readLotOrders } from './lot-orders.ts';
import type { LotOrder } from './lot-orders.ts';
import { useOwner, usePlatformNow } from './use-bidder.ts';
import { useWallet } from './use-wallet.ts';

const QUOTE_MS = 8_000;

/** What is known of the deposit of one lot: decision, orders, the certificate in hand; and who asks for it. */
function useDepositState(tenderId: string, address: () => string) {
  const api = useApi();
  const session = useSession();
  const signer = useSigner();
  const now = usePlatformNow();
  const owner = useOwner();
  const purse = useWallet(signer);
  const certificate = shallowRef<StoredCertificate>();
  const prefix = (): string => `${owner()}/${tenderId}/`;
  const facts = useQuery<DepositFacts>(() => readDepositFacts(api, tenderId, now()));
  const orders = useQuery<readonly LotOrder[]>(
    async () => {
      await purse.load();
      certificate.value = (await bidStore.list('certificates', prefix())).at(-1);
      return readLotOrders(
        api,
        purse.wallet.value.orders.filter((order) => order.tenderId === tenderId),
      );
    },
    { topics: ['guarantee', 'deposit'] },
  );
  const applicant = () =>
    readApplicant(api, signer, {
      organizationId: session.session?.actingAs?.organizationId ?? '',
      address: address(),
    });
  return { api, signer, now, purse, certificate, prefix, facts, orders, applicant };
}

/** Deposit of one lot at the bidder: decided here, the rest covered by a guarantee; the platform relays sealed letters. */
export function useDeposit(tenderId: string, address: () => string) {
  const state = useDepositState(tenderId, address);
  const { api, signer, now, purse, certificate, prefix, facts, orders, applicant } = state;
  const quotes = ref<ReadonlyMap<string, GuaranteeQuote>>(new Map());

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
    const { orderId, guarantorId, bytes, k } = pending;
    const order = { orderId, guarantorId, tenderId, lotId: known.lot.lot.lotId, at: formatInstant(now()) };
    await purse.add({ order: { ...order, k: toHex(k.reveal()), application: toBase64(bytes) } });
    await sendApplication({ platform: api, provider: webCryptoProvider }, guarantor, who, pending);
    signer.close();
    await orders.refetch();
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
    const { verificationCode, undertaking, certificate: pdf } = issued;
    const { amount, validTo } = undertaking;
    const stored = { ...reference, lotId: kept.lotId, verificationCode, amount, validTo, pdf };
    await bidStore.put('certificates', prefix() + kept.orderId, stored);
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
  const actions = { apply, readQuote, readCertificate, cancel, unlock };
  const error = computed(() =>
    Object.values(actions)
      .map((action) => action.error.value)
      .find((one) => one !== undefined),
  );
  return { facts, orders, certificate, quotes, error, signer, isLocked: purse.isLocked, ...actions };
}
