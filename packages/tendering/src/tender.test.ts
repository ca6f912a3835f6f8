import { DomainError, instant, parseInstant, plusMs } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import test from 'ava';
import {
  answerObjection,
  awardTender,
  publishCandidates,
  raiseObjection,
  recordContract,
  signReport,
} from './award-decisions.ts';
import { dueEvents, nextCheckAt } from './due-events.ts';
import type { Notice } from './notice.ts';
import {
  drawCommittee,
  lockScores,
  lockTechnical,
  openPrices,
  showLatePrices,
  signOpeningRecord,
  startEvaluation,
  startPriceDecrypting,
} from './progress-decisions.ts';
import { SAMPLE_NOW, sampleNotice } from '../test/sample-notice.ts';
import type { Opening } from './opening.ts';
import type { Candidate, Tender, TenderIn } from './tender.ts';
import { draftTender } from './tender.ts';
import {
  amendTender,
  checkRetender,
  closeTender,
  failFew,
  isInTime,
  publishTender,
  recallTender,
  releaseRegister,
  requiredAcceptances,
  startDecrypting,
  submitTender,
  terminateTender,
} from './tender-decisions.ts';

const HASH = 'e'.repeat(64);
const LOT = sampleNotice().lots[0]?.lotId ?? '';
const refusedWith = (code: string) => ({ instanceOf: DomainError, code });
const now = SAMPLE_NOW;

function published(notice: Notice = sampleNotice()): TenderIn<'published'> {
  const waiting = submitTender(draftTender(notice), { noticeHash: HASH }, now).state;
  return publishTender(waiting, { noticeHash: HASH, acceptances: requiredAcceptances(waiting) }, now).state;
}

const afterDeadline = (tender: TenderIn<'published'>): Instant => plusMs(tender.closesAt, 1);

function scored(notice: Notice = sampleNotice()): TenderIn<'scored'> {
  const tender = published(notice);
  const at = afterDeadline(tender);
  const register = releaseRegister(closeTender(tender, at).state, at).state;
  const open = openPrices(startDecrypting(register, [LOT], at).state, at).state;
  const drawn = drawCommittee(signOpeningRecord(open, HASH, at).state, HASH, at).state;
  return lockScores(startEvaluation(drawn, at).state, HASH, at).state;
}

const candidate = (rank: number): Candidate => ({
  rank,
  bidId: `${rank}`.repeat(32),
  organizationId: `${rank + 3}`.repeat(32),
  name: `候选人${rank}`,
  price: `${rank}000000.00`,
});

function publicised(): TenderIn<'candidates-published'> {
  const at = parseInstant('2026-11-23T01:00:00.000Z');
  const lots = [{ lotId: LOT, candidates: [candidate(1), candidate(2), candidate(3)] }];
  return publishCandidates(signReport(scored(), { reportSha256: HASH, lots }, at).state, at).state;
}

const awardOf = (rank: number) => {
  const { rank: _rank, ...rest } = candidate(rank);
  return { lotId: LOT, ...rest };
};
const awardCommand = (rank: number, reason: string | null = null) => ({
  awards: [awardOf(rank)],
  awardNoticeSha256: HASH,
  reason,
});

test('a tender is published when every holder has accepted every stage of every lot, under the hash that was submitted', (t) => {
  const waiting = submitTender(draftTender(sampleNotice()), { noticeHash: HASH }, now).state;
  const acceptances = requiredAcceptances(waiting);
  t.is(acceptances.length, 9);
  t.throws(
    () => publishTender(waiting, { noticeHash: HASH, acceptances: acceptances.slice(1) }, now),
    refusedWith('E_ACCEPTANCES_MISSING'),
  );
  t.throws(
    () => publishTender(waiting, { noticeHash: 'd'.repeat(64), acceptances }, now),
    refusedWith('E_NOTICE_CHANGED'),
  );
  const { state, events } = publishTender(waiting, { noticeHash: HASH, acceptances }, now);
  t.is(state.closesAt, parseInstant(sampleNotice().timetable.deadline.at));
  t.is(events[0]?.type, 'TenderPublished');
});

test('a notice with an error is neither submitted nor, when time has run, published', (t) => {
  const bad = sampleNotice({ committee: { ...sampleNotice().committee, size: 4 } });
  t.throws(() => submitTender(draftTender(bad), { noticeHash: HASH }, now), refusedWith('E_NOTICE'));
  const waiting = submitTender(draftTender(sampleNotice()), { noticeHash: HASH }, now).state;
  const late = parseInstant('2026-09-09T01:00:00.000Z');
  t.throws(
    () => publishTender(waiting, { noticeHash: HASH, acceptances: requiredAcceptances(waiting) }, late),
    refusedWith('E_NOTICE'),
  );
  t.is(recallTender(waiting, late).state.state, 'draft');
});

