import { verifyCheckpoint } from '@qej/evidence';
import { fromBase64, instant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { closingEntryOf, closingOrder, closingRoot, openSealMessage } from '@qej/sealed-bid';
import type { ClosingEntry, CryptoProvider } from '@qej/sealed-bid';
import { closeTender, fixClosing } from '@qej/tendering';
import { appendEntry } from '../log/index.ts';
import type { Transaction } from '../ports.ts';
import type { SealRecord, TenderRecord } from '../records.ts';
import { tenderOf } from '../tender/tender-course.ts';
import { factsOf, openingOf, saveFacts, saveOpening } from './opening-course.ts';
import type { OpeningPorts } from './ports.ts';

/** The law of the drain: what had arrived is let in for so long, then it is late by the platform's fault. */
const DRAIN_MS = 5_000;
const SECOND_MS = 1_000;

/**
 * The first moment at which the closing is taken. A cosignature counts whole seconds (c2sp.org/tlog-cosignature), so one of the
 * deadline's own second would not show that it came after it.
 */
export const closingDueAt = (deadline: number): Instant =>
  instant(Math.floor(deadline / SECOND_MS) * SECOND_MS + SECOND_MS);

export const liveSeals = (tx: Transaction, lotId: string): Promise<SealRecord[]> =>
  tx.seals.list({ lotId, superseded: false, withdrawn: false }, { orderBy: { messageHash: 'asc' } });

export const closingEntries = (seals: readonly SealRecord[]): ClosingEntry[] =>
  closingOrder(
    seals.map(({ messageHash, opaqueId, registerHash, receivedAt }) =>
      closingEntryOf({ messageHash, body: { opaqueId, registerHash } }, instant(receivedAt)),
    ),
  );

/** What the rows say is what was signed: a row that was changed in the database is not opened as if it were the bidder's. */
export async function readSeal(provider: CryptoProvider, row: SealRecord) {
  const message = await openSealMessage(provider, fromBase64(row.message));
  const { messageHash, body } = message;
  if (messageHash !== row.messageHash || body.opaqueId !== row.opaqueId || body.registerHash !== row.registerHash)
    throw new Error('a seal row differs from its message');
  return message;
}

/** The closing set is fixed in one transaction with the state: no seal can come between. The log gets the root, never the count. */
export async function closeLot(ports: OpeningPorts, { id }: TenderRecord): Promise<boolean> {
  await ports.gate.drained(DRAIN_MS);
  const now = ports.clock.now();
  return ports.db.transaction('opening:close', async (tx) => {
    const record = await tx.tenders.lock({ id });
    if (record.state !== 'published' || now < closingDueAt(record.deadline)) return false;
    const root = await closingRoot(ports.provider, closingEntries(await liveSeals(tx, record.lotId)));
    const entry = await appendEntry(tx, {
      type: 'closing',
      at: now,
      tenderId: id,
      members: { lotId: record.lotId, closingRoot: root },
      dedupe: `closing:${id}`,
    });
    saveFacts(record, {
      closingOrdinal: entry.ordinal ?? -1,
      closingSeq: null,
      closingRoot: root,
      closedAt: now,
      witnesses: [],
      entropies: [],
      refused: [],
      coefficient: null,
      recordDocumentId: null,
    });
    saveOpening(record, closeTender(tenderOf(record), now).state, openingOf(record), now);
    record.nextCheckAt = now; // due until a witness has seen the root
    return true;
  });
}

interface Settled {
  readonly seq: number;
  readonly entryHash: string;
  readonly cosignatures: readonly { readonly name: string; readonly at: Instant; readonly independent: boolean }[];
}

async function settleClosing({ log, db }: OpeningPorts, ordinal: number): Promise<Settled> {
  const { seq, checkpoint } = await log.settle(ordinal);
  const { commitment } = await db.read((tx) => tx.logEntries.get({ ordinal }));
  const witnesses = log.witnesses.map(({ vkey, independent }) => ({ vkey, independent }));
  const { cosignatures } = await verifyCheckpoint(checkpoint, {
    origin: log.origin,
    logKey: log.vkey,
    witnesses,
    quorum: 1,
  });
  return { seq, entryHash: commitment, cosignatures };
}

/** Somebody else has seen the root after the deadline: from now on holders may release the register. */
export async function fixLotClosing(ports: OpeningPorts, before: TenderRecord): Promise<boolean> {
  const { closingOrdinal } = factsOf(before);
  const { seq, entryHash, cosignatures } = await settleClosing(ports, closingOrdinal);
  // A witness's clock behind ours: the next tick brings a later cosignature.
  if (!cosignatures.some(({ at }) => at > before.deadline)) return false;
  const now = ports.clock.now();
  return ports.db.transaction('opening:fix-closing', async (tx) => {
    const record = await tx.tenders.lock({ id: before.id });
    const opening = openingOf(record);
    if (opening.state !== 'awaiting-closing') return false;
    const facts = factsOf(record);
    const seals = await liveSeals(tx, record.lotId);
    if ((await closingRoot(ports.provider, closingEntries(seals))) !== facts.closingRoot)
      throw new Error('the seals differ from the closing root');
    const closing = {
      root: facts.closingRoot,
      entryHash,
      deadline: instant(record.deadline),
      closedAt: instant(facts.closedAt),
      cosignatures: cosignatures.map(({ name, at }) => ({ witnessId: name, cosignedAt: at })),
      seals: seals.map(({ opaqueId, messageHash, receivedAt }) => ({
        opaqueId,
        messageHash,
        receivedAt: instant(receivedAt),
      })),
    };
    saveFacts(record, {
      closingSeq: seq,
      witnesses: cosignatures.map(({ name, at, independent }) => ({ name, at, independent })),
    });
    saveOpening(record, tenderOf(record), fixClosing(opening, closing, now).state, now);
    return true;
  });
}
