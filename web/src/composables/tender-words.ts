import type { TenderState } from '../api/views.ts';
import type { MessageKey } from '../i18n/index.ts';

export interface StateWords {
  readonly key: MessageKey;
  readonly tone: 'now' | 'done' | 'failed' | 'quiet';
}

/** Words and tone of every state of a tender. */
export const stateWords: Readonly<Record<TenderState, StateWords>> = {
  draft: { key: 'common.stateDraft', tone: 'quiet' },
  'awaiting-holders': { key: 'common.stateAwaitingHolders', tone: 'quiet' },
  published: { key: 'common.statePublished', tone: 'now' },
  closed: { key: 'common.stateClosed', tone: 'now' },
  'failed-few': { key: 'common.stateFailedFew', tone: 'failed' },
  decrypting: { key: 'common.stateDecrypting', tone: 'now' },
  'register-released': { key: 'common.stateRegisterReleased', tone: 'now' },
  'technical-locked': { key: 'common.stateTechnicalLocked', tone: 'now' },
  'price-decrypting': { key: 'common.statePriceDecrypting', tone: 'now' },
  'price-evaluating': { key: 'common.statePriceEvaluating', tone: 'now' },
  'prices-open': { key: 'common.statePricesOpen', tone: 'now' },
  opened: { key: 'common.stateOpened', tone: 'now' },
  'committee-drawn': { key: 'common.stateCommitteeDrawn', tone: 'now' },
  evaluating: { key: 'common.stateEvaluating', tone: 'now' },
  scored: { key: 'common.stateScored', tone: 'now' },
  reported: { key: 'common.stateReported', tone: 'now' },
  'candidates-published': { key: 'common.stateCandidatesPublished', tone: 'now' },
  awarded: { key: 'common.stateAwarded', tone: 'done' },
  contracted: { key: 'common.stateContracted', tone: 'done' },
  terminated: { key: 'common.stateTerminated', tone: 'failed' },
};
