import {
  checkPool,
  parseScoringRule,
  runScoringRule,
  verifyPermutation,
  drawCommittee as drawAgain,
} from '@qej/evaluation';
import type { CommitteeDraw } from '@qej/evaluation';
import { DomainError, fromHex, fromUtf8, instant } from '@qej/kernel';
import test from 'ava';
import { createHash } from 'node:crypto';
import { getCommitteeCourse } from './committee-course.ts';
import { evaluateInputs } from './locked-scores.ts';
import type { EvaluationInputs } from './locked-scores.ts';
import { declarationBytes } from './member-commands.ts';
import { poolRootOf, readPool } from './pool.ts';
import { makeRoomHooks } from './recordings.ts';
import { roomAdmission } from './room-admission.ts';
import { declareSeat, saveMarks, scoreAll, startedTender, submit } from './testing/committee-steps.ts';
import { EvaluationWorld, input } from './testing/evaluation-world.ts';

let world: EvaluationWorld;
test.before(async () => {
  world = await EvaluationWorld.open();
});
test.after.always(() => world.close());

const refused = (code: string) => ({ instanceOf: DomainError, code });
const entryOf = async (dedupe: string) => {
  const row = await world.db.read((tx) => tx.logEntries.get({ dedupe }));
  return JSON.parse(row.body ?? '{}') as Record<string, unknown>;
};

