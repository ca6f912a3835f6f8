import { formatInstant, instant, plusMs, toBase64 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { GuarantorEvent } from '@qej/guarantees';
import type { Bank } from './bank.ts';
import { signMessage } from './bank.ts';
import type { EventRow } from './bank-database.ts';

/** What a test may make of a delivery: sent twice as the same bytes or as two messages, badly signed, or overtaken by later ones. */
export type DeliveryFault = 'same-bytes-twice' | 'twice' | 'wrong-signature' | 'late';
export type DeliveryFaults = (event: {
  readonly orderId: string;
  readonly eventSeq: number;
  readonly attempts: number;
}) => DeliveryFault | undefined;

const BATCH = 50;
const TIMEOUT_MS = 5_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;
const LATE_MS = 400;

const eventOf = (row: EventRow): GuarantorEvent => ({
  orderId: row.order_id,
  eventSeq: row.event_seq,
  state: row.state,
  at: formatInstant(instant(row.at)),
  envelope: row.envelope === null ? null : toBase64(row.envelope),
  reason: row.reason,
});

async function post(bank: Bank, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const response = await fetch(`${bank.platform}/api/guarantor-callbacks/${bank.guarantorId}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ message: toBase64(message), signature: toBase64(signature) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return true;
  const code = typeof answer === 'object' && answer !== null && 'code' in answer ? String(answer.code) : 'none';
  bank.log(`event not taken: HTTP ${response.status} ${code}`);
  return code === 'E_REPLAY'; // these very bytes are there already
}

async function send(bank: Bank, row: EventRow, fault: DeliveryFault | undefined): Promise<boolean> {
  const { message, signature } = await signMessage(bank, { type: 'event', body: eventOf(row) });
  if (fault === 'wrong-signature') {
    const last = signature.length - 1;
    const broken = signature.map((byte, i) => (i === last ? byte ^ 1 : byte));
    return post(bank, message, broken);
  }
  const taken = await post(bank, message, signature);
  if (fault === 'same-bytes-twice') await post(bank, message, signature);
  if (fault === 'twice') await send(bank, row, undefined);
  return taken;
}

/** The oldest event of each order that is not there yet; with `late`, also the one after it. */
function dueEvents(bank: Bank, now: Instant): readonly EventRow[] {
  return bank.db.sql
    .prepare<[number, number], EventRow>(
      `select e.* from events e where delivered = 0 and next_at <= ? and not exists (
         select 1 from events b where b.order_id = e.order_id and b.event_seq < e.event_seq and b.delivered = 0)
       order by next_at limit ?`,
    )
    .all(now, BATCH);
}

const afterwards = (attempts: number): number =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempts, 10));

async function deliverOne(bank: Bank, row: EventRow, faults: DeliveryFaults | undefined): Promise<void> {
  const fault = faults?.({ orderId: row.order_id, eventSeq: row.event_seq, attempts: row.attempts });
  const taken = await send(bank, row, fault).catch((error: unknown) => {
    bank.log(`event not delivered: ${error instanceof Error ? error.message : 'unknown'}`);
    return false;
  });
  const nextAt = plusMs(bank.clock.now(), afterwards(row.attempts));
  bank.db.sql
    .prepare(
      'update events set delivered = ?, attempts = attempts + 1, next_at = ? where order_id = ? and event_seq = ?',
    )
    .run(taken ? 1 : 0, nextAt, row.order_id, row.event_seq);
}

/** Sends the event after a held one first. */
async function overtake(bank: Bank, row: EventRow): Promise<void> {
  const next = bank.db.sql
    .prepare<[string, number], EventRow>('select * from events where order_id = ? and event_seq = ? and delivered = 0')
    .get(row.order_id, row.event_seq + 1);
  if (next !== undefined) await deliverOne(bank, next, undefined);
  bank.db.sql
    .prepare('update events set attempts = attempts + 1, next_at = ? where order_id = ? and event_seq = ?')
    .run(plusMs(bank.clock.now(), LATE_MS), row.order_id, row.event_seq);
}

/** Reports what happened, at least once and in the order of each guarantee; pauses grow while the platform does not answer. */
export async function deliverEvents(bank: Bank, faults?: DeliveryFaults): Promise<boolean> {
  const due = dueEvents(bank, bank.clock.now());
  for (const row of due) {
    const fault = faults?.({ orderId: row.order_id, eventSeq: row.event_seq, attempts: row.attempts });
    await (fault === 'late' ? overtake(bank, row) : deliverOne(bank, row, faults));
  }
  return due.length > 0;
}