test('the deadline belongs to the bidders to its last millisecond; closing comes one later', (t) => {
  const tender = published();
  t.true(isInTime(tender.closesAt, tender.closesAt));
  t.false(isInTime(tender.closesAt, instant(tender.closesAt + 1)));
  t.throws(() => closeTender(tender, tender.closesAt), refusedWith('E_DEADLINE_NOT_REACHED'));
  const due = nextCheckAt(tender);
  t.is(due, afterDeadline(tender));
  t.is(closeTender(tender, due ?? now).state.state, 'closed');
});

test('an amendment that may affect bids leaves fifteen days, and a deadline only moves to later', (t) => {
  const tender = published();
  const late = parseInstant('2026-09-14T01:00:00.000Z');
  const stay = { closesAt: tender.closesAt, mayAffectBids: true };
  t.is(amendTender(tender, stay, parseInstant('2026-09-13T15:59:59.999Z')).state.edition, 2);
  t.throws(() => amendTender(tender, stay, late), refusedWith('E_AMENDMENT_LATE'));
  t.is(amendTender(tender, { ...stay, mayAffectBids: false }, late).state.closesAt, tender.closesAt);
  const moved = amendTender(
    tender,
    { closesAt: parseInstant('2026-09-29T01:30:00.000Z'), mayAffectBids: true },
    late,
  ).state;
  t.is(nextCheckAt(moved), parseInstant('2026-09-29T01:30:00.001Z'));
  t.throws(
    () => amendTender(moved, { closesAt: tender.closesAt, mayAffectBids: false }, late),
    refusedWith('E_DEADLINE_EARLIER'),
  );
});

test('a tender with too few bidders ends unopened, keeps only "<3", and may be repeated', (t) => {
  const tender = published();
  const at = afterDeadline(tender);
  const register = releaseRegister(closeTender(tender, at).state, at).state;
  t.throws(() => startDecrypting(register, [], at), refusedWith('E_TOO_FEW_BIDDERS'));
  const { state } = failFew(register, at);
  t.is(state.distinctOwners, '<3');
  t.deepEqual(dueEvents(state), []);
  t.notThrows(() => checkRetender(state, 'f'.repeat(32)));
  t.throws(() => checkRetender(state, state.tenderId), refusedWith('E_RETENDER'));
  t.throws(() => checkRetender(tender, 'f'.repeat(32)), refusedWith('E_RETENDER'));
});

test('two envelopes: prices come after the technical lock and not before', (t) => {
  const tender = published(sampleNotice({ procedure: 'two-envelope' }));
  const at = afterDeadline(tender);
  const decrypting = startDecrypting(releaseRegister(closeTender(tender, at).state, at).state, [LOT], at).state;
  t.throws(() => openPrices(decrypting, at), refusedWith('E_PROCEDURE'));
  const drawn = drawCommittee(signOpeningRecord(decrypting, HASH, at).state, HASH, at).state;
  const evaluating = startEvaluation(drawn, at).state;
  t.throws(() => lockScores(evaluating, HASH, at), refusedWith('E_PROCEDURE'));
  const late = showLatePrices(startPriceDecrypting(lockTechnical(evaluating, HASH, at).state, at).state, at).state;
  t.is(lockScores(late, HASH, at).state.state, 'scored');
});

test('one envelope: the opening record is not signed before the prices were shown', (t) => {
  const tender = published();
  const at = afterDeadline(tender);
  const decrypting = startDecrypting(releaseRegister(closeTender(tender, at).state, at).state, [LOT], at).state;
  t.throws(() => signOpeningRecord(decrypting, HASH, at), refusedWith('E_PROCEDURE'));
});

test('a report names at most three candidates a lot, ranked, none twice', (t) => {
  const sign = (candidates: readonly Candidate[]) => () =>
    signReport(scored(), { reportSha256: HASH, lots: [{ lotId: LOT, candidates }] }, now);
  t.throws(sign([candidate(1), candidate(2), candidate(3), { ...candidate(4), rank: 4 }]), refusedWith('E_CANDIDATES'));
  t.throws(sign([candidate(2), candidate(1)]), refusedWith('E_CANDIDATES'));
  t.throws(sign([candidate(1), { ...candidate(1), rank: 2 }]), refusedWith('E_CANDIDATES'));
  t.notThrows(sign([]));
});

