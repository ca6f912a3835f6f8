import type { Instant, Json } from '@qej/kernel';
import { formatInstant } from '@qej/kernel';
import { openPrices, showPrices, startConfirming } from '@qej/tendering';
import type { Opening, OpeningIn } from '@qej/tendering';
import { appendEntry } from '../log/index.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { BidRecord, TenderRecord } from '../records.ts';
import { noticeOf, tenderOf } from '../tender/tender-course.ts';
import { followStates, rowOf } from './complete-halves.ts';
import { domainParty } from './fault.ts';
import { openPrice } from './open-content.ts';
import type { OpenedPrice } from './open-content.ts';
import { logRefusal, technicalWaiting } from './open-lot-technical.ts';
import { openingOf, saveOpening } from './opening-course.ts';
import { lotKeysOf, opensPrices } from './open-lot-register.ts';
import type { OpeningPorts } from './ports.ts';

/** Halves complete, coefficient drawn where there is one, every technical stage decided. */
export const pricesDue = (record: TenderRecord, opening: Opening): boolean =>
  opensPrices(record) &&
  (opening.state === 'coefficient-drawn' || (opening.state === 'halves-complete' && !opening.hasCoefficient)) &&
  technicalWaiting(opening).length === 0;

interface PricedBid {
  readonly row: BidRecord;
  readonly opaqueId: string;
  readonly result: OpenedPrice;
}

async function saveRows(
  tx: Transaction,
  record: TenderRecord,
  priced: readonly PricedBid[],
  now: Instant,
): Promise<BidRecord[]> {
  const rows = await tx.bids.list({ tenderId: record.id }, { orderBy: { order: 'asc' } });
  for (const { row, result } of priced) {
    const own = rowOf(rows, row.messageHash);
    if (own === undefined) throw new Error('a priced bid has no row');
    if ('fault' in result) {
      own.fault = result.fault as unknown as Json; // plain data
      await logRefusal(tx, record, { messageHash: row.messageHash, fault: result.fault, stage: 'price', at: now });
    } else own.opened = result.content as unknown as Json; // plain data
  }
  return rows;
}

async function tellBidders(
  tx: Transaction,
  record: TenderRecord,
  opening: OpeningIn<'confirming'>,
  now: Instant,
): Promise<void> {
  const organizationIds = opening.bids.flatMap((bid) => (bid.state === 'opened' ? [bid.owner.organizationId] : []));
  if (organizationIds.length === 0) return;
  await notify(tx, {
    kind: 'price-confirmation-asked',
    at: now,
    role: 'bidder',
    to: { organizationIds },
    tenderId: record.id,
    params: { tender: noticeOf(record).title.zh, until: formatInstant(opening.confirmingEndsAt) },
    isOpened: true,
    dedupe: `confirm:${record.id}`,
  });
}

/** The price table as the log keeps it: what everybody sees from this moment on. */
async function logPrices(
  tx: Transaction,
  record: TenderRecord,
  priced: readonly PricedBid[],
  now: Instant,
): Promise<void> {
  const rows = priced.flatMap(({ row, result }): Json[] =>
    'content' in result && result.content.price !== null
      ? [{ messageHash: row.messageHash, price: { ...result.content.price } }]
      : [],
  );
  await appendEntry(tx, {
    type: 'prices-shown',
    at: now,
    tenderId: record.id,
    members: { lotId: record.lotId, rows },
    dedupe: `prices-shown:${record.id}`,
  });
}

/** All prices in one commit: nobody sees one before the others. Confirmation starts with it. */
async function commitPrices(ports: OpeningPorts, tenderId: string, priced: readonly PricedBid[]): Promise<boolean> {
  const now = ports.clock.now();
  return ports.db.transaction('opening:prices', async (tx) => {
    const record = await tx.tenders.lock({ id: tenderId });
    const opening = openingOf(record);
    if (!pricesDue(record, opening)) return false;
    const results = priced.map(({ opaqueId, result }) =>
      'fault' in result
        ? { opaqueId, code: result.fault.code, fault: domainParty(result.fault.party) }
        : { opaqueId, price: result.document.total },
    );
    const shown = showPrices(opening, results, now).state;
    const { confirmationWindowMs } = noticeOf(record).timetable;
    const confirming = startConfirming(shown, confirmationWindowMs, now).state;
    followStates(await saveRows(tx, record, priced, now), confirming);
    await logPrices(tx, record, priced, now);
    await tellBidders(tx, record, confirming, now);
    saveOpening(record, openPrices(tenderOf(record), now).state, confirming, now);
    return true;
  });
}

/** A sufficient set has released `price`: every price stage is opened aside, then all are shown at once. */
export async function showLotPrices(ports: OpeningPorts, before: TenderRecord): Promise<boolean> {
  const { rows, seals, keys } = await ports.db.read(async (tx) => ({
    rows: await tx.bids.list({ tenderId: before.id }, { orderBy: { order: 'asc' } }),
    seals: await tx.seals.list({ lotId: before.lotId }),
    keys: await lotKeysOf(tx, ports, before),
  }));
  if (!keys.content.price.isSufficient) return false;
  const opening = openingOf(before);
  const waiting = 'bids' in opening ? opening.bids.filter(({ state }) => state === 'technical-opened') : [];
  const priced: PricedBid[] = [];
  for (const { messageHash, opaqueId } of waiting) {
    const row = rowOf(rows, messageHash);
    const seal = seals.find((one) => one.messageHash === messageHash);
    if (row === undefined || seal === undefined) throw new Error('a bid of the list has no row');
    priced.push({ row, opaqueId, result: await openPrice(ports, keys, { row, seal }) });
  }
  return commitPrices(ports, before.id, priced);
}
