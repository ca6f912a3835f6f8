import { MESSAGE_WINDOW_MS } from '@qej/guarantees';
import type { GuarantorEvent } from '@qej/guarantees';
import { canonicalBytes, DomainError, fromBase64, newId, parseCanonical, plusMs, toHex } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { Handlers } from '../handlers.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { GuaranteeEventRecord, GuaranteeOrderRecord } from '../records.ts';
import type { DepositPorts, SignedMessage } from './ports.ts';

/** How far ahead of its turn an event may come. */
const MAX_AHEAD = 32;
/** What the applicant is told of, without saying what it is about. */
const TOLD = new Set(['quoted', 'issued', 'rejected', 'cancelled', 'expired']);

async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes)));
}

async function spendNonce(tx: Transaction, nonce: string, now: Instant): Promise<void> {
  if ((await tx.bankNonces.find({ id: nonce })) !== undefined) throw new DomainError('E_REPLAY');
  await tx.bankNonces.insert({ id: nonce, expiresAt: plusMs(now, 2 * MESSAGE_WINDOW_MS) });
}

/** Once per place in the sequence; another content at the same place is refused. */
async function keepEvent(
  tx: Transaction,
  order: GuaranteeOrderRecord,
  {
    event,
    contentSha256,
    signed,
    now,
  }: { event: GuarantorEvent; contentSha256: string; signed: SignedMessage; now: Instant },
): Promise<void> {
  const { orderId, eventSeq } = event;
  const known = await tx.guaranteeEvents.find({ orderId, eventSeq });
  if (known !== undefined) {
    if (known.contentSha256 === contentSha256) return;
    throw new DomainError('E_SEQUENCE', { detail: 'another event has this number', params: { eventSeq } });
  }
  if (eventSeq > order.eventSeq + MAX_AHEAD)
    throw new DomainError('E_SEQUENCE', { params: { expected: order.eventSeq + 1 } });
  await tx.guaranteeEvents.insert({ id: newId(), orderId, eventSeq, contentSha256, ...signed, receivedAt: now });
}

/** The event inside a message that was verified when it came. */
function eventIn({ message }: GuaranteeEventRecord): GuarantorEvent {
  const whole = parseCanonical(fromBase64(message)) as { readonly body: Json };
  return whole.body as unknown as GuarantorEvent; // decoded by its format on receipt
}

async function applyEvent(
  tx: Transaction,
  order: GuaranteeOrderRecord,
  event: GuarantorEvent,
  now: Instant,
): Promise<void> {
  order.eventSeq = event.eventSeq;
  order.state = event.state;
  order.updatedAt = now;
  if (event.reason !== null) order.reason = event.reason;
  if (event.state === 'quoted' && event.envelope !== null) order.quoteEnvelope = event.envelope;
  if (event.state === 'issued' && event.envelope !== null) order.certificateEnvelope = event.envelope;
  if (TOLD.has(event.state))
    await notify(tx, {
      kind: 'inbox-updated',
      at: now,
      role: 'bidder',
      to: { userIds: [order.userId] },
      params: {},
      isOpened: false,
      dedupe: `guarantee-order:${order.id}:${event.eventSeq}`,
    });
}

/** Applies what has its turn now, this event and those kept before it came. */
async function applyInOrder(tx: Transaction, order: GuaranteeOrderRecord, now: Instant): Promise<number> {
  const kept = await tx.guaranteeEvents.list({ orderId: order.id }, { orderBy: { eventSeq: 'asc' } });
  let applied = 0;
  for (const row of kept) {
    if (row.eventSeq !== order.eventSeq + 1) continue;
    await applyEvent(tx, order, eventIn(row), now);
    applied += 1;
  }
  return applied;
}

/**
 * A guarantor reports an event: signature, time, nonce, then the sequence of its order. Events ahead of their turn are kept and applied
 * when the gap is closed; an event that is here already changes nothing, so at-least-once delivery converges.
 */
export function makeCallbackHandlers(ports: DepositPorts): Handlers<'bankCallback'> {
  const { db, live } = ports;
  return {
    bankCallback: async ({ params, body }, { now }) => {
      const guarantor = ports.guarantors.find(({ guarantorId }) => guarantorId === params.guarantorId);
      if (guarantor === undefined) throw new DomainError('E_NOT_FOUND');
      const signed = { message: body.message, signature: body.signature };
      const { nonce, event } = await guarantor.openEvent(signed, now);
      const contentSha256 = await sha256Hex(canonicalBytes(event));
      const { applied, userId } = await db.transaction('deposits:event', async (tx) => {
        await spendNonce(tx, nonce, now);
        const order = await tx.guaranteeOrders.lock({ id: event.orderId });
        if (order.guarantorId !== params.guarantorId) throw new DomainError('E_NOT_FOUND');
        await keepEvent(tx, order, { event, contentSha256, signed, now });
        const count = await applyInOrder(tx, order, now);
        return { applied: order.eventSeq, userId: count > 0 ? order.userId : undefined };
      });
      if (userId !== undefined) live.publish({ tenderId: '', topic: 'order', userId });
      return { ok: true as const, applied, kept: applied < event.eventSeq };
    },
  };
}
