import { fromUtf8, instant } from '@qej/kernel';
import test from 'ava';
import { createHash } from 'node:crypto';
import { evaluateInputs } from './locked-scores.ts';
import type { EvaluationInputs } from './locked-scores.ts';
import { declarationBytes } from './member-commands.ts';
import { makeRoomHooks } from './recordings.ts';
import { roomAdmission } from './room-admission.ts';
import { declareSeat, saveMarks, scoreAll, startedTender, submit } from './testing/committee-steps.ts';
import { EvaluationWorld } from './testing/evaluation-world.ts';
import { input, refused } from './testing/test-tender.ts';

let world: EvaluationWorld;
test.before(async () => {
  world = await EvaluationWorld.open();
});
test.after.always(() => world.close());

test.serial(
  'marks are kept apart until the lock, the result recomputes, the report is signed by all, with restarts between',
  async (t) => {
    const made = await world.makeTender();
    const { tenderId, bids } = made;
    const { agency } = world;
    await startedTender(world, made);
    const [chair, member] = [await world.seated(tenderId, 1), await world.seated(tenderId, 3)];
    // Marks: range, foreign bid, unfinished, own only, none after the submission.
    const at = { tenderId, seat: 1, bidId: bids[0]?.bidId ?? '' };
    await t.throwsAsync(saveMarks(world, at, { method: '30.5' }), refused('E_SCORE_RANGE'));
    await t.throwsAsync(saveMarks(world, at, { method: '25.2' }), refused('E_SCORE_RANGE'), 'not a step');
    await t.throwsAsync(saveMarks(world, { ...at, bidId: 'a'.repeat(32) }), refused('E_NOT_FOUND'));
    await t.throwsAsync(submit(world, tenderId, 1), refused('E_SHEET_INCOMPLETE'));
    await saveMarks(world, at);
    await t.throwsAsync(submit(world, tenderId, 1), refused('E_SHEET_INCOMPLETE'), 'two bids are left');
    t.is(
      (await world.api.getWorkbench(input({ tenderId }), world.as(member))).sheets.length,
      0,
      "another's marks are not there",
    );
    await t.throwsAsync(world.api.lockScores(input({ tenderId }), world.as(chair)), refused('E_SHEETS_OPEN'));
    const mark = (seat: number, bid: number) =>
      bid === 2
        ? { method: '20', team: '12' }
        : bid === 1
          ? { method: '28', note: seat === 3 ? '工期安排具体' : '方案可行' }
          : {};
    await scoreAll(world, made, { seats: [1, 2, 3, 4], vary: mark });
    await t.throwsAsync(
      world.api.lockScores(input({ tenderId }), world.as(chair)),
      refused('E_SHEETS_OPEN'),
      'seat 5 is open',
    );
    await t.throwsAsync(saveMarks(world, at), refused('E_STATE'), 'submitted');
    await t.throwsAsync(submit(world, tenderId, 1), refused('E_STATE'), 'twice');
    await t.throwsAsync(
      world.api.getEvaluationResult(input({ tenderId }), world.as(chair)),
      refused('E_STATE'),
      'before the lock',
    );
    await scoreAll(world, made, {
      seats: [5],
      vary: (_, bid) => (bid === 2 ? { method: '4', team: '2' } : mark(5, bid)),
    });
    await t.throwsAsync(world.api.lockScores(input({ tenderId }), world.as(member)), refused('E_NOT_CHAIR'));
    await world.restart();

    // The lock: bytes under the logged hashes give the same result to anybody.
    const result = await world.api.lockScores(input({ tenderId }), world.as(chair));
    await t.throwsAsync(world.api.lockScores(input({ tenderId }), world.as(chair)), refused('E_STATE'), 'twice');
    const locked = await world.entryOf(`scores-locked:${tenderId}`);
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
      [[5, bids[2]?.bidId]],
    );
    await t.throwsAsync(
      world.api.getEvaluationResult(input({ tenderId }), world.as(agency)),
      refused('E_STATE'),
      'secret until the report',
    );

    // The report: reasons for what stands out, all signatures, then the committee goes home.
    const empty = { dissents: [] };
    await t.throwsAsync(world.api.makeReport(input({ tenderId }, empty), world.as(chair)), refused('E_FLAGS_OPEN'));
    const reasons = [{ bidId: bids[2]?.bidId ?? '', seat: 5, text: '施工组织设计缺少交通疏解章节' }];
    const dissents = [{ seat: 4, text: '对第三名的技术评分有保留' }];
    await t.throwsAsync(
      world.api.makeReport(input({ tenderId }, { reasons, dissents: [{ seat: 9, text: '不在席' }] }), world.as(chair)),
      refused('E_COMMITTEE_MEMBER'),
    );
    await t.throwsAsync(
      world.api.makeReport(input({ tenderId }, { reasons, dissents }), world.as(member)),
      refused('E_NOT_CHAIR'),
    );
    const draft = await world.api.makeReport(input({ tenderId }, { reasons, dissents: [] }), world.as(chair));
    const report = await world.api.makeReport(input({ tenderId }, { reasons, dissents }), world.as(chair));
    await t.throwsAsync(
      world.api.getDocument(input({ documentId: draft.documentId }), world.as(chair)),
      refused('E_NOT_FOUND'),
      'replaced',
    );
    await t.throwsAsync(
      world.api.finishEvaluation(input({ tenderId }), world.as(chair)),
      refused('E_DOCUMENT_UNSIGNED'),
    );
    for (const seat of [1, 2, 3, 4]) await world.signDocument(await world.seated(tenderId, seat), report.documentId);
    await t.throwsAsync(
      world.api.makeReport(input({ tenderId }, { reasons, dissents: [] }), world.as(chair)),
      refused('E_STATE'),
      'signed',
    );
    await t.throwsAsync(
      world.api.finishEvaluation(input({ tenderId }), world.as(chair)),
      refused('E_DOCUMENT_UNSIGNED'),
    );
    await world.signDocument(await world.seated(tenderId, 5), report.documentId);
    await world.restart();
    const reported = await world.api.finishEvaluation(input({ tenderId }), world.as(chair));
    t.is(reported.state, 'reported');
    t.true(world.roomActs.includes(`close ${tenderId}`));
    await t.throwsAsync(
      world.db.read((tx) => roomAdmission(tx, chair.caller, tenderId)),
      refused('E_ROOM_CLOSED'),
    );
    t.is((await world.db.read((tx) => tx.seats.get({ tenderId, seat: 2 }))).state, 'released');
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
  'two locks at the same time give one, and a lock that is cut off leaves the marks as they were',
  async (t) => {
    const made = await world.makeTender({ code: 'TEST-2026-0008' });
    const { tenderId } = made;
    await startedTender(world, made);
    await scoreAll(world, made);
    const chair = await world.seated(tenderId, 1);
    world.fault = (label) => {
      if (label === 'tx:evaluation:lock-scores:before-commit') throw new Error('killed');
    };
    await t.throwsAsync(world.api.lockScores(input({ tenderId }), world.as(chair)), { message: 'killed' });
    world.fault = () => undefined;
    await world.restart();
    t.is((await world.db.read((tx) => tx.tenders.get({ id: tenderId }))).state, 'evaluating');
    const locks = [1, 2].map(() => world.api.lockScores(input({ tenderId }), world.as(chair)));
    const answers = await Promise.allSettled(locks);
    t.deepEqual(answers.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    t.is((await world.db.read((tx) => tx.logEntries.list({ tenderId, type: 'scores-locked' }))).length, 1);
  },
);
