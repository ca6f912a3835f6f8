import { DomainError } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { endOfDays } from './day-count.ts';
import { procedureOf } from './procedures.ts';
import { requireState } from './require-state.ts';
import { rulesVersion } from './rules.ts';
import type { Award, ContractRecord, LotCandidates, Tender, TenderDecision, TenderIn } from './tender.ts';
import { enter } from './tender.ts';

const fail = (code: 'E_CANDIDATES' | 'E_AWARD' | 'E_CONTRACT', detail: string): never => {
  throw new DomainError(code, { detail });
};

function checkCandidates(tender: Tender, lots: readonly LotCandidates[], openLotIds: readonly string[]): void {
  const limit = procedureOf(tender.notice).maxCandidates;
  if (lots.length !== openLotIds.length) fail('E_CANDIDATES', 'one entry per opened lot');
  for (const lotId of openLotIds) {
    const lot = lots.find((entry) => entry.lotId === lotId) ?? fail('E_CANDIDATES', 'a lot is missing');
    if (lot.candidates.length > limit) fail('E_CANDIDATES', `more than ${limit} candidates`);
    if (lot.candidates.some((candidate, index) => candidate.rank !== index + 1))
      fail('E_CANDIDATES', 'ranks must be 1, 2, 3');
    if (new Set(lot.candidates.map((candidate) => candidate.organizationId)).size !== lot.candidates.length) {
      fail('E_CANDIDATES', 'a bidder stands twice');
    }
  }
}

/** The committee's report with at most three candidates a lot, signed by all members (L2 art. 53). */
export function signReport(
  tender: Tender,
  command: { readonly reportSha256: string; readonly lots: readonly LotCandidates[] },
  now: Instant,
): TenderDecision<'reported'> {
  const scored = requireState(tender, 'scored');
  checkCandidates(tender, command.lots, scored.openLotIds);
  const { reportSha256, lots } = command;
  return {
    state: enter(tender, 'sign-report', 'reported', { ...scored, reportedAt: now, reportSha256, lots }),
    events: [{ type: 'ReportSigned', tenderId: tender.tenderId, at: now, sha256: reportSha256 }],
  };
}

/** Publicity (公示) of the candidates: its end is counted by the rules version (L2 art. 54). */
export function publishCandidates(tender: Tender, now: Instant): TenderDecision<'candidates-published'> {
  const reported = requireState(tender, 'reported');
  const { zone } = tender.notice.timetable.deadline;
  const publicityEndsAt = endOfDays(
    rulesVersion(tender.notice.rulesVersion),
    zone,
    now,
    tender.notice.timetable.publicityDays,
  );
  return {
    state: enter(tender, 'publish-candidates', 'candidates-published', {
      ...reported,
      candidatesPublishedAt: now,
      publicityEndsAt,
      openObjectionIds: [],
    }),
    events: [{ type: 'CandidatesPublished', tenderId: tender.tenderId, at: now, publicityEndsAt, lots: reported.lots }],
  };
}

/** An objection to the result suspends the award until it is answered. @throws DomainError `E_OBJECTION_LATE` */
export function raiseObjection(
  tender: Tender,
  objectionId: string,
  now: Instant,
): TenderDecision<'candidates-published'> {
  const published = requireState(tender, 'candidates-published');
  if (now >= published.publicityEndsAt) throw new DomainError('E_OBJECTION_LATE');
  if (published.openObjectionIds.includes(objectionId)) return { state: published, events: [] };
  return {
    state: { ...published, openObjectionIds: [...published.openObjectionIds, objectionId] },
    events: [{ type: 'ObjectionRaised', tenderId: tender.tenderId, at: now, objectionId }],
  };
}

/** @throws DomainError `E_OBJECTION_UNKNOWN` */
export function answerObjection(
  tender: Tender,
  objectionId: string,
  now: Instant,
): TenderDecision<'candidates-published'> {
  const published = requireState(tender, 'candidates-published');
  if (!published.openObjectionIds.includes(objectionId)) throw new DomainError('E_OBJECTION_UNKNOWN');
  return {
    state: { ...published, openObjectionIds: published.openObjectionIds.filter((open) => open !== objectionId) },
    events: [{ type: 'ObjectionAnswered', tenderId: tender.tenderId, at: now, objectionId }],
  };
}

