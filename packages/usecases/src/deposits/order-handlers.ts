import { envelopeKinds } from '@qej/guarantees';
import { DomainError, fromBase64, toHex } from '@qej/kernel';
import type { Handlers } from '../handlers.ts';
import { enqueueJob } from '../jobs/enqueue-job.ts';
import type { GuaranteeOrderRecord } from '../records.ts';
import { guarantorOf, viewOrder, viewOrderState } from './order-view.ts';
import type { DepositPorts } from './ports.ts';

const BEFORE_ISSUE = ['submitted', 'underwriting', 'quoted', 'premium-pending', 'cancelled'];

async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes)));
}

function sameOrder(known: GuaranteeOrderRecord, wanted: Partial<GuaranteeOrderRecord>): GuaranteeOrderRecord {
  const isSame = (['organizationId', 'guarantorId', 'envelopeSha256'] as const).every(
    (name) => known[name] === wanted[name],
  );
  if (!isSame) throw new DomainError('E_IDEMPOTENCY');
  return known;
}

type Names = 'applyForGuarantee' | 'listGuaranteeOrders' | 'getGuaranteeOrder' | 'cancelGuaranteeOrder';

/** Applications for guarantees. What is in the envelopes is between bidder and guarantor. */
export function makeOrderHandlers(ports: DepositPorts): Handlers<Names> {
  const { db } = ports;
  return {
    applyForGuarantee: async ({ body }, { caller, now }) => {
      guarantorOf(ports, body.guarantorId);
      const envelope = fromBase64(body.envelope);
      if (envelope.length !== envelopeKinds.application) throw new DomainError('E_ENVELOPE', { detail: 'length' });
      const envelopeSha256 = await sha256Hex(envelope);
      const { organizationId, userId } = caller;
      const wanted = { organizationId, guarantorId: body.guarantorId, envelopeSha256 };
      return db.transaction('deposits:apply', async (tx) => {
        const known = await tx.guaranteeOrders.find({ id: body.orderId });
        if (known !== undefined) return viewOrder(sameOrder(known, wanted));
        const row = await tx.guaranteeOrders.insert({
          id: body.orderId,
          ...wanted,
          userId,
          state: 'submitted',
          envelope: body.envelope,
          eventSeq: 0,
          quoteEnvelope: null,
          certificateEnvelope: null,
          reason: null,
          submittedAt: now,
          updatedAt: now,
        });
        const { id: orderId } = row;
        await enqueueJob(tx, {
          kind: 'deposit:forward',
          dedupe: `deposit:forward:${orderId}`,
          payload: { orderId },
          at: now,
        });
        return viewOrder(row);
      });
    },
    listGuaranteeOrders: async (_input, { caller }) => {
      const rows = await db.read((tx) =>
        tx.guaranteeOrders.list(
          { organizationId: caller.organizationId },
          { orderBy: { submittedAt: 'desc' }, limit: 100 },
        ),
      );
      return { items: rows.map(viewOrderState) };
    },
    getGuaranteeOrder: async ({ params }, { caller }) =>
      viewOrder(
        await db.read((tx) => tx.guaranteeOrders.get({ id: params.orderId, organizationId: caller.organizationId })),
      ),
    cancelGuaranteeOrder: async ({ params }, { caller }) => {
      const row = await db.read((tx) =>
        tx.guaranteeOrders.get({ id: params.orderId, organizationId: caller.organizationId }),
      );
      if (!BEFORE_ISSUE.includes(row.state)) throw new DomainError('E_STATE', { detail: 'only before it is issued' });
      const guarantor = guarantorOf(ports, row.guarantorId);
      // An order that the job has not brought there yet is brought now; both ways are idempotent.
      await guarantor.forward({ orderId: row.id, envelope: fromBase64(row.envelope) });
      const { state } = await guarantor.cancel(row.id);
      // The row itself follows the guarantor's event, in the order of the events.
      return viewOrderState({ ...row, state });
    },
  };
}
