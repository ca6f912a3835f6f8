import { issueReceipt, receiptActHash } from '@qej/evidence';
import type { SignedReceipt } from '@qej/evidence';
import { DomainError, fromBase64, fromHex, newId, toBase64 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { checkSuccession, openSealMessage, registerHashOf } from '@qej/sealed-bid';
import type { SealMessage } from '@qej/sealed-bid';
import { addAct } from '../log/index.ts';
import type { Transaction } from '../ports.ts';
import type { SealRecord, TenderRecord } from '../records.ts';
import type { IntakePorts } from './ports.ts';
import { receiptOf } from './seal-receipt.ts';

/** Codes of the container become one refusal; the code itself stays in the detail. */
async function asSealRefusal<T>(work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof DomainError) throw new DomainError('E_SEAL', { detail: cause.message, cause });
    throw cause;
  }
}

/**
 * In time to the deadline's last millisecond, while the lot is open.
 * @throws DomainError `E_NOT_FOUND`, `E_LATE`, `E_STATE`
 */
export function requireOpenLot(tender: TenderRecord | undefined, receivedAt: Instant): TenderRecord {
  if (tender === undefined || tender.publishedAt === null) throw new DomainError('E_NOT_FOUND', { detail: 'lot' });
  if (tender.state === 'terminated') throw new DomainError('E_STATE', { detail: 'the tender is terminated' });
  if (receivedAt > tender.deadline) throw new DomainError('E_LATE');
  // Received in time and drained too late: the platform's fault, and said so.
  if (tender.state !== 'published') throw new DomainError('E_LATE', { params: { fault: 'platform' } });
  return tender;
}

/** @throws DomainError `E_REGISTER_MISSING` */
async function requireRegister({ registers, provider }: IntakePorts, { body }: SealMessage): Promise<void> {
  const envelope = await registers.get(body.opaqueId);
  if (envelope === undefined || (await registerHashOf(provider, envelope)) !== body.registerHash)
    throw new DomainError('E_REGISTER_MISSING');
}

const isLive = ({ superseded, withdrawn }: SealRecord): boolean => !superseded && !withdrawn;

/** The seal that this message follows, held and live; undefined for a first seal. @throws DomainError `E_SEAL` */
async function lockPrevious(
  ports: IntakePorts,
  tx: Transaction,
  message: SealMessage,
): Promise<SealRecord | undefined> {
  const { prev, opaqueId, lotId } = message.body;
  if (prev === undefined) return undefined;
  if ((await tx.seals.find({ messageHash: prev })) === undefined)
    throw new DomainError('E_SEAL', { detail: 'prev is unknown' });
  const row = await tx.seals.lock({ messageHash: prev });
  if (!isLive(row)) throw new DomainError('E_SEAL', { detail: 'prev is not live' });
  const previous = await asSealRefusal(() => openSealMessage(ports.provider, fromBase64(row.message)));
  await asSealRefusal(() => checkSuccession(previous, message));
  if (row.lotId !== lotId) throw new DomainError('E_SEAL', { detail: `another lot than slot ${opaqueId}` });
  return row;
}

interface NewSeal {
  readonly message: SealMessage;
  readonly bytes: Uint8Array;
  readonly receivedAt: Instant;
  readonly signed: SignedReceipt;
}

async function insertSeal(tx: Transaction, { message, bytes, receivedAt, signed }: NewSeal): Promise<SealRecord> {
  const { body, messageHash } = message;
  return tx.seals.insert({
    id: newId(),
    lotId: body.lotId,
    opaqueId: body.opaqueId,
    messageHash,
    registerHash: body.registerHash,
    message: toBase64(bytes),
    receivedAt,
    receiptCms: toBase64(signed.cms),
    timestampToken: toBase64(signed.timestampToken),
    superseded: false,
    withdrawn: body.action === 'withdraw',
  });
}

/** Under the tender's lock, so that no seal slips in beside the closing. */
async function commitSeal(ports: IntakePorts, seal: NewSeal): Promise<SealRecord> {
  const { messageHash, body } = seal.message;
  return ports.db.transaction('intake:seal', async (tx) => {
    requireOpenLot(await tx.tenders.lock({ lotId: body.lotId }), seal.receivedAt);
    const known = await tx.seals.find({ messageHash });
    if (known !== undefined) return known;
    const previous = await lockPrevious(ports, tx, seal.message);
    if (body.action === 'seal' && (await tx.seals.find({ opaqueId: body.opaqueId })) !== undefined)
      throw new DomainError('E_SEAL', { detail: 'the slot is taken' });
    if (previous !== undefined) previous.superseded = true;
    const row = await insertSeal(tx, seal);
    await addAct(tx, receiptActHash(seal.signed.receipt));
    return row;
  });
}

/**
 * Seals, replaces or withdraws. `receivedAt` is the clock, read once when the last byte had arrived. The same message again
 * gives the same receipt. Signature and time stamp are made outside the transaction.
 * @throws DomainError `E_SEAL`, `E_NOT_FOUND`, `E_LATE`, `E_STATE`, `E_REGISTER_MISSING`
 */
export async function putSeal(ports: IntakePorts, bytes: Uint8Array, receivedAt: Instant): Promise<unknown> {
  const leave = ports.gate.enter();
  try {
    const message = await asSealRefusal(() => openSealMessage(ports.provider, bytes));
    const { messageHash, body } = message;
    const known = await ports.db.read((tx) => tx.seals.find({ messageHash }));
    if (known !== undefined) return (await receiptOf(ports, known)).receipt;
    requireOpenLot(await ports.db.read((tx) => tx.tenders.find({ lotId: body.lotId })), receivedAt);
    await requireRegister(ports, message);
    const signed = await issueReceipt(
      { messageHash: fromHex(messageHash), receivedAt, lotId: body.lotId },
      {
        signCms: (content) => ports.trust.sign('qej-receipt/1', content),
        timestamp: (content) => ports.trust.timestamp(content),
      },
    );
    const row = await commitSeal(ports, { message, bytes, receivedAt, signed });
    return (await receiptOf(ports, row)).receipt;
  } finally {
    leave();
  }
}
