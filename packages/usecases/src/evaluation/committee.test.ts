import { checkPool, drawCommittee as drawAgain, verifyPermutation } from '@qej/evaluation';
import type { CommitteeDraw } from '@qej/evaluation';
import { DomainError, fromHex, fromUtf8 } from '@qej/kernel';
import test from 'ava';
import { getCommitteeCourse } from './committee-course.ts';
import type { EvaluationInputs } from './locked-scores.ts';
import { declarationBytes } from './member-commands.ts';
import { poolRootOf, readPool } from './pool.ts';
import { roomAdmission } from './room-admission.ts';
import { declareSeat, saveMarks, scoreAll } from './testing/committee-steps.ts';
import { EvaluationWorld } from './testing/evaluation-world.ts';
import { input, refused } from './testing/test-tender.ts';

let world: EvaluationWorld;
test.before(async () => {
  world = await EvaluationWorld.open();
});
test.after.always(() => world.close());

test.serial(
  'a committee is drawn, called, replaced down the list, declared, led and sent to work, with restarts between',
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
    const entry = await world.entryOf(`draw:${tenderId}`);
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
    t.deepEqual((await world.entryOf(`replaced:${tenderId}:1`))['next'], { seat: 6, poolIndex: sixth.poolIndex });

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

    await scoreAll(world, made, { seats: sitting });
    const { inputsSha256 } = await world.api.lockScores(input({ tenderId }), world.as(second));
    const inputs = JSON.parse(fromUtf8(await world.base.blobs.get(inputsSha256))) as EvaluationInputs;
    t.deepEqual(inputs.experts, ['seat-2', 'seat-3', 'seat-4', 'seat-5', 'seat-7']);
  },
);

test.serial(
  'the root that is logged at publication is the one the pool has, and a pool that is too small is said to be so',
  async (t) => {
    const before = await world.db.read((tx) => poolRootOf(tx));
    const made = await world.makeTender({ code: 'TEST-2026-0007', committee: { size: 13, specialties: [] } });
    t.is((await world.entryOf(`pool:${made.tenderId}`))['root'], before);
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
