import type { Instant, Json } from '@qej/kernel';
import { recordTechnical } from '@qej/tendering';
import type { BidOpening, Opening } from '@qej/tendering';
import { appendEntry } from '../log/index.ts';
import type { Transaction } from '../ports.ts';
import type { BidRecord, TenderRecord } from '../records.ts';
import { tenderOf } from '../tender/tender-course.ts';
import { followStates, rowOf } from './complete-halves.ts';
import { domainParty } from './fault.ts';
import type { BidFault } from './fault.ts';
import { openTechnical } from './open-content.ts';
import type { OpenedTechnical } from './open-content.ts';
import { openingOf, saveOpening } from './opening-course.ts';
import { lotKeysOf } from './open-lot-register.ts';
import type { OpeningPorts } from './ports.ts';
import type { RegisterFacts } from './read-register.ts';

const TECHNICAL: readonly Opening['state'][] = ['decrypting', 'halves-complete', 'coefficient-drawn'];

export const registerFactsOf = (row: BidRecord): RegisterFacts => row.register as unknown as RegisterFacts; // written by this station alone

/** In joint mode a bid whose half is in; in group mode every bid of the list. */
const isReady = (opening: Opening, bid: BidOpening): boolean =>
  bid.state === 'half-released' || (bid.state === 'register-opened' && opening.openingMode === 'group');

/** Bids whose technical stage waits to be opened. */
export const technicalWaiting = (opening: Opening): readonly BidOpening[] =>
  TECHNICAL.includes(opening.state) && 'bids' in opening ? opening.bids.filter((bid) => isReady(opening, bid)) : [];

/** Bids of the list whose content header could not be read: nobody can give or use a half for them. */
const headless = (opening: Opening, rows: readonly BidRecord[]): readonly BidRecord[] =>
  TECHNICAL.includes(opening.state) && 'bids' in opening
    ? opening.bids.flatMap((bid) => {
        const row = rowOf(rows, bid.messageHash);
        const isOpen = bid.state === 'register-opened' || bid.state === 'half-released';
        return isOpen && row !== undefined && registerFactsOf(row).headFault !== null ? [row] : [];
      })
    : [];

export async function logRefusal(
  tx: Transaction,
  record: TenderRecord,
  { messageHash, fault, stage, at }: { messageHash: string; fault: BidFault; stage: string; at: Instant },
): Promise<void> {
  await appendEntry(tx, {
    type: 'bid-refused',
    at,
    tenderId: record.id,
    members: {
      lotId: record.lotId,
      messageHash,
      stage,
      code: fault.code,
      party: fault.party,
      evidence: fault.evidence,
    },
    dedupe: `bid-refused:${record.id}:${messageHash}`,
  });
}

async function saveTechnical(
  ports: OpeningPorts,
  tenderId: string,
  { id, messageHash, register }: BidRecord,
  result: OpenedTechnical,
): Promise<void> {
  const now = ports.clock.now();
  const { opaqueId } = register as unknown as RegisterFacts; // written by this station alone
  await ports.db.transaction('opening:technical', async (tx) => {
    const record = await tx.tenders.lock({ id: tenderId });
    const opening = openingOf(record);
    const bid = 'bids' in opening ? opening.bids.find((one) => one.opaqueId === opaqueId) : undefined;
    // Somebody else was faster, or the window has ended meanwhile.
    if (bid === undefined || (bid.state !== 'half-released' && bid.state !== 'register-opened')) return;
    if (!TECHNICAL.includes(opening.state)) return;
    const row = await tx.bids.lock({ id });
    const outcome =
      'fault' in result ? { opaqueId, code: result.fault.code, fault: domainParty(result.fault.party) } : { opaqueId };
    const next = recordTechnical(opening, outcome, now).state;
    if ('fault' in result) {
      row.fault = result.fault as unknown as Json; // plain data
      await logRefusal(tx, record, { messageHash, fault: result.fault, stage: 'technical', at: now });
    } else row.opened = result as unknown as Json; // plain data
    followStates([row], next);
    saveOpening(record, tenderOf(record), next, now);
  });
  ports.live.publish({ tenderId, topic: 'hall' });
}

/** Technical stages one after another, each with its own commit: a crash costs the bid that it hits a second attempt. */
export async function openLotTechnical(ports: OpeningPorts, before: TenderRecord): Promise<boolean> {
  const { rows, seals, keys } = await ports.db.read(async (tx) => ({
    rows: await tx.bids.list({ tenderId: before.id }, { orderBy: { order: 'asc' } }),
    seals: await tx.seals.list({ lotId: before.lotId }),
    keys: await lotKeysOf(tx, ports, before),
  }));
  const opening = openingOf(before);
  let progress = false;
  for (const row of headless(opening, rows)) {
    const { headFault } = registerFactsOf(row);
    if (headFault !== null) await saveTechnical(ports, before.id, row, { fault: headFault });
    progress = true;
  }
  if (progress || !keys.content.technical.isSufficient) return progress;
  for (const { messageHash } of technicalWaiting(opening)) {
    const row = rowOf(rows, messageHash);
    const seal = seals.find((one) => one.messageHash === messageHash);
    if (row === undefined || seal === undefined) throw new Error('a bid of the list has no row');
    await saveTechnical(ports, before.id, row, await openTechnical(ports, keys, { row, seal }));
    progress = true;
  }
  return progress;
}
