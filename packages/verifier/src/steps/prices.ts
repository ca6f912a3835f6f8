import { fromBase64 } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { openStage } from '@qej/sealed-bid';
import type { OpenedStage } from '@qej/sealed-bid';
import type { Member } from '../archive-members.ts';
import type { Archive } from '../archive.ts';
import { refuse } from '../codes.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { hasReached } from './context.ts';
import type { Context } from './context.ts';
import type { HolderFacts, Released } from './holders.ts';
import { provider } from './holders.ts';
import type { OpenedBidFacts } from './registers.ts';

type Bid = Member<'bids.json'>['bids'][number];

interface PriceFacts {
  readonly holders: HolderFacts;
  readonly released: Released;
}

function halfOf(archive: Archive, messageHash: string): Uint8Array | undefined {
  const seal = archive.member('seals.json').seals.find((one) => one.messageHash === messageHash);
  const half = seal?.halves.find(({ stage }) => stage === 'price')?.half;
  return half === undefined ? undefined : fromBase64(half);
}

/** The price stage under the released keys and the bidder's half: roots, record and commitment are checked on the way. */
async function openPrice(archive: Archive, facts: PriceFacts, bid: OpenedBidFacts): Promise<OpenedStage> {
  const half = halfOf(archive, bid.entry.messageHash);
  return openStage(provider, {
    stage: 'price',
    register: bid.register,
    manifest: bid.manifest,
    holders: facts.holders.groups.get('price') ?? refuse('E_ARCHIVE_NEEDS', 'holders of the price stage'),
    objects: async (id) => (archive.has(`objects/${id}`) ? archive.bytes(`objects/${id}`) : undefined),
    released: facts.released.get('price') ?? new Map(),
    ...(half === undefined ? {} : { bidderHalf: half }),
  });
}

function totalOf(value: Json | undefined): string {
  const total = typeof value === 'object' && value !== null && 'total' in value ? value.total : undefined;
  return typeof total === 'string' ? total : refuse('E_ARCHIVE_PRICE', 'the price record names no total');
}

async function checkOne(archive: Archive, facts: PriceFacts, { bid, opened }: { bid: Bid; opened: OpenedBidFacts }) {
  if (bid.price === null) {
    const code = bid.fault?.code;
    // Without a half nothing opens: the fault is that it is missing, and there is nothing to try again.
    if (code === undefined) return refuse('E_ARCHIVE_PRICE', 'neither price nor fault');
    if (halfOf(archive, bid.messageHash) === undefined) return;
    await openPrice(archive, facts, opened).then(
      () => refuse('E_ARCHIVE_PRICE', `said to fail with ${code}, but it opens`),
      (error: unknown) => {
        if (error instanceof Error && 'code' in error && error.code === code) return;
        throw error;
      },
    );
    return;
  }
  const { record } = await openPrice(archive, facts, opened);
  const total = totalOf(record.price?.value);
  if (total !== bid.price) refuse('E_ARCHIVE_PRICE', `the table shows ${bid.price}, the sealed record ${total}`);
}

/** Every price opened again and held against the price table. Full profile only. */
export async function checkPrices(
  { archive }: Context,
  facts: {
    holders?: HolderFacts | undefined;
    released?: Released | undefined;
    opened?: readonly OpenedBidFacts[] | undefined;
  },
  check: Check,
): Promise<StepResult<undefined>> {
  if (archive.profile === 'public') return absent('公开档案不含投标内容 a public archive holds no bid content');
  if (!hasReached(archive, 'opened')) return absent('prices were not opened');
  const own = { holders: needed(facts.holders, 'acceptances'), released: needed(facts.released, 'releases') };
  const opened = needed(facts.opened, 'registers');
  const { bids } = archive.member('bids.json');
  let shown = 0;
  for (const bid of bids)
    await check(`price ${bid.name} ${bid.bidId}`, async () => {
      if (bid.state === 'superseded') return;
      const found = opened.find(({ entry }) => entry.messageHash === bid.messageHash);
      if (found === undefined) return refuse('E_ARCHIVE_PRICE', 'its register did not open');
      await checkOne(archive, own, { bid, opened: found });
      if (bid.price !== null) shown++;
    });
  return { value: undefined, detail: `${shown} prices` };
}
