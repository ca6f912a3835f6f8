import { DomainError, plusMs } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { procedureOf } from './procedures.ts';
import { requireState } from './require-state.ts';
import type { Tender, TenderDecision } from './tender.ts';
import { enter } from './tender.ts';

function requirePriceOpening(tender: Tender, expected: 'at-opening' | 'after-technical-lock'): void {
  const { priceOpening } = procedureOf(tender.notice);
  if (priceOpening !== expected)
    throw new DomainError('E_PROCEDURE', { detail: `prices open ${priceOpening}`, params: { priceOpening } });
}

/** One envelope: the price table is shown at the opening. @throws DomainError `E_PROCEDURE` with two envelopes. */
export function openPrices(tender: Tender, now: Instant): TenderDecision<'prices-open'> {
  const decrypting = requireState(tender, 'decrypting');
  requirePriceOpening(tender, 'at-opening');
  return {
    state: enter(tender, 'open-prices', 'prices-open', { ...decrypting, pricesShownAt: now }),
    events: [{ type: 'PricesOpened', tenderId: tender.tenderId, at: now }],
  };
}

/** The opening record (开标记录) is signed; with one envelope only after the prices were shown. */
export function signOpeningRecord(tender: Tender, sha256: string, now: Instant): TenderDecision<'opened'> {
  const current = requireState(tender, 'prices-open', 'decrypting');
  if (current.state === 'decrypting') requirePriceOpening(tender, 'after-technical-lock');
  return {
    state: enter(tender, 'sign-opening-record', 'opened', { ...current, openedAt: now, openingRecordSha256: sha256 }),
    events: [{ type: 'OpeningRecordSigned', tenderId: tender.tenderId, at: now, sha256 }],
  };
}

export function drawCommittee(tender: Tender, drawHash: string, now: Instant): TenderDecision<'committee-drawn'> {
  const opened = requireState(tender, 'opened');
  return {
    state: enter(tender, 'draw-committee', 'committee-drawn', { ...opened, drawnAt: now, drawHash }),
    events: [{ type: 'CommitteeDrawn', tenderId: tender.tenderId, at: now, drawHash }],
  };
}

export function startEvaluation(tender: Tender, now: Instant): TenderDecision<'evaluating'> {
  const drawn = requireState(tender, 'committee-drawn');
  return {
    state: enter(tender, 'start-evaluation', 'evaluating', { ...drawn, evaluationStartedAt: now }),
    events: [{ type: 'EvaluationStarted', tenderId: tender.tenderId, at: now }],
  };
}

/** Two envelopes: the technical scores are locked; this entry is what price holders wait for. */
export function lockTechnical(tender: Tender, sha256: string, now: Instant): TenderDecision<'technical-locked'> {
  const evaluating = requireState(tender, 'evaluating');
  requirePriceOpening(tender, 'after-technical-lock');
  return {
    state: enter(tender, 'lock-technical', 'technical-locked', {
      ...evaluating,
      technicalLockedAt: now,
      technicalScoresSha256: sha256,
    }),
    events: [{ type: 'TechnicalScoresLocked', tenderId: tender.tenderId, at: now, sha256 }],
  };
}

export function startPriceDecrypting(tender: Tender, now: Instant): TenderDecision<'price-decrypting'> {
  const locked = requireState(tender, 'technical-locked');
  const priceWindowEndsAt = plusMs(now, tender.notice.timetable.decryptionWindowMs);
  return {
    state: enter(tender, 'start-price-decrypting', 'price-decrypting', { ...locked, priceWindowEndsAt }),
    events: [{ type: 'DecryptionStarted', tenderId: tender.tenderId, at: now, windowEndsAt: priceWindowEndsAt }],
  };
}

export function showLatePrices(tender: Tender, now: Instant): TenderDecision<'price-evaluating'> {
  const decrypting = requireState(tender, 'price-decrypting');
  return {
    state: enter(tender, 'show-late-prices', 'price-evaluating', { ...decrypting, pricesShownAt: now }),
    events: [{ type: 'PricesOpened', tenderId: tender.tenderId, at: now }],
  };
}

/** All scores are fixed; nothing after this changes a mark. With two envelopes only after the price stage. */
export function lockScores(tender: Tender, sha256: string, now: Instant): TenderDecision<'scored'> {
  const current = requireState(tender, 'evaluating', 'price-evaluating');
  if (current.state === 'evaluating') requirePriceOpening(tender, 'at-opening');
  return {
    state: enter(tender, 'lock-scores', 'scored', { ...current, scoredAt: now, scoresSha256: sha256 }),
    events: [{ type: 'ScoresLocked', tenderId: tender.tenderId, at: now, sha256 }],
  };
}
