import type { Instant } from '@qej/kernel';
import { plusMs } from '@qej/kernel';
import type { BasePorts } from '../ports.ts';
import type { DeliveryRecord } from '../records.ts';

/** A way out: the outbox stand-in, an SMTP relay, an SMS gateway over HTTP. Throws when it did not take the message. */
export interface DeliveryChannel {
  send(delivery: DeliveryRecord): Promise<void>;
}

export interface DeliverPorts extends Pick<BasePorts, 'db'> {
  readonly channels: Readonly<Record<string, DeliveryChannel>>;
}

const BATCH = 20;
const MAX_ATTEMPTS = 8;
const POLL_MS = 1_000;

async function deliverOne({ db, channels }: DeliverPorts, delivery: DeliveryRecord, now: Instant): Promise<void> {
  let failure: unknown;
  try {
    const channel = channels[delivery.channel];
    if (channel === undefined) throw new Error(`no channel ${delivery.channel}`);
    await channel.send(delivery);
  } catch (error) {
    failure = error;
  }
  await db.transaction('notifier:deliver', async (tx) => {
    const row = await tx.deliveries.lock({ id: delivery.id });
    row.attempts += 1;
    row.state = failure === undefined ? 'delivered' : row.attempts >= MAX_ATTEMPTS ? 'failed' : 'queued';
    if (row.state === 'queued') row.nextAttemptAt = plusMs(now, Math.min(600_000, 1_000 * 2 ** row.attempts));
  });
}

/** Takes queued messages to their channel, with growing pauses after failures. */
export const notifierPeriodic = (
  ports: DeliverPorts,
): { readonly name: string; readonly run: (now: Instant) => Promise<number> }[] => [
  {
    name: 'notifier',
    run: async (now) => {
      const queued = await ports.db.read((tx) =>
        tx.deliveries.list({ state: 'queued' }, { orderBy: { nextAttemptAt: 'asc' }, limit: BATCH }),
      );
      const due = queued.filter(({ nextAttemptAt }) => nextAttemptAt <= now);
      for (const delivery of due) await deliverOne(ports, delivery, now);
      return due.length === BATCH ? 0 : POLL_MS;
    },
  },
];
