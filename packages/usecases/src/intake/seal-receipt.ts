import { formatReceiptPackage, receiptActHash, receiptBytes } from '@qej/evidence';
import type { ReceiptTick } from '@qej/evidence';
import { DomainError, fromBase64, fromHex, fromUtf8, instant, toHex, utf8 } from '@qej/kernel';
import type { SealRecord } from '../records.ts';
import type { IntakePorts } from './ports.ts';

export type ReceiptPorts = Pick<IntakePorts, 'db' | 'log' | 'tsaIndependent'>;

export interface SealReceipt {
  /** The package of docs/formats/receipt.md as JSON; canonicalise it to get the file. */
  readonly receipt: unknown;
  /** Is the proof of its tick in it? */
  readonly included: boolean;
}

const bytesOf = ({ messageHash, receivedAt, lotId }: SealRecord): Uint8Array<ArrayBuffer> =>
  receiptBytes({ messageHash: fromHex(messageHash), receivedAt: instant(receivedAt), lotId });

/** The newest tree head, or undefined while the log has none. */
async function findHead(log: ReceiptPorts['log']): Promise<{ size: number; note: string } | undefined> {
  try {
    return await log.latest();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'E_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The way from the receipt to a signed tree head; undefined until the tick is in one. */
async function findTick({ db, log }: ReceiptPorts, receipt: Uint8Array): Promise<ReceiptTick | undefined> {
  const actHash = toHex(receiptActHash(receipt));
  const act = await db.read((tx) => tx.acts.find({ actHash }));
  const proof = act === undefined ? undefined : await log.ticker.proof(act);
  if (act === undefined || proof === undefined) return undefined;
  const entry = await db.read((tx) => tx.logEntries.get({ ordinal: proof.entryOrdinal }));
  const head = await findHead(log);
  if (entry.seq === null || entry.body === null || head === undefined || entry.seq >= head.size) return undefined;
  return {
    entryBody: utf8(entry.body),
    entrySalt: fromHex(entry.salt),
    actSalt: fromHex(act.salt),
    slot: proof.slot,
    tickProof: proof.siblings,
    leafIndex: entry.seq,
    inclusionProof: await log.reader(head.size).inclusionProof(entry.seq),
    checkpoint: head.note,
  };
}

export async function receiptOf(ports: ReceiptPorts, row: SealRecord): Promise<SealReceipt> {
  const receipt = bytesOf(row);
  const tick = await findTick(ports, receipt);
  const pack = formatReceiptPackage({
    receipt,
    cms: fromBase64(row.receiptCms),
    timestampToken: fromBase64(row.timestampToken),
    tsaIndependent: ports.tsaIndependent,
    ...(tick === undefined ? {} : { tick }),
  });
  return { receipt: JSON.parse(fromUtf8(pack)), included: tick !== undefined };
}

/** @throws DomainError `E_NOT_FOUND` */
export async function findReceipt(ports: ReceiptPorts, messageHash: string): Promise<SealReceipt> {
  return receiptOf(ports, await ports.db.read((tx) => tx.seals.get({ messageHash })));
}
