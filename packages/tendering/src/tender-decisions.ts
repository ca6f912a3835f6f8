import { DomainError, parseInstant, plusMs } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { checkNotice, isBlocking } from './check-notice.ts';
import { requireState } from './require-state.ts';
import type { ReleaseStage } from './procedures.ts';
import { procedureOf } from './procedures.ts';
import { rulesVersion } from './rules.ts';
import type { Tender, TenderDecision, TerminationGround } from './tender.ts';
import { enter } from './tender.ts';
import { earliestAfterDays } from './day-count.ts';

/** A holder's acceptance of one lot and stage, already verified (signature, proof of possession) by the caller. */
export interface AcceptanceRef {
  readonly holderId: string;
  readonly lotId: string;
  readonly stage: ReleaseStage;
}

/** The stage keys that must be accepted before publication: every lot × released stage × holder. */
export function requiredAcceptances(tender: Tender): readonly AcceptanceRef[] {
  const stages = procedureOf(tender.notice).releases.map((release) => release.stage);
  return tender.notice.lots.flatMap(({ lotId }) =>
    stages.flatMap((stage) => tender.notice.holders.map(({ holderId }) => ({ holderId, lotId, stage }))),
  );
}

/** The notice is frozen and goes to the holders. @throws DomainError `E_NOTICE` while a finding blocks it. */
export function submitTender(
  tender: Tender,
  command: { readonly noticeHash: string },
  now: Instant,
): TenderDecision<'awaiting-holders'> {
  requireState(tender, 'draft');
  refuseBlocked(tender, now);
  const { noticeHash } = command;
  return {
    state: enter(tender, 'submit', 'awaiting-holders', { submittedAt: now, noticeHash }),
    events: [{ type: 'TenderSubmitted', tenderId: tender.tenderId, at: now, noticeHash }],
  };
}

/** Back to the drafter; every acceptance for the old hash is void by itself. */
export function recallTender(tender: Tender, now: Instant): TenderDecision<'draft'> {
  return {
    state: enter(tender, 'recall', 'draft', {}),
    events: [{ type: 'TenderRecalled', tenderId: tender.tenderId, at: now }],
  };
}

/**
 * @throws DomainError `E_NOTICE` (the clock is checked again: waiting for holders costs days), `E_NOTICE_CHANGED`,
 *   `E_ACCEPTANCES_MISSING`.
 */
export function publishTender(
  tender: Tender,
  command: { readonly noticeHash: string; readonly acceptances: readonly AcceptanceRef[] },
  now: Instant,
): TenderDecision<'published'> {
  const { noticeHash } = requireState(tender, 'awaiting-holders');
  if (noticeHash !== command.noticeHash) throw new DomainError('E_NOTICE_CHANGED', { detail: 'accepted hash differs' });
  refuseBlocked(tender, now);
  const key = (ref: AcceptanceRef): string => `${ref.holderId}/${ref.lotId}/${ref.stage}`;
  const present = new Set(command.acceptances.map(key));
  const missing = requiredAcceptances(tender).filter((ref) => !present.has(key(ref)));
  if (missing.length > 0) throw new DomainError('E_ACCEPTANCES_MISSING', { params: { missing: missing.length } });
  const closesAt = parseInstant(tender.notice.timetable.deadline.at);
  return {
    state: enter(tender, 'publish', 'published', { noticeHash, publishedAt: now, closesAt, edition: 1 }),
    events: [{ type: 'TenderPublished', tenderId: tender.tenderId, at: now, noticeHash, closesAt }],
  };
}

function refuseBlocked(tender: Tender, now: Instant): void {
  const blocking = checkNotice(tender.notice, rulesVersion(tender.notice.rulesVersion), now).filter(isBlocking);
  const [first] = blocking;
  if (first !== undefined) {
    throw new DomainError('E_NOTICE', {
      detail: blocking.map((finding) => finding.code).join(', '),
      params: { first: first.code, count: blocking.length },
    });
  }
}

/**
 * A further edition (修改). One that may affect bids needs 15 days before the deadline, else the deadline moves (L1 art. 23,
 * L2 art. 21). A deadline only moves to later.
 * @throws DomainError `E_DEADLINE_PASSED`, `E_DEADLINE_EARLIER`, `E_AMENDMENT_LATE`
 */
