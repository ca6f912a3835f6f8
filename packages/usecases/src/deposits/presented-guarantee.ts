import { readDepositRule } from '@qej/deposits';
import { guaranteeQrSigningBytes, parseGuaranteeQr } from '@qej/documents';
import type { GuaranteeQr } from '@qej/documents';
import { isInForce, opensCommitment } from '@qej/guarantees';
import type { GuaranteeState } from '@qej/guarantees';
import { DomainError, formatInstant, formatMoney, fromHex, Secret, toHex } from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import { defaultAlgorithm, isSignatureValid, parseCertificate } from '@qej/pki';
import { endOfDays, rulesVersion } from '@qej/tendering';
import type { Notice } from '@qej/tendering';
import type { BidGuarantee, DeclarationFinding } from './bid-deposit.ts';
import type { Judgement } from './deposit-review.ts';
import type { GuarantorDirectory } from './guarantor-directory.ts';
import type { DepositPorts } from './ports.ts';

export interface PresentedGuarantee {
  /** What counts; null where a finding refuses it or none was brought. */
  readonly amount: Money | null;
  readonly guarantee: BidGuarantee | null;
  readonly findings: readonly DeclarationFinding[];
}

/** Until when a guarantee must last: the bid validity with the rule's tail, in the days of the notice's rules. */
export const requiredUntil = (notice: Notice, deadline: Instant): Instant =>
  endOfDays(
    rulesVersion(notice.rulesVersion),
    notice.timetable.deadline.zone,
    deadline,
    notice.timetable.bidValidityDays + readDepositRule(notice.deposit).guaranteeTailDays,
  );

/** Number, commitment, amount and expiry under the guarantor's own signature. */
async function readQr(
  ports: DepositPorts,
  directory: GuarantorDirectory,
  { guarantorId, number, qr }: { readonly guarantorId: string; readonly number: string; readonly qr: string },
): Promise<GuaranteeQr | undefined> {
  const guarantor = ports.guarantors.find((one) => one.guarantorId === guarantorId);
  if (guarantor === undefined) return undefined;
  const { sealCertificate } = await directory.statementOf(guarantor);
  const certificate = parseCertificate(sealCertificate);
  try {
    const claim = parseGuaranteeQr(qr);
    const bytes = guaranteeQrSigningBytes(claim);
    const isSigned = await isSignatureValid(certificate.spki, defaultAlgorithm(certificate), bytes, claim.signature);
    return isSigned && claim.number === number ? claim : undefined;
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

/** The relayed order, as of the guarantor's last event: is it the bidder's, and does it stand? */
async function checkOrder(
  ports: DepositPorts,
  organizationId: string,
  { orderId, guarantorId }: { readonly orderId: string; readonly guarantorId: string },
): Promise<readonly DeclarationFinding[]> {
  const order = await ports.db.read((tx) => tx.guaranteeOrders.find({ id: orderId }));
  if (order === undefined) return ['U_STATUS_UNKNOWN'];
  if (order.organizationId !== organizationId || order.guarantorId !== guarantorId) return ['GUARANTEE_FOREIGN'];
  const state = order.state as GuaranteeState; // written from verified events alone
  if (isInForce(state)) return [];
  // It is signed, so it was issued: the event may still be on its way.
  return ['released', 'expired', 'cancelled', 'rejected', 'demand-paid'].includes(state)
    ? ['U_NOT_IN_FORCE']
    : ['U_STATUS_UNKNOWN'];
}

async function checkClaim(
  claim: GuaranteeQr,
  judgement: Judgement,
  due: Money,
): Promise<readonly DeclarationFinding[]> {
  const { claim: bid, declaration, deadline, lot } = judgement;
  const k = new Secret<Uint8Array>(fromHex(declaration.guarantee?.k ?? ''));
  const findings: DeclarationFinding[] = [];
  const opening = { lotId: lot.lotId, bidderId: bid.organizationId, k };
  if (!(await opensCommitment(toHex(claim.commitment), opening))) findings.push('U_COMMITMENT');
  if (claim.amount.amountMinor < due.amountMinor) findings.push('U_AMOUNT_SHORT');
  if (claim.expiresAt < requiredUntil(bid.notice, deadline)) findings.push('U_VALIDITY_SHORT');
  return findings;
}

/** Judges a guarantee by what the guarantor has signed, without asking it. Only `U_STATUS_UNKNOWN` does not refuse. */
export async function presentGuarantee(
  ports: DepositPorts,
  directory: GuarantorDirectory,
  judgement: Judgement,
  due: Money,
): Promise<PresentedGuarantee> {
  const reference = judgement.declaration.guarantee;
  if (reference === null) return { amount: null, guarantee: null, findings: [] };
  const claim = await readQr(ports, directory, reference);
  if (claim === undefined) return { amount: null, guarantee: null, findings: ['GUARANTEE_QR'] };
  const findings = [
    ...(await checkClaim(claim, judgement, due)),
    ...(await checkOrder(ports, judgement.claim.organizationId, reference)),
  ];
  const { qr: _qr, ...kept } = reference;
  const isAccepted = findings.every((finding) => finding === 'U_STATUS_UNKNOWN');
  const guarantee: BidGuarantee = {
    ...kept,
    amount: formatMoney(claim.amount),
    validTo: formatInstant(claim.expiresAt),
    check: isAccepted ? 'presented' : 'refused',
  };
  return { amount: isAccepted ? claim.amount : null, guarantee, findings };
}
