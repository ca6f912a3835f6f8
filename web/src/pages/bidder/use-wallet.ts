import { emptyWallet, mergeWallets, parseWallet, sealWallet, sha256Hex, walletInfo } from '@qej/client';
import type { Wallet, WalletOrder, WalletSeal } from '@qej/client';
import { fromBase64, toBase64 } from '@qej/kernel';
import { ref, shallowRef } from 'vue';
import { useApi } from '../../api/client.ts';
import type { useSigner } from '../../composables/use-signer.ts';
import { bidStore } from './bid-store.ts';
import { readBoundCertificates, useOwner } from './use-bidder.ts';

/**
 * The bidder's wallet: in this browser, and as one sealed blob of fixed length on the platform. What this browser has not
 * read yet is never written over: `isLocked` says that another browser wrote it and the keyring must open it first.
 */
export function useWallet(signer: ReturnType<typeof useSigner>) {
  const api = useApi();
  const owner = useOwner();
  const wallet = shallowRef<Wallet>(emptyWallet);
  const isLocked = ref(false);
  let known: string | undefined;
  let blob: string | undefined;

  const keep = async (): Promise<void> => {
    await bidStore.put('wallets', owner(), { wallet: wallet.value, blobSha256: known });
  };
  const load = async (): Promise<void> => {
    const stored = await bidStore.get('wallets', owner());
    wallet.value = stored?.wallet ?? emptyWallet;
    known = stored?.blobSha256;
    ({ blob } = await api.getWallet({}));
    isLocked.value = blob !== undefined && (await sha256Hex(fromBase64(blob))) !== known;
  };
  /** Opens what another browser wrote; asks the keyring. */
  const unlock = async (): Promise<void> => {
    if (blob === undefined || !isLocked.value) return;
    const title = { zh: '打开您的加密钱包（保函与投标密钥）', en: 'Open your sealed wallet (guarantees and bid keys)' };
    const plain = await signer.decrypt(blob, walletInfo, title);
    wallet.value = mergeWallets(wallet.value, parseWallet(plain));
    known = await sha256Hex(fromBase64(blob));
    isLocked.value = false;
    await keep();
  };
  /** Here at once; on the platform unless another browser's blob has still to be read. */
  const add = async (change: { readonly order?: WalletOrder; readonly seal?: WalletSeal }): Promise<void> => {
    const { order, seal } = change;
    const added: Wallet = {
      v: 1,
      orders: order === undefined ? [] : [order],
      seals: seal === undefined ? [] : [seal],
    };
    wallet.value = mergeWallets(added, wallet.value);
    await keep();
    if (isLocked.value) return;
    const { point } = await readBoundCertificates(api);
    const sealed = await sealWallet(point, wallet.value);
    await api.putWallet({ body: { blob: toBase64(sealed) } });
    known = await sha256Hex(sealed);
    await keep();
  };
  return { wallet, isLocked, load, unlock, add };
}
