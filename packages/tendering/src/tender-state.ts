import type { Transitions } from '@qej/kernel';

export const tenderStates = [
  'draft',
  'awaiting-holders',
  'published',
  'closed',
  'register-released',
  'failed-few',
  'decrypting',
  'prices-open',
  'opened',
  'committee-drawn',
  'evaluating',
  'technical-locked',
  'price-decrypting',
  'price-evaluating',
  'scored',
  'reported',
  'candidates-published',
  'awarded',
  'contracted',
  'terminated',
] as const;
export type TenderState = (typeof tenderStates)[number];

export const tenderSteps = [
  'submit',
  'recall',
  'publish',
  'close',
  'release-register',
  'fail-few',
  'start-decrypting',
  'open-prices',
  'sign-opening-record',
  'draw-committee',
  'start-evaluation',
  'lock-technical',
  'start-price-decrypting',
  'show-late-prices',
  'lock-scores',
  'sign-report',
  'publish-candidates',
  'award',
  'record-contract',
  'terminate',
] as const;
export type TenderStep = (typeof tenderSteps)[number];

/**
 * The way of a tender. One envelope: decrypting → prices-open → opened → … → evaluating → scored. Two envelopes: the opening
 * ends without prices (decrypting → opened) and the price stage follows the technical lock. There is no way back: a correction
 * is a new entry, a failed tender is repeated by a new one.
 */
export const tenderTransitions = {
  draft: { submit: 'awaiting-holders', terminate: 'terminated' },
  'awaiting-holders': { publish: 'published', recall: 'draft', terminate: 'terminated' },
  published: { close: 'closed', terminate: 'terminated' },
  closed: { 'release-register': 'register-released', terminate: 'terminated' },
  'register-released': { 'fail-few': 'failed-few', 'start-decrypting': 'decrypting', terminate: 'terminated' },
  'failed-few': {},
  decrypting: { 'open-prices': 'prices-open', 'sign-opening-record': 'opened', terminate: 'terminated' },
  'prices-open': { 'sign-opening-record': 'opened', terminate: 'terminated' },
  opened: { 'draw-committee': 'committee-drawn', terminate: 'terminated' },
  'committee-drawn': { 'start-evaluation': 'evaluating', terminate: 'terminated' },
  evaluating: { 'lock-scores': 'scored', 'lock-technical': 'technical-locked', terminate: 'terminated' },
  'technical-locked': { 'start-price-decrypting': 'price-decrypting', terminate: 'terminated' },
  'price-decrypting': { 'show-late-prices': 'price-evaluating', terminate: 'terminated' },
  'price-evaluating': { 'lock-scores': 'scored', terminate: 'terminated' },
  scored: { 'sign-report': 'reported', terminate: 'terminated' },
  reported: { 'publish-candidates': 'candidates-published', terminate: 'terminated' },
  'candidates-published': { award: 'awarded', terminate: 'terminated' },
  awarded: { 'record-contract': 'contracted', terminate: 'terminated' },
  contracted: {},
  terminated: {},
} as const satisfies Transitions<TenderState, TenderStep>;
