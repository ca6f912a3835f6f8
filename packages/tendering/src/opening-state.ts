import type { Transitions } from '@qej/kernel';

export const openingStates = [
  'awaiting-closing',
  'closing-fixed',
  'register-open',
  'failed-few',
  'list-published',
  'decrypting',
  'halves-complete',
  'coefficient-drawn',
  'prices-shown',
  'confirming',
  'record-signed',
] as const;
/** The opening of one lot (DOMAIN 5.2; SEALING: the closing set). */
export type OpeningState = (typeof openingStates)[number];

export const openingSteps = [
  'fix-closing',
  'open-register',
  'fail-few',
  'publish-list',
  'start-window',
  'complete-halves',
  'draw-coefficient',
  'show-prices',
  'start-confirming',
  'sign-record',
] as const;
export type OpeningStep = (typeof openingSteps)[number];

/** No step back. Two envelopes sign the record from `halves-complete`: no price is shown at their opening. */
export const openingTransitions = {
  'awaiting-closing': { 'fix-closing': 'closing-fixed' },
  'closing-fixed': { 'open-register': 'register-open' },
  'register-open': { 'fail-few': 'failed-few', 'publish-list': 'list-published' },
  'failed-few': {},
  'list-published': { 'start-window': 'decrypting' },
  decrypting: { 'complete-halves': 'halves-complete' },
  'halves-complete': {
    'draw-coefficient': 'coefficient-drawn',
    'show-prices': 'prices-shown',
    'sign-record': 'record-signed',
  },
  'coefficient-drawn': { 'show-prices': 'prices-shown' },
  'prices-shown': { 'start-confirming': 'confirming' },
  confirming: { 'sign-record': 'record-signed' },
  'record-signed': {},
} as const satisfies Transitions<OpeningState, OpeningStep>;

export const bidStates = [
  'sealed',
  'register-opened',
  'superseded',
  'half-released',
  'half-missing',
  'technical-opened',
  'opened',
  'refused',
] as const;
export type BidState = (typeof bidStates)[number];

export const bidSteps = [
  'open-register',
  'supersede',
  'release-half',
  'miss-half',
  'open-technical',
  'open-price',
  'refuse',
] as const;
export type BidStep = (typeof bidSteps)[number];

/** Without a half (`register-opened → technical-opened`) only in group mode: the decision guards it. */
export const bidTransitions = {
  sealed: { 'open-register': 'register-opened', refuse: 'refused' },
  'register-opened': {
    supersede: 'superseded',
    'release-half': 'half-released',
    'miss-half': 'half-missing',
    'open-technical': 'technical-opened',
    refuse: 'refused',
  },
  superseded: {},
  'half-released': { 'open-technical': 'technical-opened', refuse: 'refused' },
  'half-missing': {},
  'technical-opened': { 'open-price': 'opened', refuse: 'refused' },
  opened: {},
  refused: {},
} as const satisfies Transitions<BidState, BidStep>;
