import { DomainError, instant, plusMs } from '@qej/kernel';
import { expireDue } from './after-opening.ts';
import type { Bank } from './bank.ts';
import type { OrderRow } from './bank-database.ts';
import { deliverEvents } from './deliver-events.ts';
import type { DeliveryFaults } from './deliver-events.ts';
import { issueGuarantee, startIssuing } from './issue-guarantee.ts';
import { approveOrder, AUTO_PAUSE_MS, isForTheMachine } from './underwriting.ts';

const IDLE_MS = 150;
const HOUSEKEEPING_MS = 60_000;

export interface Engine {
  wake(): void;
  /** Ends after the step it is in. */
  close(): Promise<void>;
}

/** A step that another step overtook (a cancellation) is no fault. */
async function unlessOvertaken(work: () => Promise<void> | void): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DomainError && error.code === 'E_STATE')) throw error;
  }
}

async function underwrite(bank: Bank, row: OrderRow): Promise<void> {
  const now = bank.clock.now();
  if (row.state === 'submitted') bank.db.step(row.id, [['underwrite']], now);
  else if (isForTheMachine(bank, row) && plusMs(instant(row.changed_at), AUTO_PAUSE_MS) <= now)
    await approveOrder(bank, row, 'auto', now);
}

async function issue(bank: Bank, row: OrderRow): Promise<void> {
  const now = bank.clock.now();
  if (row.state === 'premium-paid') startIssuing(bank, row, now);
  else await issueGuarantee(bank, row, now);
}

async function turn(bank: Bank, faults: DeliveryFaults | undefined): Promise<void> {
  for (const row of bank.db.list(['submitted', 'underwriting'])) await unlessOvertaken(() => underwrite(bank, row));
  for (const row of bank.db.list(['premium-paid', 'issuing'])) await unlessOvertaken(() => issue(bank, row));
  await deliverEvents(bank, faults);
}

function housekeeping(bank: Bank): void {
  const now = bank.clock.now();
  expireDue(bank);
  bank.db.sql.prepare('delete from nonces where expires_at < ?').run(now);
  bank.db.sql.prepare('delete from sessions where expires_at < ?').run(now);
}

/** One loop does everything that nobody waits for: underwriting, issuing, telling the platform. */
export function startEngine(bank: Bank, faults?: DeliveryFaults): Engine {
  let closed = false;
  let ring: (() => void) | undefined;
  let tidyAt = 0;
  const wait = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, IDLE_MS);
      ring = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const loop = async (): Promise<void> => {
    while (!closed) {
      await turn(bank, faults).catch((error: unknown) => bank.log(`engine: ${String(error)}`));
      if (bank.clock.now() >= tidyAt) {
        housekeeping(bank);
        tidyAt = bank.clock.now() + HOUSEKEEPING_MS;
      }
      if (!closed) await wait();
    }
  };
  const running = loop();
  return {
    wake: () => ring?.(),
    close: async () => {
      closed = true;
      ring?.();
      await running;
    },
  };
}
