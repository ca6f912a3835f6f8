import { DomainError, formatMoney, parseInstant, parseMoney } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { acceptedTemplateIds, encodeGuaranteeDocument, openRequest } from '@qej/guarantees';
import type { GuaranteeRequest, OrderProgress } from '@qej/guarantees';
import { createHash } from 'node:crypto';
import type { Bank } from './bank.ts';
import { canonicalText } from './bank.ts';
import type { OrderRow, Patch } from './bank-database.ts';

export const progressOf = (row: OrderRow): OrderProgress => ({
  orderId: row.id,
  state: row.state,
  eventSeq: row.event_seq,
});

interface CheckedRequest {
  readonly request: GuaranteeRequest;
  readonly recipient: Uint8Array;
}

/** Opens the envelope and checks who applies. @throws DomainError `E_ENVELOPE`, `E_SIGNATURE`, `E_APPLICATION` */
async function checkRequest(bank: Bank, orderId: string, envelope: Uint8Array, now: Instant): Promise<CheckedRequest> {
  const order = { guarantorId: bank.guarantorId, orderId };
  const request = await openRequest(bank.keys.decrypter, order, envelope);
  const { application } = request;
  const bytes = encodeGuaranteeDocument('application', application);
  const signer = await bank.trust.signerOf('qej-application/1', bytes, request.applicationCms, now);
  const { uscc } = application.applicant;
  if (signer.profile !== 'bidder-sign' || signer.subject.uscc !== uscc)
    throw new DomainError('E_SIGNATURE', { detail: 'the signer is not the applicant' });
  const recipient = await bank.trust.encryptionPoint(request.encryptionCertificate, uscc, now);
  if (parseMoney(application.amount).amountMinor <= 0n || parseInstant(application.validTo) <= now)
    throw new DomainError('E_APPLICATION', { detail: 'amount or validity' });
  if (!acceptedTemplateIds.includes(application.templateId))
    throw new DomainError('E_APPLICATION', { detail: 'only the independent form is issued' });
  return { request, recipient };
}

const opened = ({ request, recipient }: CheckedRequest): Patch => ({
  application: canonicalText(request.application),
  application_cms: Buffer.from(request.applicationCms),
  applicant: request.application.applicant.name,
  amount: formatMoney(parseMoney(request.application.amount)),
  address: request.applicantAddress,
  recipient: Buffer.from(recipient),
  subject: request.subject === null ? null : canonicalText(request.subject),
});
const UNREADABLE: Patch = { applicant: '', amount: '0.00', address: '' };

/**
 * Takes an order in, once: the same envelope again gives the present state. What cannot be opened or verified is refused to the
 * applicant (state `rejected`), not to the platform that only carries it.
 * @throws DomainError `E_IDEMPOTENCY` for another envelope under the same id
 */
export async function receiveOrder(bank: Bank, orderId: string, envelope: Uint8Array): Promise<OrderProgress> {
  const sha256 = createHash('sha256').update(envelope).digest('hex');
  const known = (): OrderProgress | undefined => {
    const row = bank.db.find(orderId);
    if (row !== undefined && row.envelope_sha256 !== sha256) throw new DomainError('E_IDEMPOTENCY');
    return row === undefined ? undefined : progressOf(row);
  };
  const before = known();
  if (before !== undefined) return before;
  const now = bank.clock.now();
  const result = await checkRequest(bank, orderId, envelope, now).catch((error: unknown) => {
    if (error instanceof DomainError) return error;
    throw error;
  });
  const base = {
    id: orderId,
    state: 'draft',
    event_seq: 0,
    changed_at: now,
    envelope_sha256: sha256,
    received_at: now,
  };
  const progress = bank.db.transaction(() => {
    const meanwhile = known();
    if (meanwhile !== undefined) return meanwhile;
    if (result instanceof DomainError) {
      bank.db.insert({ ...base, ...UNREADABLE });
      const reason = `${result.code} 申请无法核验 the application cannot be verified`;
      return progressOf(bank.db.step(orderId, [['submit'], ['reject', { reason }]], now));
    }
    bank.db.insert({ ...base, ...opened(result) });
    return progressOf(bank.db.step(orderId, [['submit']], now));
  });
  bank.wake();
  return progress;
}
