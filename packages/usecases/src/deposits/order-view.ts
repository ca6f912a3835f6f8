import { DomainError, formatInstant, instant } from '@qej/kernel';
import type { GuaranteeState } from '@qej/guarantees';
import type { GuaranteeOrderRecord } from '../records.ts';
import type { DepositPorts, Guarantor } from './ports.ts';

type ShownState = Exclude<GuaranteeState, 'draft'>;
export interface OrderStateView {
  orderId: string;
  guarantorId: string;
  state: ShownState;
  eventSeq: number;
  submittedAt: string;
  updatedAt: string;
  reason?: string;
}

export const viewOrderState = (row: GuaranteeOrderRecord): OrderStateView => ({
  orderId: row.id,
  guarantorId: row.guarantorId,
  state: row.state as ShownState, // written from verified events alone
  eventSeq: row.eventSeq,
  submittedAt: formatInstant(instant(row.submittedAt)),
  updatedAt: formatInstant(instant(row.updatedAt)),
  ...(row.reason === null ? {} : { reason: row.reason }),
});

/** With what is sealed to the applicant. */
export const viewOrder = (
  row: GuaranteeOrderRecord,
): OrderStateView & { quoteEnvelope?: string; certificateEnvelope?: string } => ({
  ...viewOrderState(row),
  ...(row.quoteEnvelope === null ? {} : { quoteEnvelope: row.quoteEnvelope }),
  ...(row.certificateEnvelope === null ? {} : { certificateEnvelope: row.certificateEnvelope }),
});

/** @throws DomainError `E_GUARANTOR` */
export function guarantorOf({ guarantors }: Pick<DepositPorts, 'guarantors'>, guarantorId: string): Guarantor {
  const found = guarantors.find((guarantor) => guarantor.guarantorId === guarantorId);
  if (found === undefined) throw new DomainError('E_GUARANTOR');
  return found;
}
