import { advance } from '@qej/kernel';
import type { Instant, Transitions } from '@qej/kernel';

export const guaranteeStates = [
  'draft',
  'submitted',
  'underwriting',
  'quoted',
  'premium-pending',
  'premium-paid',
  'issuing',
  'issued',
  'revealed',
  'amend-requested',
  'amended',
  'extended',
  'demand-presented',
  'demand-paid',
  'demand-refused',
  'demand-withdrawn',
  'released',
  'expired',
  'cancelled',
  'rejected',
] as const;
/** `issued` is sealed (密文保函): the guarantor knows neither tender nor lot until it is `revealed`. */
export type GuaranteeState = (typeof guaranteeStates)[number];

export const guaranteeSteps = [
  'submit',
  'underwrite',
  'reject',
  'quote',
  'accept-quote',
  'confirm-premium',
  'start-issuing',
  'issue',
  'cancel',
  'reveal',
  'request-amendment',
  'amend',
  'extend',
  'refuse-amendment',
  'present-demand',
  'pay-demand',
  'refuse-demand',
  'withdraw-demand',
  'release',
  'expire',
] as const;
export type GuaranteeStep = (typeof guaranteeSteps)[number];

/** A revealed guarantee; before it is revealed nobody can demand, and an extension leaves it sealed. */
const open = {
  'request-amendment': 'amend-requested',
  'present-demand': 'demand-presented',
  release: 'released',
  expire: 'expired',
} as const;

export const guaranteeTransitions = {
  draft: { submit: 'submitted', cancel: 'cancelled' },
  submitted: { underwrite: 'underwriting', reject: 'rejected', cancel: 'cancelled' },
  underwriting: { quote: 'quoted', reject: 'rejected', cancel: 'cancelled' },
  quoted: { 'accept-quote': 'premium-pending', cancel: 'cancelled' },
  'premium-pending': { 'confirm-premium': 'premium-paid', cancel: 'cancelled' },
  'premium-paid': { 'start-issuing': 'issuing', reject: 'rejected' },
  issuing: { issue: 'issued', reject: 'rejected' },
  issued: { reveal: 'revealed', extend: 'issued', amend: 'issued', release: 'released', expire: 'expired' },
  revealed: open,
  'amend-requested': { amend: 'amended', extend: 'extended', 'refuse-amendment': 'revealed', expire: 'expired' },
  amended: open,
  extended: open,
  'demand-presented': {
    'pay-demand': 'demand-paid',
    'refuse-demand': 'demand-refused',
    'withdraw-demand': 'demand-withdrawn',
  },
  'demand-refused': open,
  'demand-withdrawn': open,
  'demand-paid': {},
  released: {},
  expired: {},
  cancelled: {},
  rejected: {},
} as const satisfies Transitions<GuaranteeState, GuaranteeStep>;

/** One guarantee as platform and guarantor both keep it. `eventSeq` rises by one with each step: a gap is a missed event. */
export interface GuaranteeProgress {
  readonly state: GuaranteeState;
  readonly eventSeq: number;
  readonly changedAt: Instant;
}

export const startGuarantee = (now: Instant): GuaranteeProgress => ({ state: 'draft', eventSeq: 0, changedAt: now });

/** @throws DomainError `E_STATE` */
export const stepGuarantee = (progress: GuaranteeProgress, step: GuaranteeStep, now: Instant): GuaranteeProgress => ({
  state: advance(guaranteeTransitions, progress.state, step),
  eventSeq: progress.eventSeq + 1,
  changedAt: now,
});

/** May the beneficiary rely on it in this state? */
export const isInForce = (state: GuaranteeState): boolean =>
  [
    'issued',
    'revealed',
    'amend-requested',
    'amended',
    'extended',
    'demand-presented',
    'demand-refused',
    'demand-withdrawn',
  ].includes(state);
