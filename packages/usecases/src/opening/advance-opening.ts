import type { Instant, Json } from '@qej/kernel';
import type { JsonObject } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { closeLot, closingDueAt, fixLotClosing } from './close-lot.ts';
import { completeDueHalves, halvesDue } from './complete-halves.ts';
import { openLotRegister } from './open-lot-register.ts';
import { openLotTechnical, technicalWaiting } from './open-lot-technical.ts';
import { openingOf } from './opening-course.ts';
import type { OpeningPorts } from './ports.ts';
import { pricesDue, showLotPrices } from './show-lot-prices.ts';

/** States of a tender in which time or a holder moves its opening on. */
const MOVING = ['published', 'closed', 'register-released', 'decrypting', 'prices-open'];
const POLL_MS = 500;
const BATCH = 50;

type Step = (ports: OpeningPorts, record: TenderRecord) => Promise<boolean>;

/** The steps that the state allows, in order; each says whether it has changed something. */
function stepsOf(record: TenderRecord, now: Instant): readonly Step[] {
  if (record.state === 'published') return now >= closingDueAt(record.deadline) ? [closeLot] : [];
  if (!MOVING.includes(record.state)) return [];
  const opening = openingOf(record);
  if (opening.state === 'awaiting-closing') return [fixLotClosing];
  if (opening.state === 'closing-fixed') return [openLotRegister];
  if (opening.state === 'decrypting') return halvesDue(opening, now) ? [completeDueHalves] : [openLotTechnical];
  if (pricesDue(record, opening)) return [showLotPrices];
  return technicalWaiting(opening).length > 0 || opening.state === 'halves-complete' ? [openLotTechnical] : [];
}

async function advanceOnce(ports: OpeningPorts, tenderId: string): Promise<boolean> {
  const record = await ports.db.read((tx) => tx.tenders.get({ id: tenderId }));
  for (const step of stepsOf(record, ports.clock.now())) {
    if (await step(ports, record)) return true;
  }
  return false;
}

export interface OpeningDriver {
  /** Takes every step that is possible now; safe to call at any time, any number of times, after any crash. */
  advance(tenderId: string): Promise<void>;
}

/**
 * One walk at a time for each tender: a job and the clock may ask for the same one. A wish that comes during a walk makes it look
 * once more.
 */
export function makeOpeningDriver(ports: OpeningPorts): OpeningDriver {
  const walks = new Map<string, { again: boolean; done: Promise<void> }>();
  const walk = async (tenderId: string, own: { again: boolean }): Promise<void> => {
    try {
      do {
        own.again = false;
        while (await advanceOnce(ports, tenderId)) {
          ports.live.publish({ tenderId, topic: 'hall' });
          ports.live.publish({ tenderId, topic: 'tender' });
        }
      } while (own.again);
    } finally {
      walks.delete(tenderId); // in the same turn as the last look, so no wish falls between
    }
  };
  return {
    advance: (tenderId) => {
      const running = walks.get(tenderId);
      if (running !== undefined) {
        running.again = true;
        return running.done;
      }
      const entry = { again: false, done: Promise.resolve() };
      walks.set(tenderId, entry);
      entry.done = walk(tenderId, entry);
      return entry.done;
    },
  };
}

const member = (payload: Json, name: string): Json | undefined =>
  typeof payload === 'object' && payload !== null && !Array.isArray(payload)
    ? (payload as JsonObject)[name]
    : undefined; // not an array

function textOf(value: unknown): string {
  if (typeof value !== 'string') throw new TypeError('the job’s payload names an id');
  return value;
}

/** `opening:release` and `opening:advance` {tenderId}; `opening:forget` {opaqueIds}: envelopes of a lot that failed. */
export function openingJobs(
  ports: OpeningPorts,
  driver: OpeningDriver,
): Readonly<Record<string, (payload: Json, now: Instant) => Promise<void>>> {
  const advance = (payload: Json): Promise<void> => driver.advance(textOf(member(payload, 'tenderId')));
  return {
    'opening:release': advance,
    'opening:advance': advance,
    'opening:forget': async (payload) => {
      const opaqueIds = member(payload, 'opaqueIds');
      if (Array.isArray(opaqueIds)) for (const id of opaqueIds) await ports.registers.remove(textOf(id));
    },
  };
}

/** The clock's part: closings and ends of windows. One tender that cannot move does not hold up the others. */
export function openingPeriodic(
  ports: OpeningPorts,
  driver: OpeningDriver,
): { readonly name: string; readonly run: (now: Instant) => Promise<number> }[] {
  return [
    {
      name: 'opening',
      run: async (now) => {
        const next = await ports.db.read((tx) =>
          tx.tenders.list(
            { state: MOVING },
            { orderBy: { nextCheckAt: 'asc' }, limit: BATCH, after: { member: 'nextCheckAt', value: 0 } },
          ),
        );
        const due = next.filter(({ nextCheckAt }) => (nextCheckAt ?? now + 1) <= now);
        const results = await Promise.allSettled(due.map(({ id }) => driver.advance(id)));
        const failed = results.find((result) => result.status === 'rejected');
        if (failed !== undefined) throw failed.reason;
        const soonest = next.find(({ nextCheckAt }) => (nextCheckAt ?? 0) > now)?.nextCheckAt ?? now + POLL_MS;
        return Math.max(10, Math.min(POLL_MS, soonest - now));
      },
    },
  ];
}
