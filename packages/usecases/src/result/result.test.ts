import { parseScoringRule, runScoringRule } from '@qej/evaluation';
import { instant } from '@qej/kernel';
import test from 'ava';
import { reportedTender, scoreAll, startedTender } from '../evaluation/testing/committee-steps.ts';
import { EvaluationWorld } from '../evaluation/testing/evaluation-world.ts';
import { input, refused } from '../evaluation/testing/test-tender.ts';

let world: EvaluationWorld;
test.before(async () => {
  world = await EvaluationWorld.open();
});
test.after.always(() => world.close());

test.serial(
  'candidates, publicity, award notice, award and contract come in order, each once, and the losers learn why',
  async (t) => {
    const made = await world.makeTender();
    const { tenderId, bids } = made;
    const { agency, tenderee } = world;
    await reportedTender(world, made, (_, bid) =>
      bid === 2 ? { method: '20' } : bid === 1 ? { method: '28', note: '工期安排具体' } : {},
    );
    // The result: own scores not before they are published, candidates, no award before the publicity ends.
    const [winner, other, loser] = [world.bidders[1], world.bidders[0], world.bidders[2]];
    if (winner === undefined || other === undefined || loser === undefined) throw new Error('three bidders');
    await t.throwsAsync(world.api.getMyResult(input({ tenderId }), world.as(winner)), refused('E_STATE'));
    t.deepEqual(await world.api.getPublicResult(input({ tenderId }), world.as(winner)), {
      state: 'reported',
      candidates: [],
    });
    await world.api.publishCandidates(input({ tenderId }), world.as(agency));
    await t.throwsAsync(
      world.api.publishCandidates(input({ tenderId }), world.as(agency)),
      refused('E_STATE'),
      'twice',
    );
    const choice = { bidId: bids[1]?.bidId ?? '' };
    await t.throwsAsync(
      world.api.makeAwardNotice(input({ tenderId }, choice), world.as(tenderee)),
      refused('E_PUBLICITY_RUNNING'),
    );
    const { publicityEndsAt = '' } = await world.api.getPublicResult(input({ tenderId }), world.as(winner));
    world.now = instant(Date.parse(publicityEndsAt) - 2);
    await t.throwsAsync(
      world.api.makeAwardNotice(input({ tenderId }, choice), world.as(tenderee)),
      refused('E_PUBLICITY_RUNNING'),
      'a millisecond early',
    );
    await t.throwsAsync(
      world.api.makeAwardNotice(input({ tenderId }, { bidId: 'a'.repeat(32) }), world.as(tenderee)),
      refused('E_NOT_CANDIDATE'),
    );
    await t.throwsAsync(
      world.api.makeAwardNotice(
        input({ tenderId }, { bidId: bids[0]?.bidId ?? '', reason: '喜欢' }),
        world.as(tenderee),
      ),
      refused('E_REASON_MISSING'),
    );
    await t.throwsAsync(world.api.awardTender(input({ tenderId }), world.as(tenderee)), refused('E_DOCUMENT_UNSIGNED'));
    const notice = await world.api.makeAwardNotice(input({ tenderId }, choice), world.as(tenderee));
    await t.throwsAsync(world.api.awardTender(input({ tenderId }), world.as(tenderee)), refused('E_DOCUMENT_UNSIGNED'));
    await world.signDocument(tenderee, notice.documentId);
    await t.throwsAsync(
      world.api.makeAwardNotice(input({ tenderId }, choice), world.as(tenderee)),
      refused('E_STATE'),
      'signed',
    );
    await t.throwsAsync(
      world.api.getDocument(input({ documentId: notice.documentId }), world.as(loser)),
      refused('E_NOT_FOUND'),
      'not issued yet',
    );
    await world.restart();
    const awarded = await world.api.awardTender(input({ tenderId }), world.as(tenderee));
    t.is(awarded.state, 'awarded');
    const awardEntry = await world.db.read((tx) => tx.logEntries.get({ dedupe: `award:${tenderId}` }));
    t.true((awardEntry.seq ?? -1) < (await world.log.latest()).size, 'a witness has cosigned the award');
    t.deepEqual(
      world.releases.filter((release) => release.tenderId === tenderId),
      [],
      'all three are candidates: none before the contract',
    );
    t.true(
      (await world.api.getDocument(input({ documentId: notice.documentId }), world.as(loser))) instanceof Uint8Array,
    );

    // Score letters by the job, twice the same; own result recomputes.
    await world.jobs['result:score-letters']?.({ tenderId }, world.now);
    await world.jobs['result:score-letters']?.({ tenderId }, world.now);
    const letters = await world.db.read((tx) => tx.documents.list({ tenderId, kind: 'score-letter' }));
    t.is(letters.length, 3);
    const mine = await world.api.getMyResult(input({ tenderId }), world.as(winner));
    const run = runScoringRule(parseScoringRule(mine.rule), mine.ruleInputs as Parameters<typeof runScoringRule>[1]);
    t.is(run.bids.find(({ id }) => id === mine.bidId)?.shownResult, mine.priceScore);
    t.is(mine.rank, 1);
    t.true(mine.reasons.some((reason) => reason.includes('工期安排具体')));
    const mineText = JSON.stringify(mine);
    t.false(
      world.experts.some(({ caller }) => mineText.includes(caller.name)),
      'experts are seats',
    );
    const lostLetter = letters.find(({ organizationId }) => organizationId === loser.organization.id);
    await t.throwsAsync(
      world.api.getDocument(input({ documentId: lostLetter?.id ?? '' }), world.as(winner)),
      refused('E_NOT_FOUND'),
    );
    t.is((await world.api.getMyResult(input({ tenderId }), world.as(loser))).scoreLetterDocumentId, lostLetter?.id);

    const publicResult = await world.api.getPublicResult(input({ tenderId }), world.as(winner));
    t.is(publicResult.winner, winner.organization.name);
    t.is(publicResult.committee, undefined, 'this regime publishes no names');
    const signedOn = new Date(world.now).toISOString();
    await t.throwsAsync(
      world.api.recordContract(input({ tenderId }, { signedOn, amount: '9000000.00' }), world.as(tenderee)),
      refused('E_CONTRACT'),
    );
    await world.api.recordContract(input({ tenderId }, { signedOn, amount: '9500000.00' }), world.as(tenderee));
    await t.throwsAsync(
      world.api.recordContract(input({ tenderId }, { signedOn, amount: '9500000.00' }), world.as(tenderee)),
      refused('E_STATE'),
      'twice',
    );
    t.deepEqual(world.releases.at(-1), {
      tenderId,
      organizationIds: bids.map(({ organizationId }) => organizationId),
      reason: 'contract',
    });
  },
);

