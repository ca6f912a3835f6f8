import { DomainError, formatInstant, fromHex, Secret, toBase64, utf8 } from '@qej/kernel';
import { decodeGuaranteeDocument, isExpired, isInForce, opensCommitment, releaseGuarantee } from '@qej/guarantees';
import type { OrderProgress, Release, RevealBody, RevealResult, VerificationResult } from '@qej/guarantees';
import { instant } from '@qej/kernel';
import type { Bank } from './bank.ts';
import { canonicalText } from './bank.ts';
import type { OrderRow } from './bank-database.ts';
import { nameIt, qrOf, renderCertificate, undertakingOf } from './issue-guarantee.ts';
import { progressOf } from './receive-order.ts';
import { sameSecret } from './underwriting.ts';

function issuedRow(bank: Bank, orderId: string): OrderRow {
  const row = bank.db.find(orderId);
  if (row === undefined) throw new DomainError('E_NOT_FOUND');
  if (row.undertaking === null) throw new DomainError('E_STATE', { detail: 'not issued' });
  return row;
}

/** Lot and key must open the commitment, number and any named beneficiary must be the same. */
async function checkOpening(row: OrderRow, { revelation }: RevealBody): Promise<void> {
  const undertaking = undertakingOf(row);
  const opening = { ...revelation, k: new Secret<Uint8Array>(fromHex(revelation.k)) };
  if (revelation.guaranteeNo !== undertaking.guaranteeNo || !(await opensCommitment(undertaking.commitment, opening)))
    throw new DomainError('E_COMMITMENT', { detail: 'lot, bidder and key do not open this guarantee' });
  const named = undertaking.beneficiary;
  if (named !== null && named.uscc !== revelation.beneficiary.uscc) throw new DomainError('E_NOT_BENEFICIARY');
}

const resultOf = (row: OrderRow): RevealResult => {
  if (row.undertaking === null || row.undertaking_cms === null || row.certificate === null || row.restored === null)
    throw new Error(`order ${row.id} was revealed without its papers`);
  return {
    orderId: row.id,
    state: row.state,
    isInForce: isInForce(row.state),
    undertaking: toBase64(utf8(row.undertaking)),
    undertakingCms: toBase64(row.undertaking_cms),
    certificate: toBase64(row.certificate),
    restored: toBase64(row.restored),
  };
};

/** 解密还原: after the opening the guarantee gets its lot and beneficiary. The same again gives the same papers. */
export async function revealGuarantee(bank: Bank, body: RevealBody): Promise<RevealResult> {
  const row = issuedRow(bank, body.orderId);
  await checkOpening(row, body);
  if (row.restored !== null) return resultOf(row);
  const undertaking = undertakingOf(row);
  const now = bank.clock.now();
  const named = nameIt(body.tender, body.revelation.lotName, body.revelation.beneficiary);
  const facts = { undertaking, address: row.address, qr: await qrOf(bank, undertaking), named };
  const restored = Buffer.from(await renderCertificate(bank, facts, now));
  const after = bank.db.transaction(() => {
    const meanwhile = issuedRow(bank, body.orderId);
    if (meanwhile.restored !== null) return meanwhile;
    return bank.db.step(row.id, [['reveal', { patch: { restored, revelation: canonicalText(body.revelation) } }]], now);
  });
  bank.wake();
  return resultOf(after);
}

/** 退保: only the beneficiary lets it go; the same release again changes nothing. */
export function releaseOrder(bank: Bank, orderId: string, release: Release): OrderProgress {
  const row = issuedRow(bank, orderId);
  if (row.state === 'released') return progressOf(row);
  if (row.revelation === null) throw new DomainError('E_STATE', { detail: 'not revealed yet' });
  const { beneficiary } = decodeGuaranteeDocument('revelation', utf8(row.revelation));
  const now = bank.clock.now();
  const progress = { state: row.state, eventSeq: row.event_seq, changedAt: instant(row.changed_at) };
  releaseGuarantee(progress, undertakingOf(row), release, beneficiary, now);
  const after = bank.db.step(orderId, [['release', { reason: release.ground }]], now);
  bank.wake();
  return progressOf(after);
}

/** 验真. While it is sealed nobody is told more than that it is genuine. */
export function verifyNumber(bank: Bank, number: string, code: string): VerificationResult {
  const row = bank.db.sql.prepare<[string], OrderRow>('select * from orders where number = ?').get(number);
  const isGenuine = sameSecret(row?.code ?? '-', code.toUpperCase()) && row !== undefined && row.undertaking !== null;
  if (!isGenuine) return { isGenuine: false, state: null, validTo: null };
  if (row.revelation === null) return { isGenuine: true, state: null, validTo: null };
  return { isGenuine: true, state: row.state, validTo: undertakingOf(row).validTo };
}

/** Those past their last instant expire by themselves. */
export function expireDue(bank: Bank): void {
  const now = bank.clock.now();
  for (const row of bank.db.list(['issued', 'revealed', 'amended', 'extended', 'demand-refused', 'demand-withdrawn'])) {
    if (isExpired(undertakingOf(row), now))
      bank.db.step(row.id, [['expire', { reason: `expired ${formatInstant(now)}` }]], now);
  }
}
