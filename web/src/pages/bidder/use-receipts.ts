import { checkReceipt, awaitIncludedReceipt, readPublishedPolicy, readPublishedRoots, withdrawBid } from '@qej/client';
import type { IntakeClient, WalletSeal } from '@qej/client';
import { formatInstant } from '@qej/kernel';
import { webCryptoProvider } from '@qej/sealed-bid';
import { computed, onScopeDispose, shallowRef } from 'vue';
import type { Ref } from 'vue';
import { useApi } from '../../api/client.ts';
import type { TenderView } from '../../api/views.ts';
import { bidStore } from './bid-store.ts';
import type { StoredReceipt } from './bid-store.ts';
import { useOwner, usePlatformNow } from './use-bidder.ts';

interface NewReceipt {
  readonly receipt: Uint8Array;
  readonly messageHash: string;
  readonly kind: StoredReceipt['kind'];
  readonly replaces?: string;
}
const INCLUDED_MS = 120_000;

/** Receipts of one tender in this browser: checked when they come, checked again with their proof, kept. */
export function useReceipts(tender: Readonly<Ref<TenderView>>, intake: IntakeClient) {
  const api = useApi();
  const now = usePlatformNow();
  const owner = useOwner();
  const all = shallowRef<readonly StoredReceipt[]>([]);
  const error = shallowRef<unknown>();
  let isGone = false;
  onScopeDispose(() => {
    isGone = true;
  });
  const prefix = (): string => `${owner()}/${tender.value.tenderId}/`;

  const load = async (): Promise<void> => {
    const list = await bidStore.list('receipts', prefix());
    all.value = list.toSorted((one, other) => other.receivedAt.localeCompare(one.receivedAt));
  };
  const put = async (receipt: StoredReceipt): Promise<void> => {
    await bidStore.put('receipts', prefix() + receipt.messageHash, receipt);
    await load();
  };
  const check = async (receipt: Uint8Array, messageHash: string, requireTick: boolean) => {
    const [trust, policy] = await Promise.all([readPublishedRoots(api), readPublishedPolicy(api)]);
    return checkReceipt(receipt, { trust, policy, messageHash, requireTick, now: now() });
  };
  /** Until the tick is in a cosigned tree; then the receipt with its proof replaces the first one. */
  const follow = async (stored: StoredReceipt): Promise<void> => {
    try {
      const receipt = await awaitIncludedReceipt(intake, stored.messageHash, INCLUDED_MS);
      await check(receipt, stored.messageHash, true);
      const latest = (await bidStore.get('receipts', prefix() + stored.messageHash)) ?? stored;
      if (!isGone) await put({ ...latest, receipt, included: true });
    } catch (failure) {
      if (!isGone) error.value = failure;
    }
  };
  /** @throws DomainError `E_RECEIPT_*` when the platform's receipt does not hold */
  const keep = async ({ receipt, messageHash, kind, replaces }: NewReceipt): Promise<StoredReceipt> => {
    const checked = await check(receipt, messageHash, false);
    const { code, title, tenderId } = tender.value;
    const stored: StoredReceipt = {
      userId: owner(),
      tenderId,
      code,
      title,
      messageHash,
      kind,
      receivedAt: formatInstant(checked.receipt.receivedAt),
      included: false,
      receipt,
    };
    const old = replaces === undefined ? undefined : all.value.find((one) => one.messageHash === replaces);
    if (old !== undefined)
      await put({ ...old, ...(kind === 'withdrawal' ? { withdrawn: true } : { replacedBy: messageHash }) });
    await put(stored);
    void follow(stored);
    return stored;
  };
  const withdraw = async (seal: WalletSeal): Promise<void> => {
    const sent = await withdrawBid({ provider: webCryptoProvider, intake }, seal);
    await keep({ ...sent, kind: 'withdrawal', replaces: seal.messageHash });
  };
  const start = async (): Promise<void> => {
    await load();
    for (const receipt of all.value) if (!receipt.included) void follow(receipt);
  };
  void start();
  /** Seals that count no more, as far as this browser knows. */
  const gone = computed(() =>
    all.value.flatMap((one) => (one.withdrawn === true || one.replacedBy !== undefined ? [one.messageHash] : [])),
  );
  const latest = computed(() => all.value[0]);
  return { all, latest, gone, keep, withdraw, error };
}