export function amendTender(
  tender: Tender,
  command: { readonly closesAt: Instant; readonly mayAffectBids: boolean },
  now: Instant,
): TenderDecision<'published'> {
  const published = requireState(tender, 'published');
  if (now >= published.closesAt) throw new DomainError('E_DEADLINE_PASSED');
  if (command.closesAt < published.closesAt) throw new DomainError('E_DEADLINE_EARLIER');
  const rules = rulesVersion(tender.notice.rulesVersion);
  const zone = tender.notice.timetable.deadline.zone;
  const earliest = earliestAfterDays(rules, zone, now, rules.numbers.amendmentBeforeDeadline.value);
  if (command.mayAffectBids && command.closesAt < earliest) {
    throw new DomainError('E_AMENDMENT_LATE', { params: { days: rules.numbers.amendmentBeforeDeadline.value } });
  }
  const edition = published.edition + 1;
  return {
    state: { ...published, closesAt: command.closesAt, edition },
    events: [{ type: 'TenderAmended', tenderId: tender.tenderId, at: now, edition, closesAt: command.closesAt }],
  };
}

/** @throws DomainError `E_DEADLINE_NOT_REACHED` */
export function closeTender(tender: Tender, now: Instant): TenderDecision<'closed'> {
  const published = requireState(tender, 'published');
  if (now <= published.closesAt)
    throw new DomainError('E_DEADLINE_NOT_REACHED', { detail: 'a seal received in this very millisecond is in time' });
  const { noticeHash, publishedAt, closesAt, edition } = published;
  return {
    state: enter(tender, 'close', 'closed', { noticeHash, publishedAt, closesAt, edition, closedAt: now }),
    events: [{ type: 'TenderClosed', tenderId: tender.tenderId, at: now }],
  };
}

/** A bid is in time iff the whole seal message was received at or before the deadline (PRODUCT I2). */
export const isInTime = (closesAt: Instant, receivedAt: Instant): boolean => receivedAt <= closesAt;

/** Every lot's register keys are out. */
export function releaseRegister(tender: Tender, now: Instant): TenderDecision<'register-released'> {
  const { noticeHash, publishedAt, closesAt, edition, closedAt } = requireState(tender, 'closed');
  return {
    state: enter(tender, 'release-register', 'register-released', {
      noticeHash,
      publishedAt,
      closesAt,
      edition,
      closedAt,
    }),
    events: [{ type: 'RegisterReleased', tenderId: tender.tenderId, at: now }],
  };
}

/** @param openLotIds lots whose opening has published its list; none: use {@link failFew}. */
export function startDecrypting(
  tender: Tender,
  openLotIds: readonly string[],
  now: Instant,
): TenderDecision<'decrypting'> {
  const closed = requireState(tender, 'register-released');
  if (openLotIds.length === 0) throw new DomainError('E_TOO_FEW_BIDDERS');
  const windowEndsAt = plusMs(now, tender.notice.timetable.decryptionWindowMs);
  const { noticeHash, publishedAt, closesAt, edition, closedAt } = closed;
  return {
    state: enter(tender, 'start-decrypting', 'decrypting', {
      noticeHash,
      publishedAt,
      closesAt,
      edition,
      closedAt,
      windowEndsAt,
      openLotIds,
    }),
    events: [{ type: 'DecryptionStarted', tenderId: tender.tenderId, at: now, windowEndsAt }],
  };
}

/** Every lot had fewer than three bidders: unopened, re-tender (L1 art. 28, L2 art. 44). */
export function failFew(tender: Tender, now: Instant): TenderDecision<'failed-few'> {
  const { noticeHash, publishedAt, closesAt, edition } = requireState(tender, 'register-released');
  return {
    state: enter(tender, 'fail-few', 'failed-few', {
      noticeHash,
      publishedAt,
      closesAt,
      edition,
      failedAt: now,
      distinctOwners: '<3',
    }),
    events: [{ type: 'TenderFailedFew', tenderId: tender.tenderId, at: now, distinctOwners: '<3' }],
  };
}

/** 终止招标. @throws DomainError `E_REASON_MISSING`, `E_STATE` once contracted, failed or terminated. */
export function terminateTender(
  tender: Tender,
  command: { readonly ground: TerminationGround; readonly reason: string },
  now: Instant,
): TenderDecision<'terminated'> {
  const reason = command.reason.trim();
  if (reason.length < 10) throw new DomainError('E_REASON_MISSING', { params: { minimum: 10 } });
  const noticeHash = 'noticeHash' in tender ? tender.noticeHash : null;
  const { ground } = command;
  const { tenderId } = tender;
  return {
    state: enter(tender, 'terminate', 'terminated', {
      terminatedAt: now,
      terminatedFrom: tender.state,
      ground,
      reason,
      noticeHash,
    }),
    events: [{ type: 'TenderTerminated', tenderId, at: now, ground, reason }],
  };
}

/** May a new notice name this tender as the one it repeats? @throws DomainError `E_RETENDER` */
export function checkRetender(first: Tender, secondTenderId: string): void {
  if (first.state !== 'failed-few' && first.state !== 'terminated') {
    throw new DomainError('E_RETENDER', { detail: `the first tender is ${first.state}` });
  }
  if (first.tenderId === secondTenderId)
    throw new DomainError('E_RETENDER', { detail: 'a tender cannot repeat itself' });
}
