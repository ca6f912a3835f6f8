import { DomainError, equalBytes, formatInstant, fromBase64, fromHex, toHex } from '@qej/kernel';
import { bidderCommit } from '@qej/sealed-bid';
import { releaseHalf, startDecrypting, startWindow } from '@qej/tendering';
import type { AuthenticatedContext } from '../handlers.ts';
import { enqueueJob } from '../jobs/enqueue-job.ts';
import { appendEntry } from '../log/index.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { BidRecord, TenderRecord } from '../records.ts';
import { noticeOf, tenderOf } from '../tender/tender-course.ts';
import { completeLotHalves, followStates } from './complete-halves.ts';
import { asRefusal } from './confirmation.ts';
import { registerFactsOf } from './open-lot-technical.ts';
import { openingOf, saveOpening } from './opening-course.ts';
import { opensPrices } from './open-lot-register.ts';
import type { OpeningPorts } from './ports.ts';

/** @throws DomainError `E_STATE` */
function requireOpening(record: TenderRecord, state: string): void {
  const opening = openingOf(record);
  if (opening.state !== state) throw new DomainError('E_STATE', { params: { state: opening.state } });
}

async function tellBidders(
  tx: Transaction,
  record: TenderRecord,
  until: string,
  now: AuthenticatedContext['now'],
): Promise<void> {
  const rows = await tx.bids.list({ tenderId: record.id });
  await notify(tx, {
    kind: 'opening-started',
    at: now,
    role: 'bidder',
    to: { organizationIds: [...new Set(rows.map(({ organizationId }) => organizationId))] },
    tenderId: record.id,
    params: { tender: noticeOf(record).title.zh, until },
    isOpened: true,
    dedupe: `opening-started:${record.id}`,
  });
}

/** The host reads out the list; from now on halves count. @throws DomainError `E_STATE` */
export async function startLotDecryption(
  ports: OpeningPorts,
  tenderId: string,
  { now }: AuthenticatedContext,
): Promise<void> {
  await ports.db.transaction('opening:start-decryption', async (tx) => {
    const record = await tx.tenders.lock({ id: tenderId });
    requireOpening(record, 'list-published');
    const opening = startWindow(openingOf(record), noticeOf(record).timetable.decryptionWindowMs, now).state;
    const windowEndsAt = formatInstant(opening.windowEndsAt);
    await appendEntry(tx, {
      type: 'decryption-started',
      at: now,
      tenderId,
      members: { lotId: record.lotId, windowEndsAt },
      dedupe: `decryption-started:${tenderId}`,
    });
    await tellBidders(tx, record, windowEndsAt, now);
    await enqueueJob(tx, {
      kind: 'opening:advance',
      dedupe: `opening:start:${tenderId}`,
      payload: { tenderId },
      at: now,
    });
    saveOpening(record, startDecrypting(tenderOf(record), [record.lotId], now).state, opening, now);
  });
}

export interface GivenHalf {
  readonly stage: string;
  /** 32 bytes, base64. */
  readonly half: string;
}

/** Every half that the notice's opening needs, each against its commitment. @throws DomainError `E_BIDDER_HALF` */
async function checkHalves(
  { provider }: OpeningPorts,
  record: TenderRecord,
  row: BidRecord,
  given: readonly GivenHalf[],
): Promise<Record<string, string>> {
  const refuse = (stage: string, detail: string): never => {
    throw new DomainError('E_BIDDER_HALF', { detail, params: { stage } });
  };
  const needed = registerFactsOf(row).stages.filter(({ stage }) => stage !== 'price' || opensPrices(record));
  const halves: Record<string, string> = {};
  for (const { stage, context, halfCommit } of needed) {
    const own = given.filter((one) => one.stage === stage);
    const [first] = own;
    if (first === undefined || own.length > 1) return refuse(stage, 'one half for each stage');
    const half = fromBase64(first.half);
    if (half.length !== 32 || !equalBytes(await bidderCommit(provider, fromHex(context), half), fromHex(halfCommit)))
      refuse(stage, 'not the committed one');
    halves[stage] = toHex(half);
  }
  if (given.some(({ stage }) => halves[stage] === undefined))
    refuse(given[0]?.stage ?? '', 'a stage that is not asked for');
  return halves;
}

/**
 * A bidder gives its halves of all stages at once. In time to the window's last millisecond; again changes nothing.
 * @throws DomainError `E_STATE`, `E_WINDOW_CLOSED`, `E_BIDDER_HALF`, `E_NOT_FOUND`
 */
export async function giveHalves(
  ports: OpeningPorts,
  ids: { readonly tenderId: string; readonly bidId: string },
  given: readonly GivenHalf[],
  { caller, now }: AuthenticatedContext,
): Promise<void> {
  const where = { id: ids.bidId, tenderId: ids.tenderId, organizationId: caller.organizationId };
  const { before, row } = await ports.db.read(async (tx) => ({
    before: await tx.tenders.get({ id: ids.tenderId }),
    row: await tx.bids.get(where),
  }));
  const state = openingOf(before).state;
  if (state !== 'decrypting') throw new DomainError(state === 'list-published' ? 'E_STATE' : 'E_WINDOW_CLOSED');
  const halves = await checkHalves(ports, before, row, given);
  await asRefusal(() =>
    ports.db.transaction('opening:half', async (tx) => {
      const record = await tx.tenders.lock({ id: ids.tenderId });
      const own = await tx.bids.lock(where);
      const opening = openingOf(record);
      if (opening.state !== 'decrypting') throw new DomainError('E_WINDOW_CLOSED');
      if (own.state !== 'register-opened') return;
      const next = releaseHalf(opening, registerFactsOf(own).opaqueId, now).state;
      own.halves = halves;
      followStates([own], next);
      saveOpening(record, tenderOf(record), next, now);
      const payload = { tenderId: ids.tenderId };
      await enqueueJob(tx, { kind: 'opening:advance', dedupe: `opening:half:${ids.bidId}`, payload, at: now });
    }),
  );
}

/** Ends the window once every half is in; again changes nothing. @throws DomainError `E_WINDOW_OPEN`, `E_STATE` */
export async function closeHalves(ports: OpeningPorts, tenderId: string, { now }: AuthenticatedContext): Promise<void> {
  await ports.db.transaction('opening:close-window', async (tx) => {
    const record = await tx.tenders.lock({ id: tenderId });
    const opening = openingOf(record);
    if ('halvesCompleteAt' in opening) return;
    requireOpening(record, 'decrypting');
    await completeLotHalves(ports, tx, record, now);
    await enqueueJob(tx, {
      kind: 'opening:advance',
      dedupe: `opening:window:${tenderId}`,
      payload: { tenderId },
      at: now,
    });
  });
}
