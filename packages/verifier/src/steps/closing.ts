import { parseReceipt, parseReceiptPackage, verifyReceiptPackage } from '@qej/evidence';
import { formatInstant, fromBase64, fromHex, parseInstant } from '@qej/kernel';
import { verifyTimestamp } from '@qej/pki';
import { closingOrder, closingRoot } from '@qej/sealed-bid';
import type { ClosingEntry } from '@qej/sealed-bid';
import { refuse } from '../codes.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { verifyAct } from '../trust-set.ts';
import { hasReached } from './context.ts';
import type { BaseFacts, Context } from './context.ts';
import { entriesOf, getEntry } from './log.ts';
import { provider } from './holders.ts';

const MAX_STAMP_DELAY_MS = 60_000;

export interface ClosingFacts {
  readonly root: string;
  /** In closing order; undefined where fewer than three took part. */
  readonly entries: readonly ClosingEntry[] | undefined;
}

/** The root recomputed from its seals, all of them in time, in the log, and seen by a witness after the deadline. */
export async function checkClosing(
  { archive }: Context,
  base: BaseFacts,
  check: Check,
): Promise<StepResult<ClosingFacts | undefined>> {
  if (!archive.has('closing.json') && !hasReached(archive, 'closed')) return absent('the deadline had not come');
  const log = needed(base.log, 'log');
  const { notice } = needed(base.notice, 'notice');
  const deadline = parseInstant(notice.timetable.deadline.at);
  const { body } = getEntry(log, 'closing', { lotId: notice.lots[0]?.lotId ?? '' });
  const root = body['closingRoot'];
  if (typeof root !== 'string') return refuse('E_ARCHIVE_CLOSING', 'the closing entry names no root');
  await check('log', () => {
    if (entriesOf(log, 'closing').length !== 1) refuse('E_ARCHIVE_CLOSING', 'the lot was closed more than once');
    const entry = getEntry(log, 'closing');
    if (entry.at <= deadline) refuse('E_ARCHIVE_CLOSING', 'closed before the deadline was over');
    const seen = log.closing ?? refuse('E_ARCHIVE_CLOSING', 'no cosigned checkpoint of the closing');
    if (seen.size <= entry.seq) refuse('E_ARCHIVE_CLOSING', 'the checkpoint of the closing does not hold its entry');
    if (seen.cosignatures.length > 0 && !seen.cosignatures.some(({ at }) => at > deadline))
      refuse('E_ARCHIVE_CLOSING', 'no witness saw the closing after the deadline');
  });
  const { entries } = archive.member('closing.json');
  if (entries === null) {
    if (hasReached(archive, 'decrypting')) refuse('E_ARCHIVE_CLOSING', 'the seals of an opened lot are left out');
    return { value: { root, entries: undefined }, detail: `${root}，不足三家 fewer than three` };
  }
  await check('closing root', async () => {
    if ((await closingRoot(provider, entries)) !== root)
      refuse('E_ARCHIVE_CLOSING', 'the seals do not give the root that was logged');
  });
  for (const { messageHash, receivedAt } of entries)
    await check(`seal ${messageHash}`, () => {
      if (parseInstant(receivedAt) > deadline)
        refuse('E_ARCHIVE_CLOSING', `received after the deadline, ${receivedAt}`);
    });
  return { value: { root, entries: closingOrder(entries) }, detail: `${entries.length} seals, root ${root}` };
}

/** Signature, time stamp and way to the log of every seal's receipt, and one receipt for each seal of the closing set. */
export async function checkReceipts(
  context: Context,
  base: BaseFacts,
  closing: ClosingFacts | undefined,
  check: Check,
): Promise<StepResult<undefined>> {
  const { archive, trust, policy } = context;
  if (!archive.has('receipts.json') && !hasReached(archive, 'decrypting')) return absent('no receipts are published');
  const log = archive.member('log.json');
  const { receipts } = archive.member('receipts.json');
  const witnessPolicy = { ...policy, origin: log.origin, logKey: policy.logKey ?? log.vkey };
  for (const { messageHash, package: file } of receipts)
    await check(`receipt ${messageHash}`, async () => {
      const bytes = fromBase64(file);
      const { receivedAt } = parseReceipt(parseReceiptPackage(bytes).receipt);
      const checked = await verifyReceiptPackage(bytes, {
        verifyCms: (cms, content) => verifyAct(trust, { purpose: 'qej-receipt/1', content, cms, at: receivedAt }),
        verifyTimestamp: async (token, content) => {
          const stamp = await verifyTimestamp({ token, content, ...trust.timestamp });
          return { at: stamp.genTime, accuracyMs: stamp.accuracyMs ?? 0, independent: false };
        },
        witnessPolicy,
        maxTimestampDelayMs: policy.maxTimestampDelayMs ?? MAX_STAMP_DELAY_MS,
        requireTick: true,
        messageHash: fromHex(messageHash),
      });
      if (base.seal !== undefined && checked.signer.uscc !== base.seal.uscc)
        refuse('E_ARCHIVE_RECEIPT', 'not signed by the platform of this archive');
      const entry = closing?.entries?.find((one) => one.messageHash === messageHash);
      if (entry === undefined) refuse('E_ARCHIVE_RECEIPT', 'its seal is not in the closing set');
      else if (formatInstant(receivedAt) !== entry.receivedAt)
        refuse('E_ARCHIVE_RECEIPT', 'another time of receipt than in the closing set');
    });
  for (const { messageHash } of closing?.entries ?? [])
    await check(`receipt ${messageHash}`, () => {
      if (!receipts.some((one) => one.messageHash === messageHash))
        refuse('E_ARCHIVE_RECEIPT', 'a seal of the closing set has no receipt');
    });
  return { value: undefined, detail: `${receipts.length} receipts` };
}
