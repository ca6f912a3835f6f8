import type { Answer, PlatformApi } from '@qej/contract';
import { canonicalBytes, fromBase64, fromHex, toBase64 } from '@qej/kernel';
import { onScopeDispose, watch } from 'vue';
import { useApi } from '../../api/client.ts';
import type { Light } from '../../components/light.ts';
import { useAction } from '../../composables/use-action.ts';
import { useQuery } from '../../composables/use-query.ts';
import type { Query } from '../../composables/use-query.ts';
import { useSigner } from '../../composables/use-signer.ts';
import type { Translate } from '../../composables/use-t.ts';
import { useTender } from '../../composables/use-tender.ts';
import { useClock } from '../../stores/clock.ts';

export type Hall = Answer<PlatformApi['getHall']>;
export type HallBid = Hall['bids'][number];

const LOOK_AGAIN_MS = 5_000;

/** The hall as everybody sees it; follows live events, and looks again when one of its clocks has run out. */
export function useHall(): { readonly hall: Query<Hall>; readonly refresh: () => Promise<void> } {
  const api = useApi();
  const clock = useClock();
  const { tenderId, refetch } = useTender();
  const hall = useQuery(() => api.getHall({ params: { tenderId } }), { tender: () => tenderId });
  const refresh = async (): Promise<void> => {
    await Promise.all([hall.refetch(), refetch()]);
  };
  const isPast = (at: string | undefined): boolean => at !== undefined && Date.parse(at) < clock.now;
  watch(
    () => [isPast(hall.data.value?.deadline), isPast(hall.data.value?.windowEndsAt)].join(),
    () => void refresh(),
  );
  // The end of the time for confirmations is known to the platform alone.
  const looking = setInterval(() => {
    const shown = hall.data.value;
    const isRunning = shown?.closedAt === undefined ? isPast(shown?.deadline) : shown.state !== 'record-signed';
    if (shown !== undefined && isRunning && shown.hostStep.command === 'none') void hall.refetch();
  }, LOOK_AGAIN_MS);
  onScopeDispose(() => clearInterval(looking));
  return { hall, refresh };
}

const priceLight = (bid: HallBid): Light['state'] => {
  if (bid.confirmation?.kind === 'confirmed') return 'done';
  if (bid.confirmation?.kind === 'objected') return 'failed';
  return bid.price === undefined ? 'next' : 'now';
};

/** Signed in, deposit, key released, decrypted, confirmed. */
export function lightsOf(bid: HallBid, isOpen: boolean, t: Translate): readonly Light[] {
  const halfIn = bid.state === 'half-released' || bid.state === 'opened';
  const half = bid.state === 'half-missing' ? 'failed' : halfIn ? 'done' : isOpen ? 'now' : 'next';
  const content = bid.state === 'refused' ? 'failed' : bid.state === 'opened' ? 'done' : 'next';
  return [
    { id: 'register', label: t('hall.lightRegister'), state: 'done' },
    {
      id: 'deposit',
      label: bid.deposit.state === 'submitted' ? t('hall.depositIn') : t('hall.depositMissing'),
      state: bid.deposit.state === 'submitted' ? 'done' : 'failed',
    },
    { id: 'half', label: t('hall.lightHalf'), state: bid.state === 'refused' ? 'done' : half },
    { id: 'content', label: t('hall.lightContent'), state: content },
    {
      id: 'confirmed',
      label: bid.confirmation?.kind === 'objected' ? t('hall.lightObjected') : t('hall.lightConfirmed'),
      state: priceLight(bid),
    },
  ];
}

/** What a bidder signs under `qej-confirm/1`: its own line of the price table, word for word (docs/formats/opening.md). */
export const confirmationBytes = (line: {
  readonly tenderId: string;
  readonly bidId: string;
  readonly kind: 'confirmed' | 'objected';
  readonly text: string;
  readonly price: string;
}): Uint8Array<ArrayBuffer> => canonicalBytes({ v: 1, ...line });

/** A bidder's own acts in the hall; the keys stay in the keyring window. */
export function useBidderActs(bid: () => HallBid, changed: () => Promise<void>) {
  const api = useApi();
  const signer = useSigner();
  const { tenderId } = useTender();
  const params = () => ({ tenderId, bidId: bid().bidId });
  const release = useAction(async () => {
    const { unwrap } = bid();
    if (unwrap === undefined) return;
    signer.open();
    const { halves } = await signer.unwrapHalves(
      {
        wrappedSecret: fromBase64(unwrap.wrappedSecret),
        registerContext: fromHex(unwrap.registerContext),
        stages: unwrap.stages.map(({ stage, context, halfCommit }) => ({
          stage,
          context: fromHex(context),
          halfCommit: fromHex(halfCommit),
        })),
      },
      { zh: '解密本单位的投标文件', en: 'Release our half of the key to our bid' },
    );
    const body = { halves: halves.map(({ stage, half }) => ({ stage, half: toBase64(half) })) };
    await api.releaseHalf({ params: params(), body });
    signer.close();
    await changed();
  });
  const answer = useAction(async (kind: 'confirmed' | 'objected', typed: string) => {
    const { price, bidId } = bid();
    if (price === undefined) return;
    const text = typed.trim().normalize('NFC');
    signer.open();
    const content = confirmationBytes({ tenderId, bidId, kind, text, price: price.total });
    const title =
      kind === 'confirmed'
        ? { zh: `确认报价 ${price.total}`, en: `Confirm the price ${price.total}` }
        : { zh: '对开标提出异议', en: 'Object at the opening' };
    const cms = await signer.sign('qej-confirm/1', content, title);
    await api.confirmPrice({ params: params(), body: { kind, cms, ...(text === '' ? {} : { text }) } });
    signer.close();
    await changed();
  });
  return { release, answer, waiting: signer.waiting };
}
