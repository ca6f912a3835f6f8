import type { Answer, PlatformApi } from '@qej/contract';
import type { MessageKey } from '../i18n/index.ts';

/** Words of every state of a guarantee order, as the guarantor sees it. */
type OrderState = Answer<PlatformApi['getGuaranteeOrder']>['state'];
export const orderWords: Readonly<Record<OrderState, MessageKey>> = {
  submitted: 'bank.stateSubmitted',
  underwriting: 'bank.stateUnderwriting',
  quoted: 'bank.stateQuoted',
  'premium-pending': 'bank.statePremiumPending',
  'premium-paid': 'bank.statePremiumPaid',
  issuing: 'bank.stateIssuing',
  issued: 'bank.stateIssued',
  revealed: 'bank.stateRevealed',
  'amend-requested': 'bank.stateAmendRequested',
  amended: 'bank.stateAmended',
  extended: 'bank.stateExtended',
  'demand-presented': 'bank.stateDemandPresented',
  'demand-paid': 'bank.stateDemandPaid',
  'demand-refused': 'bank.stateDemandRefused',
  'demand-withdrawn': 'bank.stateDemandWithdrawn',
  released: 'bank.stateReleased',
  rejected: 'bank.stateRejected',
  cancelled: 'bank.stateCancelled',
  expired: 'bank.stateExpired',
};
