import { drawCoefficient as drawValue, parseScoringRule } from '@qej/evaluation';
import { toHex } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { entropySeed } from '@qej/sealed-bid';
import type { CryptoProvider } from '@qej/sealed-bid';
import { completeHalves, drawCoefficient } from '@qej/tendering';
import type { Notice, Opening } from '@qej/tendering';
import { appendEntry } from '../log/index.ts';
import type { Transaction } from '../ports.ts';
import type { BidRecord, TenderRecord } from '../records.ts';
import { noticeOf, tenderOf } from '../tender/tender-course.ts';
import { makeFault } from './fault.ts';
import { factsOf, openingOf, saveFacts, saveOpening } from './opening-course.ts';
import type { OpeningPorts } from './ports.ts';

/** Seed of a draw from the entropy inside the seals (docs/formats/closing.md). Fixed at the closing. */
export function drawSeed(provider: CryptoProvider, record: TenderRecord, purpose: string): Promise<Uint8Array> {
  const { entropies, closingRoot } = factsOf(record);
  return entropySeed(provider, entropies, { closingRoot, purpose, lotId: record.lotId });
}

/** The rule's parameter that is drawn; the notice has one range. */
const drawnName = ({ scoringRule }: Notice): string =>
  parseScoringRule(scoringRule).parameters.find(({ drawn }) => drawn !== undefined)?.name ?? 'coefficient';

export const rowOf = (rows: readonly BidRecord[], messageHash: string): BidRecord | undefined =>
  rows.find((row) => row.messageHash === messageHash);

/** Rows follow the aggregate; the fault of a bid that is not opened is named once. */
export function followStates(rows: readonly BidRecord[], opening: Opening): void {
  if (!('bids' in opening)) return;
  for (const bid of opening.bids) {
    const row = rowOf(rows, bid.messageHash);
    if (row === undefined) continue;
    row.state = bid.state;
    if (bid.state === 'half-missing' && row.fault === null)
      row.fault = makeFault(bid.fault, 'HALF_MISSING') as unknown as Json; // plain data
  }
}

async function logCoefficient(
  ports: OpeningPorts,
  tx: Transaction,
  record: TenderRecord,
  now: Instant,
): Promise<string> {
  const notice = noticeOf(record);
  if (notice.coefficient === null) throw new Error('the notice has no coefficient');
  const seed = await drawSeed(ports.provider, record, 'coefficient');
  const name = drawnName(notice);
  const { index, value } = drawValue({ seed, range: notice.coefficient, name });
  saveFacts(record, { coefficient: { name, index, value } });
  await appendEntry(tx, {
    type: 'coefficient-drawn',
    at: now,
    tenderId: record.id,
    members: { lotId: record.lotId, name, range: { ...notice.coefficient }, index, value, seed: toHex(seed) },
    dedupe: `coefficient-drawn:${record.id}`,
  });
  return value;
}

/**
 * Every half is in, or the window is over. The coefficient is drawn in the same transaction and stands before `halves-complete` in
 * the log: who sees that entry, as price holders must, sees a coefficient that no price could influence.
 * @throws DomainError `E_WINDOW_OPEN`
 */
export async function completeLotHalves(
  ports: OpeningPorts,
  tx: Transaction,
  record: TenderRecord,
  now: Instant,
): Promise<void> {
  let opening: Opening = completeHalves(openingOf(record), {}, now).state;
  if (opening.hasCoefficient)
    opening = drawCoefficient(opening, await logCoefficient(ports, tx, record, now), now).state;
  followStates(await tx.bids.list({ tenderId: record.id }), opening);
  const missing =
    'bids' in opening ? opening.bids.flatMap((bid) => (bid.state === 'half-missing' ? [bid.messageHash] : [])) : [];
  await appendEntry(tx, {
    type: 'halves-complete',
    at: now,
    tenderId: record.id,
    members: { lotId: record.lotId, missing },
    dedupe: `halves-complete:${record.id}`,
  });
  saveOpening(record, tenderOf(record), opening, now);
}

const isWaiting = (opening: Opening): boolean =>
  opening.openingMode === 'joint' && 'bids' in opening && opening.bids.some(({ state }) => state === 'register-opened');

/** May the halves be completed now? */
export const halvesDue = (opening: Opening, now: Instant): boolean =>
  opening.state === 'decrypting' && (!isWaiting(opening) || now > opening.windowEndsAt);

export async function completeDueHalves(ports: OpeningPorts, { id }: TenderRecord): Promise<boolean> {
  const now = ports.clock.now();
  return ports.db.transaction('opening:halves', async (tx) => {
    const record = await tx.tenders.lock({ id });
    if (!halvesDue(openingOf(record), now)) return false;
    await completeLotHalves(ports, tx, record, now);
    return true;
  });
}
