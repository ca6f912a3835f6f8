import { balancesOf, isSettled } from '@qej/deposits';
import type { Release } from '@qej/guarantees';
import { formatMoney } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { enqueueJob } from '../jobs/enqueue-job.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { BidRecord } from '../records.ts';
import type { Deposits, DepositShare } from '../result/ports.ts';
import { noticeOf } from '../tender/tender-course.ts';
import { ledgerOf, readBidDeposit, returnPot, writeBidDeposit } from './bid-deposit.ts';
import type { KeptDeposit } from './bid-deposit.ts';
import type { DepositPorts } from './ports.ts';

const GROUNDS: Readonly<Record<string, Release['ground']>> = {
  award: 'not-a-candidate',
  contract: 'contract-signed',
  failed: 'tender-failed',
  terminated: 'tender-terminated',
};

async function releaseOne(
  tx: Transaction,
  bid: BidRecord,
  { deposit, ground, now }: { deposit: KeptDeposit; ground: Release['ground']; now: Instant },
): Promise<void> {
  const move = { from: 'waived', reason: 'waiver-discharged', at: now } as const;
  bid.deposit = writeBidDeposit(returnPot(deposit, bid.organizationId, move));
  const revealed = await tx.revealedGuarantees.find({ bidId: bid.id });
  const orderId = revealed?.orderId ?? deposit.detail.guarantee?.orderId;
  // A guarantee that is not revealed yet is revealed first; the job waits for that.
  if (orderId !== undefined && deposit.detail.guarantee?.check !== 'refused')
    await enqueueJob(tx, {
      kind: 'deposit:release',
      dedupe: `deposit:release:${orderId}`,
      payload: { orderId, ground },
      at: now,
    });
}

function shareOf(bid: BidRecord | undefined): DepositShare {
  const deposit = bid === undefined ? undefined : readBidDeposit(bid.deposit);
  const none = '0.00';
  if (bid === undefined || deposit === undefined || deposit.state === 'missing')
    return { waived: none, guaranteed: none, state: 'missing' };
  const ledger = ledgerOf(deposit, bid.organizationId);
  const delivered = { waived: none, guaranteed: none };
  for (const { from, to, amount } of ledger.entries)
    if (from === null && (to === 'waived' || to === 'guaranteed')) delivered[to] = formatMoney(amount);
  if (isSettled(ledger)) return { ...delivered, state: 'released' };
  const { returned } = balancesOf(ledger);
  return { ...delivered, state: returned.amountMinor > 0n ? 'partly-released' : 'held' };
}

/** What the result station needs: letting deposits go, and what each bidder brought. */
export function makeDeposits({ clock }: Pick<DepositPorts, 'clock'>): Deposits {
  return {
    releaseDeposits: async (tx, { tenderId, organizationIds, reason }) => {
      const ground = GROUNDS[reason];
      if (ground === undefined) throw new TypeError(`no ground of release for ${reason}`);
      const now = clock.now();
      const tender = await tx.tenders.get({ id: tenderId });
      const bids =
        organizationIds.length === 0 ? [] : await tx.bids.list({ tenderId, organizationId: organizationIds });
      for (const { id } of bids) {
        const bid = await tx.bids.lock({ id });
        const deposit = readBidDeposit(bid.deposit);
        if (deposit === undefined || deposit.state === 'missing') continue;
        if (isSettled(ledgerOf(deposit, bid.organizationId))) continue;
        await releaseOne(tx, bid, { deposit, ground, now });
        await notify(tx, {
          kind: 'deposit-released',
          at: now,
          role: 'bidder',
          to: { organizationIds: [bid.organizationId] },
          tenderId,
          params: { tender: noticeOf(tender).title.zh, amount: deposit.detail.required },
          isOpened: true,
          dedupe: `deposit-released:${bid.id}`,
        });
      }
    },
    depositOf: async (tx, tenderId, organizationId) => shareOf(await tx.bids.find({ tenderId, organizationId })),
  };
}
