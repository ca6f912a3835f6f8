import {
  decodeCreditSnapshot,
  encodeCreditDecision,
  decideCredit,
  readDepositDeclaration,
  readDepositRule,
} from '@qej/deposits';
import type { DepositDeclaration } from '@qej/deposits';
import { guaranteeQrSigningBytes, parseGuaranteeQr } from '@qej/documents';
import type { GuaranteeQr } from '@qej/documents';
import { opensCommitment, readGuaranteeDocument } from '@qej/guarantees';
import {
  canonicalBytes,
  equalBytes,
  fromBase64,
  fromHex,
  parseCanonical,
  parseInstant,
  parseMoney,
  Secret,
  toHex,
} from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import { defaultAlgorithm, isSignatureValid } from '@qej/pki';
import type { Notice } from '@qej/tendering';
import type { Member } from '../archive-members.ts';
import { refuse } from '../codes.ts';
import { sha256Hex } from '../container.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { verifyAct } from '../trust-set.ts';
import { hasReached } from './context.ts';
import type { BaseFacts, Context } from './context.ts';
import type { OpenedBidFacts } from './registers.ts';

/** Format, provider of the facts, and the decision computed again, byte for byte. */
async function replay(
  { trust }: Context,
  { notice, asOf, uscc }: { notice: Notice; asOf: Instant; uscc: string },
  { decision, credit }: DepositDeclaration,
): Promise<void> {
  const snapshots = [];
  if (credit !== null) {
    const bytes = canonicalBytes(credit.snapshot);
    const snapshot = decodeCreditSnapshot(bytes);
    const cms = fromBase64(credit.cms);
    const signer = await verifyAct(trust, {
      purpose: 'qej-credit/1',
      content: bytes,
      cms,
      at: parseInstant(snapshot.issuedAt),
    });
    if (signer.uscc !== snapshot.issuer.uscc) refuse('E_ARCHIVE_DEPOSIT', 'the snapshot is not signed by its issuer');
    snapshots.push({ sha256: sha256Hex(bytes), snapshot });
  }
  const lot = notice.lots[0] ?? refuse('E_ARCHIVE_NOTICE', 'no lot');
  const again = decideCredit({
    lotId: lot.lotId,
    bidderUscc: uscc,
    estimate: parseMoney(lot.estimate),
    rule: readDepositRule(notice.deposit),
    snapshots,
    asOf,
  });
  if (!equalBytes(encodeCreditDecision(again), canonicalBytes(decision)))
    refuse('E_ARCHIVE_DEPOSIT', 'the inputs give another credit decision');
}

type Guarantee = Member<'guarantees.json'>['guarantees'][number];

interface CoveredBid {
  readonly bid: Member<'bids.json'>['bids'][number];
  readonly lotId: string;
  readonly due: Money;
  readonly reference: NonNullable<DepositDeclaration['guarantee']>;
}

/** The QR code that was sealed with the bid: for this lot and bidder, over at least what is due. Its signature needs the guarantor's seal. */
async function checkReference({ bid, lotId, due, reference }: CoveredBid): Promise<GuaranteeQr> {
  const qr = parseGuaranteeQr(reference.qr);
  const opening = { lotId, bidderId: bid.organizationId, k: new Secret<Uint8Array>(fromHex(reference.k)) };
  if (qr.number !== reference.number) refuse('E_ARCHIVE_GUARANTEE', 'the QR code is of another guarantee');
  if (!(await opensCommitment(toHex(qr.commitment), opening)))
    refuse('E_ARCHIVE_GUARANTEE', 'the commitment is not for this bidder and lot');
  if (qr.amount.amountMinor < due.amountMinor) refuse('E_ARCHIVE_GUARANTEE', 'for less than what is due');
  return qr;
}

/** The guarantor's undertaking: signed, and the same guarantee as the one sealed with the bid, its QR code signed by the same seal. */
async function checkUndertaking({ trust }: Context, qr: GuaranteeQr, guarantee: Guarantee): Promise<void> {
  const bytes = fromBase64(guarantee.undertaking);
  const undertaking = readGuaranteeDocument('undertaking', parseCanonical(bytes));
  const act = { content: bytes, cms: fromBase64(guarantee.cms), at: parseInstant(undertaking.issuedAt) };
  const signer = await verifyAct(trust, { purpose: 'qej-guarantee/1', ...act });
  if (signer.uscc !== undertaking.guarantor.uscc) refuse('E_ARCHIVE_GUARANTEE', 'not signed by the guarantor');
  const same =
    undertaking.guaranteeNo === qr.number &&
    undertaking.commitment === toHex(qr.commitment) &&
    parseMoney(undertaking.amount).amountMinor === qr.amount.amountMinor &&
    parseInstant(undertaking.validTo) === qr.expiresAt;
  if (!same) refuse('E_ARCHIVE_GUARANTEE', 'the undertaking is not the one sealed with the bid');
  const { certificate } = signer;
  if (
    !(await isSignatureValid(
      certificate.spki,
      defaultAlgorithm(certificate),
      guaranteeQrSigningBytes(qr),
      qr.signature,
    ))
  )
    refuse('E_ARCHIVE_GUARANTEE', 'the QR code is not signed by the guarantor');
}

/** Credit decisions replayed and guarantees judged again. Full profile only. */
export async function checkDeposits(
  context: Context,
  facts: { base: BaseFacts; opened: readonly OpenedBidFacts[] | undefined },
  check: Check,
): Promise<StepResult<undefined>> {
  const { archive } = context;
  if (archive.profile === 'public') return absent('公开档案不含保证金明细 a public archive holds no deposits');
  if (!hasReached(archive, 'decrypting')) return absent('no deposit was opened');
  const opened = needed(facts.opened, 'registers');
  const { notice } = needed(facts.base.notice, 'notice');
  const asOf = parseInstant(notice.timetable.deadline.at);
  const { bids } = archive.member('bids.json');
  const { guarantees } = archive.member('guarantees.json');
  let submitted = 0;
  for (const { entry, register, owner } of opened)
    await check(`deposit ${entry.messageHash}`, async () => {
      const bid = bids.find(({ messageHash }) => messageHash === entry.messageHash);
      // One that brought nothing, or nothing readable, is shown as missing; there is nothing to replay.
      if (bid === undefined || bid.deposit !== 'submitted') return;
      submitted++;
      const declared = readDepositDeclaration(register.record.deposit);
      await replay(context, { notice, asOf, uscc: owner.uscc }, declared);
      const due = parseMoney(String(declared.decision['due']));
      if (due.amountMinor === 0n) return;
      const reference =
        declared.guarantee ?? refuse('E_ARCHIVE_GUARANTEE', 'submitted, but nothing covers what is due');
      const qr = await checkReference({ bid, lotId: notice.lots[0]?.lotId ?? '', due, reference });
      const guarantee = guarantees.find(({ messageHash }) => messageHash === entry.messageHash);
      // A guarantor that was out of reach at the opening costs the bidder nothing (I5): then the sealed QR code stands alone.
      if (guarantee !== undefined) await checkUndertaking(context, qr, guarantee);
    });
  return { value: undefined, detail: `${submitted} deposits` };
}
