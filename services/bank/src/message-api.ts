import { DomainError, fromBase64, plusMs, toBase64 } from '@qej/kernel';
import { decodeBankMessage, isFresh, MESSAGE_WINDOW_MS } from '@qej/guarantees';
import type { BankMessage, BankMessageType, NewBankMessage } from '@qej/guarantees';
import Router from '@koa/router';
import type { Context } from 'koa';
import { releaseOrder, revealGuarantee, verifyNumber } from './after-opening.ts';
import type { Bank } from './bank.ts';
import { orderIdOf } from './order-id.ts';
import { signMessage, statementOf } from './bank.ts';
import type { OrderRow } from './bank-database.ts';
import { progressOf, receiveOrder } from './receive-order.ts';
import { cancelOrder, payPremium } from './underwriting.ts';

interface Signed {
  readonly message: string;
  readonly signature: string;
}

/** `{message, signature}` in the body, or `QEJ message.signature` in the header where a request has no body. */
function signedOf(ctx: Context): Signed {
  const [scheme, pair] = ctx.get('authorization').split(' ');
  const [message, signature] = scheme === 'QEJ' ? (pair ?? '').split('.') : [];
  if (message !== undefined && signature !== undefined) return { message, signature };
  const body: unknown = ctx.request.body;
  if (typeof body === 'object' && body !== null && 'message' in body && 'signature' in body) {
    if (typeof body.message === 'string' && typeof body.signature === 'string')
      return { message: body.message, signature: body.signature };
  }
  throw new DomainError('E_FORMAT', { detail: 'message and signature are missing' });
}

function bytesOf(text: string): Uint8Array {
  try {
    return fromBase64(text);
  } catch (cause) {
    throw new DomainError('E_FORMAT', { detail: 'not base64', cause });
  }
}

/** A nonce is good once, for as long as the message is fresh. */
function spendNonce(bank: Bank, { nonce }: BankMessage<BankMessageType>): void {
  const expiresAt = plusMs(bank.clock.now(), 2 * MESSAGE_WINDOW_MS);
  const { changes } = bank.db.sql.prepare('insert or ignore into nonces values (?, ?)').run(nonce, expiresAt);
  if (changes === 0) throw new DomainError('E_REPLAY');
}

/** Signature of the platform's seal, form, addressee, time, nonce: in this order, each with its own refusal. */
async function readMessage<T extends BankMessageType>(bank: Bank, ctx: Context, type: T): Promise<BankMessage<T>> {
  const { message, signature } = signedOf(ctx);
  const bytes = bytesOf(message);
  const now = bank.clock.now();
  const signer = await bank.trust.signerOf('qej-bank-message/1', bytes, bytesOf(signature), now);
  if (signer.profile !== 'platform-seal') throw new DomainError('E_SIGNATURE', { detail: 'not the platform' });
  const read = decodeBankMessage(type, bytes);
  if (read.guarantorId !== bank.guarantorId) throw new DomainError('E_SIGNATURE', { detail: 'for another guarantor' });
  if (!isFresh(read, now)) throw new DomainError('E_STALE');
  spendNonce(bank, read);
  return read;
}

async function answer<T extends 'progress' | 'revealed' | 'verified'>(
  bank: Bank,
  ctx: Context,
  message: Omit<NewBankMessage<T>, 'guarantorId' | 'at'>,
): Promise<void> {
  const signed = await signMessage(bank, message);
  ctx.body = { message: toBase64(signed.message), signature: toBase64(signed.signature) };
}

function rowFor(bank: Bank, ctx: Context, orderId: string): OrderRow {
  if (orderIdOf(ctx) !== orderId) throw new DomainError('E_FORMAT', { detail: 'address and message differ' });
  const row = bank.db.find(orderId);
  if (row === undefined) throw new DomainError('E_NOT_FOUND');
  return row;
}

function codeOf(ctx: Context): string {
  const body: unknown = ctx.request.body;
  if (typeof body === 'object' && body !== null && 'paymentCode' in body && typeof body.paymentCode === 'string')
    return body.paymentCode;
  throw new DomainError('E_FORMAT', { detail: 'paymentCode is missing' });
}

/** The machine interface, version 1. Format: docs/formats/bank-api.md. */
export function mountMessageApi(router: Router, bank: Bank): void {
  router.get('/v1/statement', async (ctx) => {
    const signed = await signMessage(bank, { type: 'statement', body: statementOf(bank) });
    ctx.body = { message: toBase64(signed.message), signature: toBase64(signed.signature) };
  });
  router.post('/v1/orders', async (ctx) => {
    const { nonce, body } = await readMessage(bank, ctx, 'order');
    if (ctx.get('idempotency-key') !== body.orderId) throw new DomainError('E_IDEMPOTENCY', { detail: 'key ≠ order' });
    const progress = await receiveOrder(bank, body.orderId, fromBase64(body.envelope));
    await answer(bank, ctx, { type: 'progress', inReplyTo: nonce, body: progress });
  });
  router.get('/v1/orders/:orderId', async (ctx) => {
    const { nonce, body } = await readMessage(bank, ctx, 'status');
    const progress = progressOf(rowFor(bank, ctx, body.orderId));
    await answer(bank, ctx, { type: 'progress', inReplyTo: nonce, body: progress });
  });
  router.delete('/v1/orders/:orderId', async (ctx) => {
    const { nonce, body } = await readMessage(bank, ctx, 'cancel');
    const progress = progressOf(cancelOrder(bank, rowFor(bank, ctx, body.orderId)));
    await answer(bank, ctx, { type: 'progress', inReplyTo: nonce, body: progress });
  });
  router.post('/v1/orders/:orderId/payment', async (ctx) => {
    const row = payPremium(bank, orderIdOf(ctx), codeOf(ctx));
    ctx.body = { paid: true, premium: row.premium, sandbox: true };
  });
  router.post('/v1/reveals', async (ctx) => {
    const { nonce, body } = await readMessage(bank, ctx, 'reveal');
    await answer(bank, ctx, { type: 'revealed', inReplyTo: nonce, body: await revealGuarantee(bank, body) });
  });
  router.post('/v1/releases', async (ctx) => {
    const { nonce, body } = await readMessage(bank, ctx, 'release');
    await answer(bank, ctx, {
      type: 'progress',
      inReplyTo: nonce,
      body: releaseOrder(bank, body.orderId, body.release),
    });
  });
  // GET in spirit; a code must not stand in an address, so it is a POST.
  router.post('/v1/verify', async (ctx) => {
    const { nonce, body } = await readMessage(bank, ctx, 'verify');
    await answer(bank, ctx, { type: 'verified', inReplyTo: nonce, body: verifyNumber(bank, body.number, body.code) });
  });
}
