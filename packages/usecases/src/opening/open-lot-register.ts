import { newId } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { failFew, openRegister, procedureOf, releaseRegister, revealOwners, rulesVersion } from '@qej/tendering';
import type { Opening, OpeningIn, RegisterResult, TenderIn } from '@qej/tendering';
import { enqueueJob } from '../jobs/enqueue-job.ts';
import { appendEntry } from '../log/index.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { noticeOf, tenderOf } from '../tender/tender-course.ts';
import { closingEntries, liveSeals } from './close-lot.ts';
import { domainParty } from './fault.ts';
import { factsOf, openingOf, saveFacts, saveOpening } from './opening-course.ts';
import type { OpeningPorts } from './ports.ts';
import { readRegister } from './read-register.ts';
import type { LotKeys, OpenedEnvelope } from './read-register.ts';
import { stageKeysOf } from './release-gate.ts';

/** Holders and releases of every stage of a lot. */
export async function lotKeysOf(tx: Transaction, ports: OpeningPorts, record: TenderRecord): Promise<LotKeys> {
  const of = (stage: 'register' | 'technical' | 'price') =>
    stageKeysOf(tx, ports.provider, { tenderId: record.id, stage });
  const [register, technical, price] = [await of('register'), await of('technical'), await of('price')];
  return {
    notice: noticeOf(record),
    noticeHash: record.noticeHash ?? '',
    lotId: record.lotId,
    register,
    content: { technical, price },
  };
}

const resultOf = ({ seal, bid }: OpenedEnvelope): RegisterResult =>
  'owner' in bid
    ? {
        opaqueId: seal.opaqueId,
        owner: bid.owner,
        deposit: bid.deposit.state === 'submitted' ? 'submitted' : 'not-submitted',
      }
    : { opaqueId: seal.opaqueId, code: bid.fault.code, fault: domainParty(bid.fault.party) };

/** Of a lot that failed nothing stays but "<3": no seal, no envelope, no owner. */
async function forgetLot(
  tx: Transaction,
  record: TenderRecord,
  envelopes: readonly OpenedEnvelope[],
  now: Instant,
): Promise<void> {
  await tx.seals.remove({ lotId: record.lotId });
  await enqueueJob(tx, {
    kind: 'opening:forget',
    dedupe: `opening:forget:${record.id}`,
    payload: { opaqueIds: envelopes.map(({ seal }) => seal.opaqueId) },
    at: now,
  });
  await appendEntry(tx, {
    type: 'failed-few',
    at: now,
    tenderId: record.id,
    members: { lotId: record.lotId, distinctOwners: '<3' },
    dedupe: `failed-few:${record.id}`,
  });
  await notify(tx, {
    kind: 'tender-failed-few',
    at: now,
    role: 'agency',
    to: { organizationIds: [record.agencyOrganizationId] },
    tenderId: record.id,
    params: { tender: noticeOf(record).title.zh },
    isOpened: true,
    dedupe: `failed-few:${record.id}`,
  });
}

async function insertBids(
  tx: Transaction,
  record: TenderRecord,
  opening: OpeningIn<'list-published'>,
  envelopes: readonly OpenedEnvelope[],
): Promise<void> {
  for (const [order, bid] of opening.bids.entries()) {
    const found = envelopes.find(({ seal }) => seal.opaqueId === bid.opaqueId)?.bid;
    if (bid.state !== 'register-opened' || found === undefined || !('owner' in found)) continue;
    await tx.bids.insert({
      id: newId(),
      tenderId: record.id,
      lotId: record.lotId,
      messageHash: bid.messageHash,
      organizationId: bid.owner.organizationId,
      state: bid.state,
      register: found.facts as unknown as Json, // plain data
      deposit: found.deposit as unknown as Json,
      fault: null,
      halves: {},
      opened: null,
      confirmation: null,
      order,
    });
  }
}

/** The list becomes public: closing entries, entropies of the draws, owners with their deposit, and what was refused. */
async function publishList(
  tx: Transaction,
  record: TenderRecord,
  opening: OpeningIn<'list-published'>,
  envelopes: readonly OpenedEnvelope[],
  now: Instant,
): Promise<void> {
  const refused = envelopes.flatMap(({ seal, bid }) =>
    'fault' in bid ? [{ messageHash: seal.messageHash, code: bid.fault.code, party: bid.fault.party }] : [],
  );
  const entropies = envelopes.flatMap(({ entropy }) => (entropy === null ? [] : [entropy]));
  const owners = opening.bids.flatMap((bid) =>
    bid.state === 'register-opened'
      ? [{ messageHash: bid.messageHash, name: bid.owner.name, uscc: bid.owner.uscc, deposit: bid.deposit }]
      : [],
  );
  saveFacts(record, { refused, entropies });
  await insertBids(tx, record, opening, envelopes);
  const entries = closingEntries(envelopes.map(({ seal }) => seal));
  await appendEntry(tx, {
    type: 'owners-published',
    at: now,
    tenderId: record.id,
    members: { lotId: record.lotId, closingEntryHash: opening.closing.entryHash, entries, entropies, owners, refused },
    dedupe: `owners-published:${record.id}`,
  });
}

async function decide(
  tx: Transaction,
  record: TenderRecord,
  { opening, envelopes }: { opening: Opening; envelopes: readonly OpenedEnvelope[] },
  now: Instant,
): Promise<void> {
  const { numbers } = rulesVersion(noticeOf(record).rulesVersion);
  const released: TenderIn<'register-released'> = releaseRegister(tenderOf(record), now).state;
  const opened = openRegister(opening, envelopes.map(resultOf), now).state;
  const revealed = revealOwners(opened, numbers.minimumBidders.value, now).state;
  // Replaced and withdrawn seals have served: their hashes kept an old message from coming back before the closing.
  await tx.seals.remove({ lotId: record.lotId, superseded: true });
  if (revealed.state === 'failed-few') {
    await forgetLot(tx, record, envelopes, now);
    saveOpening(record, failFew(released, now).state, revealed, now);
    return;
  }
  await publishList(tx, record, revealed, envelopes, now);
  saveOpening(record, released, revealed, now);
}

/** A sufficient set of holders has released `register`: all envelopes at once, outside the transaction, then one decision. */
export async function openLotRegister(ports: OpeningPorts, before: TenderRecord): Promise<boolean> {
  const { keys, seals } = await ports.db.read(async (tx) => ({
    keys: await lotKeysOf(tx, ports, before),
    seals: await liveSeals(tx, before.lotId),
  }));
  if (!keys.register.isSufficient) return false;
  const { closedAt } = factsOf(before);
  const envelopes: OpenedEnvelope[] = [];
  for (const seal of seals) envelopes.push(await readRegister(ports, keys, seal, closedAt));
  const now = ports.clock.now();
  return ports.db.transaction('opening:register', async (tx) => {
    const record = await tx.tenders.lock({ id: before.id });
    const opening = openingOf(record);
    if (opening.state !== 'closing-fixed') return false;
    await decide(tx, record, { opening, envelopes }, now);
    return true;
  });
}

/** Is the price read out at the opening itself? */
export const opensPrices = (record: TenderRecord): boolean =>
  procedureOf(noticeOf(record)).priceOpening === 'at-opening';
