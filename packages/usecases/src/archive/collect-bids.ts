import { canonicalBytes, DomainError, fromBase64, fromHex, toBase64 } from '@qej/kernel';
import { parseSignedData } from '@qej/pki';
import { openRegister, openStage, parseManifest } from '@qej/sealed-bid';
import { receiptOf } from '../intake/seal-receipt.ts';
import { closingEntries, liveSeals, readSeal } from '../opening/close-lot.ts';
import { findFacts } from '../opening/opening-course.ts';
import { stageKeysOf } from '../opening/release-gate.ts';
import type { StageKeys } from '../opening/release-gate.ts';
import type { BidRecord, SealRecord, TenderRecord } from '../records.ts';
import { noticeOf } from '../tender/tender-course.ts';
import { jsonMember } from './json-member.ts';
import type { ArchiveMember, ArchivePorts } from './ports.ts';

/** Rows of a lot whose bidders were published; undefined before that, and for a lot of which nothing is kept. */
interface OpenedLot {
  readonly seals: readonly SealRecord[];
  readonly bids: readonly BidRecord[];
}

const isPublished = (entries: readonly { readonly type: string }[]): boolean =>
  entries.some(({ type }) => type === 'owners-published');

async function openedLot({ db }: ArchivePorts, record: TenderRecord): Promise<OpenedLot | undefined> {
  return db.read(async (tx) => {
    const entries = await tx.logEntries.list({ tenderId: record.id, type: 'owners-published' });
    if (!isPublished(entries)) return undefined;
    return {
      seals: await liveSeals(tx, record.lotId),
      bids: await tx.bids.list({ tenderId: record.id }, { orderBy: { order: 'asc' } }),
    };
  });
}

interface RegisterRow {
  readonly name: string;
  readonly uscc: string;
}
interface OpenedRow {
  readonly price: { readonly total: string } | null;
}
interface FaultRow {
  readonly party: string;
  readonly code: string;
}

/** As the opening station keeps it in the row. */
function bidJson(row: BidRecord) {
  const { name, uscc } = row.register as unknown as RegisterRow;
  const opened = row.opened as unknown as OpenedRow | null;
  const fault = row.fault as unknown as FaultRow | null;
  const deposit = row.deposit as unknown as { readonly state: string } | null;
  return {
    bidId: row.id,
    messageHash: row.messageHash,
    organizationId: row.organizationId,
    name,
    uscc,
    state: row.state,
    deposit: deposit?.state ?? null,
    price: opened?.price?.total ?? null,
    fault: fault === null ? null : { party: fault.party, code: fault.code },
  };
}

async function sealsMember(ports: ArchivePorts, { seals, bids }: OpenedLot): Promise<ArchiveMember> {
  const listed = [];
  for (const { messageHash, message, opaqueId } of seals) {
    const envelope = await ports.registers.get(opaqueId);
    if (envelope === undefined) throw new DomainError('E_NOT_FOUND', { detail: 'a register envelope is missing' });
    const halves = (bids.find((bid) => bid.messageHash === messageHash)?.halves ?? {}) as Readonly<
      Record<string, string>
    >;
    listed.push({
      messageHash,
      message,
      envelope: toBase64(envelope),
      halves: Object.entries(halves)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([stage, half]) => ({ stage, half: toBase64(fromHex(half)) })),
    });
  }
  return jsonMember('seals.json', { seals: listed });
}

interface PriceKeys {
  readonly register: StageKeys;
  readonly price: StageKeys;
}

async function openOwn(ports: ArchivePorts, record: TenderRecord, { register }: PriceKeys, seal: SealRecord) {
  const { suite, openingMode } = noticeOf(record);
  const envelope = await ports.registers.get(seal.opaqueId);
  if (envelope === undefined) throw new DomainError('E_NOT_FOUND', { detail: 'a register envelope is missing' });
  return openRegister(ports.provider, {
    message: await readSeal(ports.provider, seal),
    envelope,
    expected: {
      suite,
      noticeHash: record.noticeHash ?? '',
      lotId: record.lotId,
      opening: openingMode,
      ...register.group,
    },
    released: register.released,
  });
}

/** The objects that opening the price stage of one bid reads: header, record and tree, not the files. */
async function priceObjects(
  ports: ArchivePorts,
  record: TenderRecord,
  { keys, seal, bid }: { keys: PriceKeys; seal: SealRecord; bid: BidRecord },
): Promise<Map<string, Uint8Array>> {
  const read = new Map<string, Uint8Array>();
  const half = (bid.halves as Readonly<Record<string, string>>)['price'];
  try {
    const register = await openOwn(ports, record, keys, seal);
    const { content } = parseSignedData(fromBase64(register.record.manifestCms));
    await openStage(ports.provider, {
      stage: 'price',
      register,
      manifest: parseManifest(content ?? new Uint8Array()),
      holders: keys.price.group,
      released: keys.price.released,
      ...(half === undefined ? {} : { bidderHalf: fromHex(half) }),
      objects: async (id) => {
        const bytes = await ports.objects.get(id);
        if (bytes !== undefined) read.set(id, bytes);
        return bytes;
      },
    });
  } catch (error) {
    // A bid that does not open is in the archive with what was read of it: the verifier meets the same refusal.
    if (!(error instanceof DomainError)) throw error;
  }
  return read;
}

async function objectMembers(ports: ArchivePorts, record: TenderRecord, lot: OpenedLot): Promise<ArchiveMember[]> {
  const { db, provider } = ports;
  const keys = await db.read(async (tx) => ({
    register: await stageKeysOf(tx, provider, { tenderId: record.id, stage: 'register' }),
    price: await stageKeysOf(tx, provider, { tenderId: record.id, stage: 'price' }),
  }));
  if (!keys.price.isSufficient) return [];
  const found = new Map<string, Uint8Array>();
  for (const bid of lot.bids) {
    const seal = lot.seals.find(({ messageHash }) => messageHash === bid.messageHash);
    if (seal === undefined) continue;
    for (const [id, bytes] of await priceObjects(ports, record, { keys, seal, bid })) found.set(id, bytes);
  }
  return [...found].map(([id, bytes]) => ({ path: `objects/${id}`, bytes }));
}

async function receiptsMember(ports: ArchivePorts, { seals }: OpenedLot): Promise<ArchiveMember> {
  const receipts = [];
  for (const seal of seals) {
    const { receipt } = await receiptOf(ports, seal);
    receipts.push({ messageHash: seal.messageHash, package: toBase64(canonicalBytes(receipt)) });
  }
  return jsonMember('receipts.json', { receipts });
}

/** Closing set, receipts, bidders and prices; in the full profile the sealed registers and price stages themselves. */
export async function collectBids(
  ports: ArchivePorts,
  record: TenderRecord,
  profile: 'full' | 'public',
): Promise<ArchiveMember[]> {
  const facts = findFacts(record);
  if (facts === undefined) return [];
  const lot = await openedLot(ports, record);
  if (lot === undefined) return [jsonMember('closing.json', { entries: null })];
  const open = [
    jsonMember('closing.json', { entries: closingEntries(lot.seals) }),
    await receiptsMember(ports, lot),
    jsonMember('bids.json', { bids: lot.bids.map(bidJson), refused: facts.refused }),
  ];
  if (profile === 'public') return open;
  return [...open, await sealsMember(ports, lot), ...(await objectMembers(ports, record, lot))];
}