function checkAwards(published: TenderIn<'candidates-published'>, awards: readonly Award[]): void {
  const withCandidates = published.lots.filter((lot) => lot.candidates.length > 0);
  if (awards.length !== withCandidates.length) fail('E_AWARD', 'one award per lot that has a candidate');
  for (const lot of withCandidates) {
    const award = awards.find((entry) => entry.lotId === lot.lotId) ?? fail('E_AWARD', 'a lot has no award');
    const candidate = lot.candidates.find((entry) => entry.bidId === award.bidId) ?? fail('E_AWARD', 'not a candidate');
    const same =
      candidate.price === award.price &&
      candidate.organizationId === award.organizationId &&
      candidate.name === award.name;
    if (!same) fail('E_AWARD', 'the award must repeat the candidate');
  }
}

/**
 * The tenderee awards (中标) after the publicity; it may choose a lower rank only with a reason (L2 art. 55).
 * @throws DomainError `E_PUBLICITY_RUNNING`, `E_OBJECTION_OPEN`, `E_AWARD`, `E_REASON_MISSING`
 */
export function awardTender(
  tender: Tender,
  command: { readonly awards: readonly Award[]; readonly awardNoticeSha256: string; readonly reason: string | null },
  now: Instant,
): TenderDecision<'awarded'> {
  const published = requireState(tender, 'candidates-published');
  if (now < published.publicityEndsAt) throw new DomainError('E_PUBLICITY_RUNNING');
  if (published.openObjectionIds.length > 0)
    throw new DomainError('E_OBJECTION_OPEN', { params: { open: published.openObjectionIds.length } });
  checkAwards(published, command.awards);
  const ranks = command.awards.map(
    (award) =>
      published.lots.flatMap((lot) => lot.candidates).find((candidate) => candidate.bidId === award.bidId)?.rank,
  );
  if (ranks.some((rank) => rank !== 1) && (command.reason ?? '').trim().length < 10) {
    throw new DomainError('E_REASON_MISSING', {
      detail: 'another than the first candidate needs a reason',
      params: { minimum: 10 },
    });
  }
  const { zone } = tender.notice.timetable.deadline;
  const contractDueAt = endOfDays(
    rulesVersion(tender.notice.rulesVersion),
    zone,
    now,
    tender.notice.timetable.contractDays,
  );
  const { awards, awardNoticeSha256 } = command;
  return {
    state: enter(tender, 'award', 'awarded', {
      ...published,
      awardedAt: now,
      awards,
      awardNoticeSha256,
      contractDueAt,
    }),
    events: [{ type: 'TenderAwarded', tenderId: tender.tenderId, at: now, awards, sha256: awardNoticeSha256 }],
  };
}

/** Late contracts are recorded as they are; lateness is a finding, not a refusal. @throws DomainError `E_CONTRACT` */
export function recordContract(
  tender: Tender,
  contracts: readonly ContractRecord[],
  now: Instant,
): TenderDecision<'contracted'> {
  const awarded = requireState(tender, 'awarded');
  const lotIds = awarded.awards.map((award) => award.lotId);
  if (
    contracts.length !== lotIds.length ||
    lotIds.some((lotId) => !contracts.some((contract) => contract.lotId === lotId))
  ) {
    fail('E_CONTRACT', 'one contract per awarded lot');
  }
  for (const contract of contracts) {
    const award = awarded.awards.find((entry) => entry.lotId === contract.lotId);
    if (award?.price !== contract.amount) fail('E_CONTRACT', 'the amount must be the price of the award (L1 art. 46)');
    if (contract.signedAt < awarded.awardedAt || contract.signedAt > now)
      fail('E_CONTRACT', 'signed before the award or in the future');
  }
  return {
    state: enter(tender, 'record-contract', 'contracted', { ...awarded, contracts, contractedAt: now }),
    events: [{ type: 'ContractRecorded', tenderId: tender.tenderId, at: now, lotIds }],
  };
}
