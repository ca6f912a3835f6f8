import type { CreditReason } from '@qej/deposits';
import type { Light } from '../../components/light.ts';
import type { GuaranteeOrder } from '@qej/client';
import type { MessageKey } from '../../i18n/index.ts';

/** Reason codes of a credit decision in words. */
export const creditWords: Readonly<Record<CreditReason, MessageKey>> = {
  NO_POLICY: 'bidder.reasonNoPolicy',
  TIER: 'bidder.reasonTier',
  UNGRADED: 'bidder.reasonUngraded',
  SMALL_OR_MICRO_BONUS: 'bidder.reasonSmall',
  HARD_STOP: 'bidder.reasonHardStop',
  SOURCE_UNAVAILABLE: 'bidder.reasonSource',
  SNAPSHOT_STALE: 'bidder.reasonStale',
  SNAPSHOT_NOT_YET: 'bidder.reasonNotYet',
  WEAKEST_MEMBER: 'bidder.reasonWeakest',
  EXPOSURE_LIMIT: 'bidder.reasonExposure',
  RATIO_CAP: 'bidder.reasonCap',
  DE_MINIMIS: 'bidder.reasonDeMinimis',
  COMMITMENT_NOT_ACCEPTED: 'bidder.reasonNoCommitment',
};

type OrderState = GuaranteeOrder['state'];
/** The way of an order as far as a bidder waits for it. */
const way: readonly { readonly id: string; readonly key: MessageKey; readonly from: readonly OrderState[] }[] = [
  { id: 'submitted', key: 'bidder.orderSubmitted', from: ['submitted'] },
  { id: 'quoted', key: 'bidder.orderQuoted', from: ['underwriting'] },
  { id: 'paid', key: 'bidder.orderPaid', from: ['quoted', 'premium-pending'] },
  { id: 'issued', key: 'bidder.orderIssued', from: ['premium-paid', 'issuing'] },
];
export const deadStates: readonly OrderState[] = ['rejected', 'cancelled', 'expired'];
export const isPayable = (state: OrderState): boolean => state === 'quoted' || state === 'premium-pending';
/** In hand: the certificate can be read. */
export const isIssued = (state: OrderState): boolean =>
  !deadStates.includes(state) && way.every(({ from }) => !from.includes(state));
export const isOpenOrder = (state: OrderState): boolean => !deadStates.includes(state) && !isIssued(state);

/** Lights of an order: how far, and where it broke off. */
export function orderLights(state: OrderState, words: (key: MessageKey) => string): readonly Light[] {
  const isDead = deadStates.includes(state);
  const at = isIssued(state) ? way.length : way.findIndex(({ from }) => from.includes(state));
  return way.map(({ id, key }, index) => ({
    id,
    label: words(key),
    // The first light is sending itself: done as soon as there is an order.
    state: isDead ? 'failed' : index === 0 || index <= at - 1 ? 'done' : index === Math.max(1, at) ? 'now' : 'next',
  }));
}