test.serial(
  'a whole evaluation: decline, recusal, tied chair vote, lock, report, award, contract, with restarts between',
  async (t) => {
    const made = await world.makeTender();
    const { tenderId, bids } = made;
    const { agency, tenderee } = world;
    await t.throwsAsync(
      world.api.drawCommittee(input({ tenderId: 'f'.repeat(32) }), world.as(agency)),
      refused('E_NOT_FOUND'),
    );

    // The draw: nobody suspended since the pool was logged, nobody employed by a bidder.
    const suspended = await world.db.transaction('test', async (tx) => {
      const row = await tx.experts.lock({ userId: world.experts[5]?.caller.userId ?? '' });
      row.suspended = true;
      return row.id;
    });
    const drawn = await world.api.drawCommittee(input({ tenderId }), world.as(agency));
    t.is(drawn.seats.length, 5);
    t.true(
      drawn.seats.every(({ name, state }) => name === undefined && state === 'called'),
      'names are sealed',
    );
    await t.throwsAsync(world.api.drawCommittee(input({ tenderId }), world.as(agency)), refused('E_STATE'));
    const { pool, course } = await world.db.read(async (tx) => {
      const record = await tx.tenders.get({ id: tenderId });
      return { pool: await readPool(tx, record), course: getCommitteeCourse(record) };
    });
    checkPool(pool.pool, pool.root);
    const entry = await entryOf(`draw:${tenderId}`);
    t.deepEqual(
      entry['selected'],
      drawn.seats.map(({ poolIndex }) => poolIndex),
    );
    t.false(JSON.stringify(entry).includes('专家'));
    const { seed, poolRoot, poolSize, ...published } = course.draw;
    t.is(poolRoot, pool.root);
    verifyPermutation(published as CommitteeDraw, { seed: fromHex(seed), poolSize });
    t.deepEqual(
      drawAgain({
        seed: fromHex(seed),
        pool: pool.pool,
        filters: course.filters,
        quotas: course.quotas,
        size: 5,
        reserves: 5,
      }),
      published,
    );
    const seatedIds = course.draw.selected.map((index) => pool.pool[index]?.facts.personId);
    t.false(seatedIds.includes(suspended));
    const bidderExpert = await world.db.read((tx) => tx.experts.get({ userId: world.experts[0]?.caller.userId ?? '' }));
    t.false(
      [...course.draw.selected, ...course.draw.reserves].some(
        (index) => pool.pool[index]?.facts.personId === bidderExpert.id,
      ),
    );
    await world.restart();

    // A call: day and place, never the project; who declines is followed down the same list.
    const first = await world.seated(tenderId, 1);
    const calls = await world.api.listMyCalls({ ...input(undefined) }, world.as(first));
    t.is(calls.items[0]?.state, 'called');
    const messages = await world.db.read((tx) => tx.inbox.list({ userId: first.caller.userId }));
    t.is(messages.length, 1);
    t.is(messages[0]?.tenderId, null);
    t.false(JSON.stringify(messages[0]).includes('测试道路工程'));
    const [outsider] = world.experts;
    if (outsider === undefined) throw new Error('the expert whom a bidder employs');
    await t.throwsAsync(
      world.api.answerCall(input({ tenderId }, { accept: true }), world.as(outsider)),
      refused('E_NOT_FOUND'),
    );
    await t.throwsAsync(world.api.signIn(input({ tenderId }), world.as(first)), refused('E_STATE'), 'not accepted yet');
    await world.api.answerCall(input({ tenderId }, { accept: false, reason: '出差' }), world.as(first));
    await t.throwsAsync(
      world.api.answerCall(input({ tenderId }, { accept: true }), world.as(first)),
      refused('E_STATE'),
      'twice',
    );
    const sixth = await world.db.read((tx) => tx.seats.get({ tenderId, seat: 6 }));
    t.is<number | undefined, number | undefined>(sixth.poolIndex, course.draw.reserves[0]);
    t.deepEqual((await entryOf(`replaced:${tenderId}:1`))['next'], { seat: 6, poolIndex: sixth.poolIndex });

    // Declarations; a false signature; a recusal with its reason.
    await t.throwsAsync(declareSeat(world, tenderId, 2, ''), refused('E_COMMITTEE_REASON'));
    const second = await world.seated(tenderId, 2);
    const wrong = await world.sign(second, 'qej-declaration/1', new TextEncoder().encode('something else'));
    await t.throwsAsync(world.api.declare(input({ tenderId }, { recuse: false, cms: wrong }), world.as(second)), {
      instanceOf: DomainError,
    });
    await t.throwsAsync(world.api.getWorkbench(input({ tenderId }), world.as(second)), refused('E_STATE'));
    const seen = await world.api.getCommittee(input({ tenderId }), world.as(agency));
    t.is(seen.seats.find(({ seat }) => seat === 2)?.name, second.caller.name, 'signed in');
    t.is(seen.seats.find(({ seat }) => seat === 3)?.name, undefined);
    t.true(
      (await world.api.getCommittee(input({ tenderId }), world.as(tenderee))).seats.every(
        ({ name }) => name === undefined,
      ),
    );
    for (const seat of [3, 4, 5]) await declareSeat(world, tenderId, seat);
    await declareSeat(world, tenderId, 6, '与投标人有近亲属关系');
    await declareSeat(world, tenderId, 7);
    const bytes = declarationBytes({ tenderId, seat: 2, recuse: false, reason: '' });
    const stranger = await world.seated(tenderId, 3);
    const foreign = await world.sign(stranger, 'qej-declaration/1', bytes);
    await t.throwsAsync(
      world.api.declare(input({ tenderId }, { recuse: false, cms: foreign }), world.as(second)),
      refused('E_CERT_UNBOUND'),
    );
    await t.throwsAsync(
      world.api.voteChair(input({ tenderId }, { seat: 3 }), world.as(stranger)),
      refused('E_STATE'),
      'one seat is open',
    );
    await world.api.declare(
      input({ tenderId }, { recuse: false, cms: await world.sign(second, 'qej-declaration/1', bytes) }),
      world.as(second),
    );
    await world.restart();

    // The chair: 2 : 2 : 1, a new round among the two.
    const sitting = [2, 3, 4, 5, 7];
    const vote = async (seat: number, choice: number) =>
      world.api.voteChair(input({ tenderId }, { seat: choice }), world.as(await world.seated(tenderId, seat)));
    await t.throwsAsync(vote(2, 1), refused('E_COMMITTEE_VOTE'), 'who declined does not stand');
    for (const [seat, choice] of [
      [2, 2],
      [3, 2],
      [4, 3],
      [5, 3],
    ] as const)
      await vote(seat, choice);
    await t.throwsAsync(vote(5, 2), refused('E_COMMITTEE_VOTE'), 'twice');
    const tied = await vote(7, 7);
    t.deepEqual(tied.ballot, { round: 2, eligible: [2, 3] });
    await t.throwsAsync(vote(7, 7), refused('E_COMMITTEE_VOTE'), 'not in this round');
    await t.throwsAsync(
      world.api.startEvaluation(input({ tenderId }), world.as(second)),
      refused('E_STATE'),
      'no chair yet',
    );
    for (const seat of sitting) await vote(seat, 2);
    const elected = await world.api.getCommittee(input({ tenderId }), world.as(second));
    t.deepEqual(
      elected.seats.filter(({ isChair }) => isChair).map(({ seat }) => seat),
      [2],
    );
    t.true(
      elected.seats.filter(({ seat }) => sitting.includes(seat)).every(({ name }) => name !== undefined),
      'members know one another',
    );

    await t.throwsAsync(
      world.db.read((tx) => roomAdmission(tx, second.caller, tenderId)),
      refused('E_ROOM_NOT_OPEN_YET'),
    );
    await t.throwsAsync(world.api.startEvaluation(input({ tenderId }), world.as(stranger)), refused('E_NOT_CHAIR'));
    await t.throwsAsync(
      saveMarks(world, { tenderId, seat: 3, bidId: bids[0]?.bidId ?? '' }),
      refused('E_STATE'),
      'not started',
    );
    await world.api.startEvaluation(input({ tenderId }), world.as(second));
    t.true(world.roomActs.includes(`open ${tenderId}`));
    t.deepEqual(await world.db.read((tx) => roomAdmission(tx, second.caller, tenderId)), {
      id: 'seat-2',
      displayName: '专家2',
      seat: '2',
      role: 'chair',
    });
    t.is((await world.db.read((tx) => roomAdmission(tx, agency.caller, tenderId))).role, 'host');
    t.is((await world.db.read((tx) => roomAdmission(tx, world.supervisor.caller, tenderId))).role, 'supervisor');
    await t.throwsAsync(
      world.db.read((tx) => roomAdmission(tx, tenderee.caller, tenderId)),
      refused('E_ROOM_NOT_MEMBER'),
    );
    const recused = await world.seated(tenderId, 6);
    await t.throwsAsync(
      world.db.read((tx) => roomAdmission(tx, recused.caller, tenderId)),
      refused('E_ROOM_RECUSED'),
    );
    await t.throwsAsync(world.api.getWorkbench(input({ tenderId }), world.as(recused)), refused('E_STATE'));
    await world.restart();

    // Marks: range, foreign bid, unfinished, own only, none after the submission.
    const at = { tenderId, seat: 2, bidId: bids[0]?.bidId ?? '' };
    await t.throwsAsync(saveMarks(world, at, { method: '30.5' }), refused('E_SCORE_RANGE'));
    await t.throwsAsync(saveMarks(world, at, { method: '25.2' }), refused('E_SCORE_RANGE'), 'not a step');
    await t.throwsAsync(saveMarks(world, { ...at, bidId: 'a'.repeat(32) }), refused('E_NOT_FOUND'));
    await t.throwsAsync(submit(world, tenderId, 2), refused('E_SHEET_INCOMPLETE'));
    await saveMarks(world, at);
    await t.throwsAsync(submit(world, tenderId, 2), refused('E_SHEET_INCOMPLETE'), 'two bids are left');
    t.is(
      (await world.api.getWorkbench(input({ tenderId }), world.as(stranger))).sheets.length,
      0,
      "another's marks are not there",
    );
    await t.throwsAsync(world.api.lockScores(input({ tenderId }), world.as(second)), refused('E_SHEETS_OPEN'));
    const mark = (seat: number, bid: number) =>
      bid === 2
        ? { method: '20', team: '12' }
        : bid === 1
          ? { method: '28', note: seat === 3 ? '工期安排具体' : '方案可行' }
          : {};
    await scoreAll(world, made, { seats: [2, 3, 4, 5], vary: mark });
    await t.throwsAsync(
      world.api.lockScores(input({ tenderId }), world.as(second)),
      refused('E_SHEETS_OPEN'),
      'seat 7 is open',
    );
    await t.throwsAsync(saveMarks(world, at), refused('E_STATE'), 'submitted');
    await t.throwsAsync(submit(world, tenderId, 2), refused('E_STATE'), 'twice');
    await t.throwsAsync(
      world.api.getEvaluationResult(input({ tenderId }), world.as(second)),
      refused('E_STATE'),
      'before the lock',
    );
    await scoreAll(world, made, {
      seats: [7],
      vary: (_, bid) => (bid === 2 ? { method: '4', team: '2' } : mark(7, bid)),
    });
    await t.throwsAsync(world.api.lockScores(input({ tenderId }), world.as(stranger)), refused('E_NOT_CHAIR'));
    await world.restart();

    // The lock: bytes under the logged hashes give the same result to anybody.
    const result = await world.api.lockScores(input({ tenderId }), world.as(second));
    await t.throwsAsync(world.api.lockScores(input({ tenderId }), world.as(second)), refused('E_STATE'), 'twice');
    const locked = await entryOf(`scores-locked:${tenderId}`);
    t.deepEqual([locked['inputsSha256'], locked['resultSha256']], [result.inputsSha256, result.resultSha256]);
    const inputsBytes = await world.base.blobs.get(String(locked['inputsSha256']));
    t.is(createHash('sha256').update(inputsBytes).digest('hex'), result.inputsSha256);
    const again = evaluateInputs(JSON.parse(fromUtf8(inputsBytes)) as EvaluationInputs);
    const resultBytes = await world.base.blobs.get(String(locked['resultSha256']));
    t.deepEqual(JSON.parse(fromUtf8(resultBytes)), JSON.parse(JSON.stringify(again)));
    t.deepEqual(
      result.candidates,
      again.candidates.map(({ bidId }) => bidId),
    );
    t.is(result.candidates[0], bids[1]?.bidId, 'the better method outweighs the price');
    t.deepEqual(
      result.abnormal.map(({ seat, bidId }) => [seat, bidId]),
      [[7, bids[2]?.bidId]],
    );
    await t.throwsAsync(
      world.api.getEvaluationResult(input({ tenderId }), world.as(agency)),
      refused('E_STATE'),
      'secret until the report',
    );

    // The report: reasons for what stands out, all signatures, then the committee goes home.
    const empty = { dissents: [] };
    await t.throwsAsync(world.api.makeReport(input({ tenderId }, empty), world.as(second)), refused('E_FLAGS_OPEN'));
    const reasons = [{ bidId: bids[2]?.bidId ?? '', seat: 7, text: '施工组织设计缺少交通疏解章节' }];
    const dissents = [{ seat: 4, text: '对第三名的技术评分有保留' }];
    await t.throwsAsync(
      world.api.makeReport(input({ tenderId }, { reasons, dissents: [{ seat: 1, text: '不在席' }] }), world.as(second)),
      refused('E_COMMITTEE_MEMBER'),
    );
    await t.throwsAsync(
      world.api.makeReport(input({ tenderId }, { reasons, dissents }), world.as(stranger)),
      refused('E_NOT_CHAIR'),
    );
    const draft = await world.api.makeReport(input({ tenderId }, { reasons, dissents: [] }), world.as(second));
    const report = await world.api.makeReport(input({ tenderId }, { reasons, dissents }), world.as(second));
    await t.throwsAsync(
      world.api.getDocument(input({ documentId: draft.documentId }), world.as(second)),
      refused('E_NOT_FOUND'),
      'replaced',
    );
    await t.throwsAsync(
      world.api.finishEvaluation(input({ tenderId }), world.as(second)),
      refused('E_DOCUMENT_UNSIGNED'),
    );
    for (const seat of [2, 3, 4, 5]) await world.signDocument(await world.seated(tenderId, seat), report.documentId);
    await t.throwsAsync(
      world.api.makeReport(input({ tenderId }, { reasons, dissents: [] }), world.as(second)),
      refused('E_STATE'),
      'signed',
    );
    await t.throwsAsync(
      world.api.finishEvaluation(input({ tenderId }), world.as(second)),
      refused('E_DOCUMENT_UNSIGNED'),
    );
    await world.signDocument(await world.seated(tenderId, 7), report.documentId);
    await world.restart();
    const reported = await world.api.finishEvaluation(input({ tenderId }), world.as(second));
    t.is(reported.state, 'reported');
    t.true(world.roomActs.includes(`close ${tenderId}`));
    await t.throwsAsync(
      world.db.read((tx) => roomAdmission(tx, second.caller, tenderId)),
      refused('E_ROOM_CLOSED'),
    );
    t.is((await world.db.read((tx) => tx.seats.get({ tenderId, seat: 2 }))).state, 'released');

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
      (await world.api.getDocument(input({ documentId: notice.documentId }), world.as(loser))).toString().length > 0,
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

test.serial('objective marks that differ give the sheets back, and the corrected ones are locked', async (t) => {
  const made = await world.makeTender({ code: 'TEST-2026-0002' });
  const { tenderId } = made;
  await startedTender(world, made);
  const chair = await world.seated(tenderId, 1);
  await scoreAll(world, made, { vary: (seat) => (seat === 4 ? { record: '7' } : {}) });
  await t.throwsAsync(world.api.lockScores(input({ tenderId }), world.as(chair)), refused('E_OBJECTIVE_DIVERGENCE'));
  await t.throwsAsync(world.api.lockScores(input({ tenderId }), world.as(chair)), refused('E_SHEETS_OPEN'));
  await scoreAll(world, made);
  const { abnormal, candidates } = await world.api.lockScores(input({ tenderId }), world.as(chair));
  t.is(abnormal.length, 0);
  t.is(candidates.length, 3);
});

test.serial(
  'a member who recuses during the evaluation is replaced, and the marks of the one who left are void',
  async (t) => {
    const made = await world.makeTender({ code: 'TEST-2026-0003' });
    const { tenderId, bids } = made;
    await startedTender(world, made);
    await scoreAll(world, made, { seats: [2, 3, 4, 5] });
    const chair = await world.seated(tenderId, 1);
    const leaving = await world.seated(tenderId, 5);
    const reason = '发现与投标人有利害关系';
    const cms = await world.sign(
      leaving,
      'qej-declaration/1',
      declarationBytes({ tenderId, seat: 5, recuse: true, reason }),
    );
    await world.api.declare(input({ tenderId }, { recuse: true, reason, cms }), world.as(leaving));
    t.is(world.roomActs.at(-1), `remove ${tenderId} seat-5`);
    await t.throwsAsync(
      world.api.getBidFile(input({ tenderId, bidId: bids[0]?.bidId ?? '', fileIndex: 0 }), world.as(leaving)),
      refused('E_FORBIDDEN'),
    );
    await scoreAll(world, made, { seats: [1] });
    await t.throwsAsync(
      world.api.lockScores(input({ tenderId }), world.as(chair)),
      refused('E_SHEETS_OPEN'),
      'four of five',
    );
    await declareSeat(world, tenderId, 6);
    await scoreAll(world, made, { seats: [6] });
    const { inputsSha256 } = await world.api.lockScores(input({ tenderId }), world.as(chair));
    const inputs = JSON.parse(fromUtf8(await world.base.blobs.get(inputsSha256))) as EvaluationInputs;
    t.deepEqual(inputs.experts, ['seat-1', 'seat-2', 'seat-3', 'seat-4', 'seat-6']);
    t.false(inputs.sheets.some(({ expertId }) => expertId === 'seat-5'));
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

test.serial('files of a bid: members, the owner and a supervisor whose look is logged; nobody else', async (t) => {
  const made = await world.makeTender({ code: 'TEST-2026-0005' });
  const { tenderId, bids } = made;
  await startedTender(world, made);
  const [own, other] = world.bidders;
  if (own === undefined || other === undefined) throw new Error('bidders');
  const wanted = input({ tenderId, bidId: bids[0]?.bidId ?? '', fileIndex: 0 });
  const text = async (promise: Promise<Uint8Array | ReadableStream<Uint8Array>>) =>
    fromUtf8((await promise) as Uint8Array);
  t.regex(await text(world.api.getBidFile(wanted, world.as(await world.seated(tenderId, 3)))), /技术文件 0/);
  t.regex(await text(world.api.getBidFile(wanted, world.as(own))), /技术文件 0/);
  await t.throwsAsync(world.api.getBidFile(wanted, world.as(other)), refused('E_FORBIDDEN'));
  await t.throwsAsync(world.api.getBidFile(wanted, world.as(world.agency)), refused('E_FORBIDDEN'));
  await world.api.getBidFile(wanted, world.as(world.supervisor));
  const looks = await world.db.read((tx) => tx.logEntries.list({ tenderId, type: 'supervisor-look' }));
  t.is(looks.length, 1);
});

test.serial('a recording is kept once, its hash stands in the log, and no name with it', async (t) => {
  const { tenderId } = await world.makeTender({ code: 'TEST-2026-0006' });
  const hooks = makeRoomHooks(world.base);
  const sha256 = '5'.repeat(64);
  const at = (ms: number) => instant(world.now + ms);
  const segment = {
    roomId: tenderId,
    participantId: 'seat-2',
    source: 'camera',
    segment: 1,
    startedAt: at(0),
    endedAt: at(60_000),
    end: 'stopped',
    file: 'room/seat-2-camera-1.webm',
    bytes: 1_234_567,
    sha256,
  } as const;
  await hooks.onRecordingFinished(segment);
  await hooks.onRecordingFinished(segment);
  await hooks.onRecordingFinished({ ...segment, segment: 2, file: 'room/seat-2-camera-2.webm' });
  await world.log.advance();
  const { items } = await world.api.listRecordings(input({ tenderId }), world.as(world.supervisor));
  t.is(items.length, 2);
  t.true(items.every(({ logSeq, bytes }) => logSeq !== undefined && bytes === 1_234_567));
  const entries = await world.db.read((tx) => tx.logEntries.list({ tenderId, type: 'recording' }));
  const bodies = entries.map(({ body }) => JSON.parse(body ?? '{}') as { sha256: string; participant: string });
  t.deepEqual(
    bodies.map((body) => body.sha256),
    [sha256, sha256],
  );
  t.is(bodies[0]?.participant, bodies[1]?.participant);
  t.false(JSON.stringify(bodies).includes('seat-2'));
  await hooks.onLook({ roomId: tenderId, participantId: 'supervisor-x', startedAt: at(0), endedAt: undefined });
  t.is((await world.db.read((tx) => tx.logEntries.list({ tenderId, type: 'supervisor-look' }))).length, 1);
});

test.serial(
  'the root that is logged at publication is the one the pool has, and a pool that is too small is said to be so',
  async (t) => {
    const before = await world.db.read((tx) => poolRootOf(tx));
    const made = await world.makeTender({ code: 'TEST-2026-0007', committee: { size: 13, specialties: [] } });
    t.is((await entryOf(`pool:${made.tenderId}`))['root'], before);
    await t.throwsAsync(
      world.api.drawCommittee(input({ tenderId: made.tenderId }), world.as(world.agency)),
      refused('E_POOL_SMALL'),
    );
    t.is(
      (await world.db.read((tx) => tx.tenders.get({ id: made.tenderId }))).state,
      'opened',
      'nothing of a refused draw is kept',
    );
    const expert = await world.db.read((tx) => tx.experts.get({ userId: world.experts[3]?.caller.userId ?? '' }));
    await world.db.transaction('test', async (tx) => {
      (await tx.experts.lock({ id: expert.id })).region = '370300';
    });
    t.not(await world.db.read((tx) => poolRootOf(tx)), before, 'another fact, another root');
    const { root } = await world.db.read(async (tx) => readPool(tx, await tx.tenders.get({ id: made.tenderId })));
    t.is(root, before, 'the draw still uses the pool as it was logged');
  },
);