test.serial(
  'a bid that most reject is out, its deposit goes back with the award, and government procurement names the experts',
  async (t) => {
    const made = await world.makeTender({ code: 'TEST-2026-0004', regime: 'government-procurement' });
    const { tenderId, bids } = made;
    await startedTender(world, made);
    const chair = await world.seated(tenderId, 1);
    await scoreAll(world, made, { vary: (seat, bid) => ({ reject: bid === 2 && seat < 4 }) });
    const result = await world.api.lockScores(input({ tenderId }), world.as(chair));
    t.is(result.candidates.length, 2);
    t.is(result.bids.find(({ bidId }) => bidId === bids[2]?.bidId)?.passed, false);
    const report = await world.api.makeReport(input({ tenderId }, { dissents: [] }), world.as(chair));
    for (const seat of [1, 2, 3, 4, 5]) await world.signDocument(await world.seated(tenderId, seat), report.documentId);
    await world.api.finishEvaluation(input({ tenderId }), world.as(chair));
    await world.api.publishCandidates(input({ tenderId }), world.as(world.agency));
    const rejected = world.bidders[2];
    if (rejected === undefined) throw new Error('three bidders');
    await t.throwsAsync(
      world.api.getMyResult(input({ tenderId }), world.as(rejected)),
      refused('E_STATE'),
      'with the award in this regime',
    );
    const { publicityEndsAt = '', candidates } = await world.api.getPublicResult(
      input({ tenderId }),
      world.as(rejected),
    );
    world.now = instant(Date.parse(publicityEndsAt));
    const choice = { bidId: candidates[1]?.bidId ?? '', reason: '第一中标候选人放弃中标，见其书面声明' };
    const notice = await world.api.makeAwardNotice(input({ tenderId }, choice), world.as(world.tenderee));
    await world.signDocument(world.tenderee, notice.documentId);
    await world.api.awardTender(input({ tenderId }), world.as(world.tenderee));
    const kept = bids.find(({ bidId }) => bidId === choice.bidId)?.organizationId;
    t.deepEqual(world.releases.at(-1), {
      tenderId,
      organizationIds: bids.map(({ organizationId }) => organizationId).filter((id) => id !== kept),
      reason: 'award',
    });
    await world.jobs['result:score-letters']?.({ tenderId }, world.now);
    const mine = await world.api.getMyResult(input({ tenderId }), world.as(rejected));
    t.false(mine.passed);
    t.true(mine.reasons.some((reason) => reason.includes('不符合规定的资格条件')));
    const publicResult = await world.api.getPublicResult(input({ tenderId }), world.as(rejected));
    t.is(publicResult.committee?.length, 5);
    t.is(publicResult.awardReason, choice.reason);
  },
);

test.serial('an award that is cut off between its log entry and its commit is made once by the next try', async (t) => {
  const made = await world.makeTender({ code: 'TEST-2026-0009' });
  const { tenderId, bids } = made;
  await reportedTender(world, made);
  await world.api.publishCandidates(input({ tenderId }), world.as(world.agency));
  world.now = instant(world.now + 10_000);
  const notice = await world.api.makeAwardNotice(
    input({ tenderId }, { bidId: bids[2]?.bidId ?? '' }),
    world.as(world.tenderee),
  );
  await world.signDocument(world.tenderee, notice.documentId);
  world.fault = (label) => {
    if (label === 'tx:result:award:before-commit') throw new Error('killed');
  };
  await t.throwsAsync(world.api.awardTender(input({ tenderId }), world.as(world.tenderee)), { message: 'killed' });
  world.fault = () => undefined;
  await world.restart();
  const state = async () => (await world.db.read((tx) => tx.tenders.get({ id: tenderId }))).state;
  t.is(await state(), 'candidates-published');
  t.is((await world.db.read((tx) => tx.inbox.list({ tenderId, event: 'award-decided' }))).length, 0, 'nobody is told');
  const twice = [1, 2].map(() => world.api.awardTender(input({ tenderId }), world.as(world.tenderee)));
  const answers = await Promise.allSettled(twice);
  t.deepEqual(answers.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
  t.is(await state(), 'awarded');
  t.is((await world.db.read((tx) => tx.logEntries.list({ tenderId, type: 'award' }))).length, 1);
  t.is(
    (await world.db.read((tx) => tx.jobs.list({ kind: 'result:score-letters', dedupe: `score-letters:${tenderId}` })))
      .length,
    1,
  );
});