test('the award waits for the end of the publicity, to the millisecond, and for every objection', (t) => {
  const tender = publicised();
  t.is(tender.publicityEndsAt, parseInstant('2026-11-26T16:00:00.000Z'));
  const early = instant(tender.publicityEndsAt - 1);
  t.throws(() => awardTender(tender, awardCommand(1), early), refusedWith('E_PUBLICITY_RUNNING'));
  t.is(awardTender(tender, awardCommand(1), tender.publicityEndsAt).state.state, 'awarded');
  const objected = raiseObjection(tender, HASH, early).state;
  t.throws(() => awardTender(objected, awardCommand(1), tender.publicityEndsAt), refusedWith('E_OBJECTION_OPEN'));
  t.throws(() => raiseObjection(tender, HASH, tender.publicityEndsAt), refusedWith('E_OBJECTION_LATE'));
  t.is(
    awardTender(answerObjection(objected, HASH, early).state, awardCommand(1), tender.publicityEndsAt).state.state,
    'awarded',
  );
});

test('an award repeats a candidate; another than the first needs a reason', (t) => {
  const tender = publicised();
  const at = tender.publicityEndsAt;
  t.throws(() => awardTender(tender, awardCommand(2), at), refusedWith('E_REASON_MISSING'));
  t.is(awardTender(tender, awardCommand(2, '第一中标候选人放弃中标'), at).state.awards[0]?.name, '候选人2');
  const cheaper = { ...awardCommand(1), awards: [{ ...awardOf(1), price: '1.00' }] };
  t.throws(() => awardTender(tender, cheaper, at), refusedWith('E_AWARD'));
  t.throws(() => awardTender(tender, { ...awardCommand(1), awards: [] }, at), refusedWith('E_AWARD'));
});

test('a contract repeats the price of the award and is signed after it', (t) => {
  const tender = publicised();
  const at = tender.publicityEndsAt;
  const awarded = awardTender(tender, awardCommand(1), at).state;
  const contract = { lotId: LOT, signedAt: plusMs(at, 1), contractSha256: HASH, amount: '1000000.00' };
  const record = (change: Partial<typeof contract>) => () =>
    recordContract(awarded, [{ ...contract, ...change }], plusMs(at, 2));
  t.throws(record({ amount: '1000000.01' }), refusedWith('E_CONTRACT'));
  t.throws(record({ signedAt: instant(at - 1) }), refusedWith('E_CONTRACT'));
  t.throws(record({ signedAt: plusMs(at, 3) }), refusedWith('E_CONTRACT'));
  t.is(record({})().state.state, 'contracted');
});

test('a termination has a reason in words and is possible from every state but the ends', (t) => {
  const command = { ground: 'need-ceased', reason: '采购需求已取消，不再实施' } as const;
  const tenders: readonly Tender[] = [draftTender(sampleNotice()), published(), scored(), publicised()];
  for (const tender of tenders) {
    t.throws(() => terminateTender(tender, { ...command, reason: '  取消 ' }, now), refusedWith('E_REASON_MISSING'));
    const { state } = terminateTender(tender, command, now);
    t.is(state.terminatedFrom, tender.state);
    t.false('lots' in state);
    t.throws(() => terminateTender(state, command, now), refusedWith('E_STATE'));
  }
});

test('what time does next is known in every waiting state', (t) => {
  const tender = publicised();
  t.deepEqual(
    dueEvents(tender).map((due) => due.kind),
    ['end-publicity'],
  );
  t.is(nextCheckAt(draftTender(sampleNotice())), null);
  const awarded = awardTender(tender, awardCommand(1), tender.publicityEndsAt).state;
  t.deepEqual(dueEvents(awarded), [
    { kind: 'contract-due', tenderId: tender.tenderId, lotId: null, at: awarded.contractDueAt },
  ]);
});

test('of a tender with lots, what comes first is due first', (t) => {
  const tender = published();
  const at = afterDeadline(tender);
  const decrypting = startDecrypting(releaseRegister(closeTender(tender, at).state, at).state, [LOT], at).state;
  const core = {
    tenderId: tender.tenderId,
    openingMode: 'joint',
    priceOpening: 'at-opening',
    hasCoefficient: false,
  } as const;
  const closing = { root: HASH, entryHash: HASH, deadline: at, closedAt: at, cosignatures: [], seals: [] };
  const window = { closing, bids: [], windowStartedAt: at, objections: [] };
  const opening = (lotId: string, windowEndsAt: Instant): Opening => ({
    ...core,
    ...window,
    state: 'decrypting',
    lotId,
    windowEndsAt,
  });
  const due = dueEvents(decrypting, [opening('late', plusMs(at, 9)), opening('early', plusMs(at, 5))]);
  t.deepEqual(
    due.map(({ lotId, at: dueAt }) => [lotId, dueAt - at]),
    [
      ['early', 6],
      ['late', 10],
    ],
  );
  const reported = signReport(scored(), { reportSha256: HASH, lots: [{ lotId: LOT, candidates: [] }] }, at).state;
  t.deepEqual(
    dueEvents(reported).map((event) => event.kind),
    ['publish-candidates-due'],
  );
});
