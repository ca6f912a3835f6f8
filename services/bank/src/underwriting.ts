import { DomainError, formatInstant, formatMoney, parseMoney, plusMs, utf8 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { decodeGuaranteeDocument, encodeGuaranteeDocument, premiumOf, qingdaoTariff, sealQuote } from '@qej/guarantees';
import type { Quote, UndertakingApplication } from '@qej/guarantees';
import { nodeProvider } from '@qej/sealed-bid/node';
import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { Bank } from './bank.ts';
import { signBytes } from './bank.ts';
import type { OrderRow } from './bank-database.ts';

/** Up to here the machine decides in `--auto` mode; above, a clerk does. An invented limit, below the largest deposit of 800,000. */
const AUTO_LIMIT = parseMoney('500000.00');
/** So that a person sees the step. */
export const AUTO_PAUSE_MS = 400;
const QUOTE_LIFE_MS = 72 * 3_600_000;
const ALPHABET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

export const randomCode = (length: number): string =>
  Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');

/** Equality that takes the same time wherever the texts differ. */
export const sameSecret = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

export const isForTheMachine = (bank: Bank, row: OrderRow): boolean =>
  bank.isAutomatic && parseMoney(row.amount).amountMinor <= AUTO_LIMIT.amountMinor;

export function applicationOf(row: OrderRow): UndertakingApplication {
  if (row.application === null) throw new DomainError('E_STATE', { detail: 'the application was not readable' });
  return decodeGuaranteeDocument('application', utf8(row.application));
}
export function recipientOf(row: OrderRow): Uint8Array {
  if (row.recipient === null) throw new DomainError('E_STATE', { detail: 'nobody to answer to' });
  return row.recipient;
}

/** 审批通过: the offer goes out, sealed to the applicant. @throws DomainError `E_STATE` */
export async function approveOrder(bank: Bank, row: OrderRow, by: string, now: Instant): Promise<void> {
  const application = applicationOf(row);
  const premium = formatMoney(premiumOf(parseMoney(application.amount), qingdaoTariff));
  const quote: Quote = {
    v: 1,
    applicationId: row.id,
    premium,
    quotedAt: formatInstant(now),
    validUntil: formatInstant(plusMs(now, QUOTE_LIFE_MS)),
  };
  const paymentCode = randomCode(16);
  const envelope = await sealQuote(
    nodeProvider.wrap,
    { guarantorId: bank.guarantorId, orderId: row.id, recipient: recipientOf(row) },
    {
      quote,
      quoteCms: new Uint8Array(await signBytes(bank, 'qej-guarantee/1', encodeGuaranteeDocument('quote', quote))),
      paymentUrl: `${bank.url}/pay/${row.id}`,
      paymentCode,
    },
  );
  bank.db.step(row.id, [['quote', { envelope, patch: { premium, payment_code: paymentCode, decided_by: by } }]], now);
  bank.wake();
}

/** 审批不通过. @throws DomainError `E_STATE` */
export function refuseOrder(bank: Bank, row: OrderRow, by: string, reason: string): void {
  bank.db.step(row.id, [['reject', { reason, patch: { decided_by: by } }]], bank.clock.now());
  bank.wake();
}

/** Before issue only. Cancelled already: nothing changes. @throws DomainError `E_STATE` */
export function cancelOrder(bank: Bank, row: OrderRow): OrderRow {
  if (row.state === 'cancelled') return row;
  const cancelled = bank.db.step(row.id, [['cancel']], bank.clock.now());
  bank.wake();
  return cancelled;
}

/** Who knows the code may see the offer. @throws DomainError `E_NOT_FOUND` alike for a wrong order and a wrong code */
export function orderForPayment(bank: Bank, orderId: string, code: string): OrderRow {
  const row = bank.db.find(orderId);
  if (!sameSecret(row?.payment_code ?? '-', code) || row === undefined) throw new DomainError('E_NOT_FOUND');
  return row;
}

/** 沙箱支付: no money moves. Paid already: nothing changes. @throws DomainError `E_NOT_FOUND`, `E_STATE` */
export function payPremium(bank: Bank, orderId: string, code: string): OrderRow {
  const row = orderForPayment(bank, orderId, code);
  const paid = bank.db.sql.prepare('select 1 from payments where order_id = ?').get(orderId);
  if (paid !== undefined) return row;
  const now = bank.clock.now();
  const after = bank.db.transaction(() => {
    bank.db.sql
      .prepare('insert into payments (order_id, amount, at, reference) values (?, ?, ?, ?)')
      .run(orderId, row.premium, now, `SBX${randomCode(12)}`);
    return bank.db.step(orderId, [['accept-quote'], ['confirm-premium']], now);
  });
  bank.wake();
  return after;
}
