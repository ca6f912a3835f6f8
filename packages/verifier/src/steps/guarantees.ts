import { readDepositRule } from '@qej/deposits';
import type { DepositDeclaration } from '@qej/deposits';
import { guaranteeQrSigningBytes, parseGuaranteeQr, verifyPdf } from '@qej/documents';
import type { GuaranteeQr } from '@qej/documents';
import { opensCommitment, readGuaranteeDocument } from '@qej/guarantees';
import { fromBase64, fromHex, parseCanonical, parseInstant, parseMoney, Secret, toHex } from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import { defaultAlgorithm, isSignatureValid } from '@qej/pki';
import { endOfDays, rulesVersion } from '@qej/tendering';
import type { Notice } from '@qej/tendering';
import type { Member } from '../archive-members.ts';
import { refuse } from '../codes.ts';
import type { Context } from './context.ts';
import { pdfCmsVerifier } from './documents.ts';

export interface CoveredBid {
  readonly bid: Member<'bids.json'>['bids'][number];
  readonly notice: Notice;
  readonly lot: Notice['lots'][number];
  readonly deadline: Instant;
  readonly due: Money;
  readonly reference: NonNullable<DepositDeclaration['guarantee']>;
}

const requiredUntil = (notice: Notice, deadline: Instant): Instant =>
  endOfDays(
    rulesVersion(notice.rulesVersion),
    notice.timetable.deadline.zone,
    deadline,
    notice.timetable.bidValidityDays + readDepositRule(notice.deposit).guaranteeTailDays,
  );

/**
 * The QR code that was sealed with the bid: for this lot and bidder, over at least what is due, for long enough. Its signature
 * needs the guarantor's seal, which comes with the certificate.
 */
export async function checkQr({ bid, notice, lot, deadline, due, reference }: CoveredBid): Promise<GuaranteeQr> {
  const qr = parseGuaranteeQr(reference.qr);
  const opening = { lotId: lot.lotId, bidderId: bid.organizationId, k: new Secret<Uint8Array>(fromHex(reference.k)) };
  if (qr.number !== reference.number) refuse('E_ARCHIVE_GUARANTEE', 'the QR code is of another guarantee');
  if (!(await opensCommitment(toHex(qr.commitment), opening)))
    refuse('E_ARCHIVE_GUARANTEE', 'the commitment is not for this bidder and lot');
  if (qr.amount.amountMinor < due.amountMinor) refuse('E_ARCHIVE_GUARANTEE', 'for less than what is due');
  if (qr.expiresAt < requiredUntil(notice, deadline)) refuse('E_ARCHIVE_GUARANTEE', 'it ends before the bid validity');
  return qr;
}

type Guarantee = Member<'guarantees.json'>['guarantees'][number];

/** Who signed the certificate of the guarantee. */
async function guarantorOf({ archive, trust }: Context, { certificate }: Guarantee) {
  const pdf = archive.bytes(`documents/${certificate}`);
  const verdict = await verifyPdf(pdf, { verifyCms: pdfCmsVerifier(trust, () => undefined) });
  if (!verdict.valid) refuse('E_ARCHIVE_GUARANTEE', verdict.failures.join('; '));
  const [first] = verdict.signatures;
  return first?.signer ?? refuse('E_ARCHIVE_GUARANTEE', 'nobody signed the certificate');
}

/** The undertaking is the guarantee that was sealed with the bid; certificate and QR code are signed by the guarantor it names. */
export async function checkUndertaking(context: Context, qr: GuaranteeQr, guarantee: Guarantee): Promise<void> {
  const undertaking = readGuaranteeDocument('undertaking', parseCanonical(fromBase64(guarantee.undertaking)));
  const same =
    undertaking.guaranteeNo === qr.number &&
    undertaking.commitment === toHex(qr.commitment) &&
    parseMoney(undertaking.amount).amountMinor === qr.amount.amountMinor &&
    parseInstant(undertaking.validTo) === qr.expiresAt;
  if (!same) refuse('E_ARCHIVE_GUARANTEE', 'the undertaking is not the one sealed with the bid');
  const signer = await guarantorOf(context, guarantee);
  if (signer.uscc !== undertaking.guarantor.uscc) refuse('E_ARCHIVE_GUARANTEE', 'not signed by the guarantor it names');
  const { certificate } = signer;
  const bytes = guaranteeQrSigningBytes(qr);
  if (!(await isSignatureValid(certificate.spki, defaultAlgorithm(certificate), bytes, qr.signature)))
    refuse('E_ARCHIVE_GUARANTEE', 'the QR code is not signed by the guarantor');
}
