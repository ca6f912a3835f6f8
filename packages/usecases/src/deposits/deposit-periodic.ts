import type { Instant } from '@qej/kernel';
import { enqueueJob } from '../jobs/enqueue-job.ts';
import { readBidDeposit } from './bid-deposit.ts';
import type { GuarantorDirectory } from './guarantor-directory.ts';
import type { DepositPorts } from './ports.ts';

interface Periodic {
  readonly name: string;
  readonly run: (now: Instant) => Promise<number>;
}

/** From the published list of bidders on. */
const AFTER_LIST = [
  'register-released',
  'decrypting',
  'prices-open',
  'opened',
  'committee-drawn',
  'evaluating',
  'technical-locked',
  'price-decrypting',
  'price-evaluating',
  'scored',
  'reported',
  'candidates-published',
  'awarded',
] as const;
const LOOK_MS = 1_000;
const PURGE_MS = 60_000;

/** Once the bidders of a tender are public, each guarantee is revealed to its guarantor: one job a bid, once. */
async function enqueueReveals(ports: DepositPorts, tenderId: string, now: Instant): Promise<void> {
  await ports.db.transaction('deposits:reveal-due', async (tx) => {
    for (const bid of await tx.bids.list({ tenderId })) {
      if (readBidDeposit(bid.deposit)?.detail.guarantee?.check !== 'presented') continue;
      const payload = { bidId: bid.id };
      await enqueueJob(tx, { kind: 'deposit:reveal', dedupe: `deposit:reveal:${bid.id}`, payload, at: now });
    }
  });
}

export function depositPeriodic(ports: DepositPorts, directory: GuarantorDirectory): Periodic[] {
  const seen = new Set<string>();
  return [
    { name: 'guarantor-statements', run: (now) => directory.refresh(now) },
    {
      name: 'guarantee-reveals',
      run: async (now) => {
        const tenders = await ports.db.read((tx) => tx.tenders.list({ state: AFTER_LIST }));
        for (const { id } of tenders) {
          if (seen.has(id)) continue;
          const hasBids = (await ports.db.read((tx) => tx.bids.find({ tenderId: id }))) !== undefined;
          if (!hasBids) continue;
          await enqueueReveals(ports, id, now);
          // Bids of a tender are all written in one transaction, so one look is enough.
          seen.add(id);
        }
        return LOOK_MS;
      },
    },
    {
      name: 'bank-nonces',
      run: async (now) => {
        await ports.db.transaction('deposits:nonces', async (tx) => {
          const old = await tx.bankNonces.list({}, { orderBy: { expiresAt: 'asc' }, limit: 500 });
          const gone = old.filter(({ expiresAt }) => expiresAt < now).map(({ id }) => id);
          if (gone.length > 0) await tx.bankNonces.remove({ id: gone });
        });
        return PURGE_MS;
      },
    },
  ];
}
