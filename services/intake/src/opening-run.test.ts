import test from 'ava';
import { DomainError, instant, toBase64 } from '@qej/kernel';
import { drawCoefficient } from '@qej/evaluation';
import { OBJECT_LENGTH } from '@qej/sealed-bid';
import { drawSeed, openedBidsOf, releaseGate } from '@qej/usecases';
import { halvesOf, sealBid, submitBid } from './testing/bids.ts';
import { publishLot } from './testing/lot.ts';
import {
  agency,
  answer,
  asAgency,
  bidders,
  close,
  give,
  hallFor,
  openRegister,
  plain,
  record,
  signRecord,
  stateOf,
  supervisor,
  uscc,
  world,
} from './testing/scene.ts';
import { addPerson, as } from './testing/world.ts';

const refused = (code: string) => ({ instanceOf: DomainError, code });

test.after.always(() => world.close());

test.serial(
  'a whole opening: four bids, one without its half, one replaced, a restart before every step',
  async (t) => {
    const lot = await publishLot(world, agency);
    const [a, b, c, d] = bidders;
    const first = await submitBid(world, lot, a, { price: { total: '1500000.00' } });
    const bigFile = Uint8Array.from({ length: 2 * OBJECT_LENGTH + 17 }, (_, i) => (i * 31) & 0xff);
    const bids = [
      await submitBid(world, lot, a, {
        price: { total: '1000000.00' },
        prev: first.message,
        secrets: { ...(await sealBid(lot, a)).secrets, capability: first.secrets.capability },
      }),
      await submitBid(world, lot, b, {
        price: { total: '9900000.00', quality: '合格', manager: '李雷' },
        file: bigFile,
      }),
      await submitBid(world, lot, c, { price: { total: '1200000.00', periodDays: 280 } }),
      await submitBid(world, lot, d, { deposit: null }),
    ];
    const silent = d;
    const before = await hallFor(lot, a);
    t.is(before.state, 'published');
    t.deepEqual(
      [before.bids, before.releases, before.witnesses, before.count, before.closingRoot],
      [[], [], [], undefined, undefined],
    );
    t.deepEqual(releaseGate(await record(lot)), []);

    await world.restart();
    await close(lot);
    t.is(await stateOf(lot), 'closing-fixed');
    const closed = await hallFor(lot);
    t.is(closed.witnesses.length, 1);
    t.deepEqual([closed.bids, closed.count], [[], undefined]);
    t.deepEqual(releaseGate(await record(lot)), ['register']);
    const entry = await world.db.read((tx) => tx.logEntries.get({ dedupe: `closing:${lot.tenderId}` }));
    t.deepEqual(Object.keys(JSON.parse(entry.body ?? '{}') as object).sort(), [
      'at',
      'closingRoot',
      'lotId',
      'tenderId',
      'type',
      'v',
    ]);

    await world.restart();
    await lot.release('register', [0]);
    await world.app.driver.advance(lot.tenderId);
    t.is(await stateOf(lot), 'closing-fixed', 'one holder is no authorised set');
    await lot.release('register', [1]);
    await world.app.driver.advance(lot.tenderId);
    t.is(await stateOf(lot), 'list-published');
    t.deepEqual(
      (await world.db.read((tx) => tx.seals.list({ lotId: lot.lotId }))).length,
      4,
      'the replaced seal is gone',
    );
    const list = await hallFor(lot);
    t.deepEqual(list.bids.map(({ bidder }) => bidder).sort(), ['丁公司', '丙公司', '乙公司', '甲公司']);
    t.deepEqual(
      list.bids.map(({ bidder, deposit }) => `${bidder} ${deposit.state}`).filter((line) => line.endsWith('missing')),
      ['丁公司 missing'],
    );
    t.true(list.bids.every(({ price, unwrap, mine }) => price === undefined && unwrap === undefined && !mine));
    t.is(list.hostStep.command, 'start-decryption');
    t.deepEqual(releaseGate(await record(lot)), ['register']);

    await world.app.hall.startDecryption(...asAgency(lot));
    await t.throwsAsync(world.app.hall.startDecryption(...asAgency(lot)), refused('E_STATE'));
    t.deepEqual(releaseGate(await record(lot)), ['register', 'technical']);
    await world.restart();
    for (const bid of bids.slice(0, 2)) await give(lot, bid);
    const [, second] = bids;
    if (second !== undefined) await give(lot, second);
    await lot.release('technical', [1, 2]);
    await world.app.driver.advance(lot.tenderId);
    const third = bids[2]!; // four bids stand above
    const own = (await hallFor(lot, c)).bids.find(({ mine }) => mine);
    const wrong = {
      halves: [
        { stage: 'technical', half: toBase64(new Uint8Array(32)) },
        { stage: 'price', half: toBase64(new Uint8Array(32)) },
      ],
    };
    const params = { tenderId: lot.tenderId, bidId: own?.bidId ?? '' };
    await t.throwsAsync(
      world.app.hall.releaseHalf({ ...plain, params, body: wrong }, as(world, c)),
      refused('E_BIDDER_HALF'),
    );
    await t.throwsAsync(
      world.app.hall.releaseHalf({ ...plain, params, body: wrong }, as(world, a)),
      refused('E_NOT_FOUND'),
      'a bid of somebody else',
    );
    await t.throwsAsync(world.app.hall.closeWindow(...asAgency(lot)), refused('E_WINDOW_OPEN'));
    const { windowEndsAt } = await hallFor(lot);
    world.clock.at = instant(Date.parse(windowEndsAt ?? ''));
    await give(lot, third);
    t.deepEqual(releaseGate(await record(lot)), ['register', 'technical'], 'the window still runs for the fourth');
    world.clock.pass(1);
    const late = (await hallFor(lot, silent)).bids.find(({ mine }) => mine);
    const lateHalves = { halves: await halvesOf(bids[3]!, late!.unwrap!) };
    await world.app.driver.advance(lot.tenderId);
    await t.throwsAsync(
      world.app.hall.releaseHalf(
        { ...plain, params: { ...params, bidId: late?.bidId ?? '' }, body: lateHalves },
        as(world, silent),
      ),
      refused('E_WINDOW_CLOSED'),
    );
    t.deepEqual(releaseGate(await record(lot)), ['register', 'technical', 'price']);
    t.is(await stateOf(lot), 'coefficient-drawn');
    const missing = (await hallFor(lot)).bids.find(({ bidder }) => bidder === '丁公司');
    t.deepEqual(
      [missing?.state, missing?.fault?.party, missing?.fault?.code],
      ['half-missing', 'undetermined', 'HALF_MISSING'],
    );
    t.true((await hallFor(lot)).bids.every(({ price }) => price === undefined));

    await world.restart();
    await world.app.driver.advance(lot.tenderId);
    await lot.release('price', [0, 1]);
    await world.app.driver.advance(lot.tenderId);
    t.is(await stateOf(lot), 'confirming');
    const priced = await hallFor(lot);
    const line = (bidder: string) => priced.bids.find((bid) => bid.bidder === bidder)?.price;
    t.deepEqual(line('甲公司'), { total: '1000000.00', aboveCeiling: false }, 'the replacement stands');
    t.deepEqual(line('乙公司'), { total: '9900000.00', quality: '合格', manager: '李雷', aboveCeiling: true });
    t.deepEqual(line('丙公司'), { total: '1200000.00', periodDays: 280, aboveCeiling: false });
    t.is(line('丁公司'), undefined);
    const seed = await drawSeed(world.provider, await record(lot), 'coefficient');
    const range = lot.notice.coefficient;
    if (range === null) return t.fail('the notice has a range');
    const { name } = JSON.parse(
      (await world.db.read((tx) => tx.logEntries.get({ dedupe: `coefficient-drawn:${lot.tenderId}` }))).body ?? '{}',
    ) as { name: string };
    t.is(priced.coefficient, drawCoefficient({ seed, range, name }).value);

    const facts = await world.db.read((tx) => openedBidsOf(tx, lot.tenderId));
    const file = facts.find((bid) => bid.name === '乙公司')?.files[0];
    t.deepEqual([facts.length, file?.name, file?.bytes, file?.part], [3, '技术标.pdf', bigFile.length, 'main']);
    t.deepEqual(await world.app.ports.blobs.get(file?.sha256 ?? ''), bigFile);

    await t.throwsAsync(
      answer(lot, a, 'confirmed', undefined, b),
      refused('E_CERT_UNBOUND'),
      'signed by somebody else',
    );
    await answer(lot, a, 'confirmed');
    await answer(lot, a, 'confirmed');
    await answer(lot, b, 'objected', '读错');
    await t.throwsAsync(world.app.hall.makeOpeningRecord(...asAgency(lot)), refused('E_CONFIRMATIONS_OPEN'));
    const objecting = (await hallFor(lot, b)).bids.find(({ mine }) => mine);
    const byB = { ...plain, params: { tenderId: lot.tenderId, bidId: objecting?.bidId ?? '' } };
    await world.app.hall.answerObjection({ ...byB, body: { answer: '与原文一致' } }, as(world, agency));
    await answer(lot, b, 'confirmed');
    await world.db.transaction('test:bind', async (tx) => {
      const known = await tx.certificates.find({ userId: c.caller.userId });
      t.is(known, undefined);
    });
    await t.throwsAsync(answer(lot, c, 'confirmed'), refused('E_CERT_UNBOUND'));
    await t.throwsAsync(
      world.app.hall.makeOpeningRecord(...asAgency(lot)),
      refused('E_CONFIRMATIONS_OPEN'),
      'one has not answered',
    );
    world.clock.pass(61_000);
    await t.throwsAsync(answer(lot, b, 'objected', '晚了'), refused('E_WINDOW_CLOSED'));
    const fault = { ...plain, params: { tenderId: lot.tenderId, bidId: missing?.bidId ?? '' } };
    t.true(
      (await world.app.hall.confirmFault(fault, as(world, supervisor))).bids.find(({ bidder }) => bidder === '丁公司')
        ?.fault?.confirmedBySupervisor,
    );

    await t.throwsAsync(world.app.hall.finishOpening(...asAgency(lot)), refused('E_DOCUMENT_UNSIGNED'));
    const made = await world.app.hall.makeOpeningRecord(...asAgency(lot));
    t.truthy(made.recordDocumentId);
    await t.throwsAsync(world.app.hall.finishOpening(...asAgency(lot)), refused('E_DOCUMENT_UNSIGNED'));
    await signRecord(made.recordDocumentId ?? '');
    t.is((await hallFor(lot)).hostStep.command, 'finish');
    const ended = await world.app.hall.finishOpening(...asAgency(lot));
    t.is(ended.state, 'record-signed');
    t.is((await record(lot)).state, 'opened');
    t.is((await world.app.hall.finishOpening(...asAgency(lot))).state, 'record-signed');
  },
);

test.serial('two owners of three bids: nothing but "<3" is kept, no seal, no envelope, no owner', async (t) => {
  const lot = await publishLot(world, agency);
  const [a, b] = bidders;
  const bids = [await submitBid(world, lot, a), await submitBid(world, lot, a), await submitBid(world, lot, b)];
  await openRegister(lot);
  const failed = await record(lot);
  t.is(failed.state, 'failed-few');
  const hall = await hallFor(lot, a);
  t.deepEqual([hall.count, hall.bids], ['<3', []]);
  t.deepEqual(await world.db.read((tx) => tx.seals.list({ lotId: lot.lotId })), []);
  t.deepEqual(await world.db.read((tx) => tx.bids.list({ tenderId: lot.tenderId })), []);
  const job = await world.db.read((tx) => tx.jobs.get({ dedupe: `opening:forget:${lot.tenderId}` }));
  await world.app.jobs['opening:forget']?.(job.payload, world.clock.now());
  await world.app.jobs['opening:forget']?.(job.payload, world.clock.now());
  for (const { message } of bids) t.is(await world.app.ports.registers.get(message.body.opaqueId), undefined);
  const text = JSON.stringify(failed.course);
  for (const { message, person } of bids) {
    t.false(text.includes(message.messageHash));
    t.false(text.includes(person.organization.id));
  }
});

test.serial(
  'a bid that breaks costs its owner alone: lost objects, a foreign signature, a malformed price',
  async (t) => {
    const lot = await publishLot(world, agency, { coefficient: null, ceiling: null });
    const [a, b, c, d] = bidders;
    const stranger = { ...a, signer: d.signer };
    const good = [await submitBid(world, lot, a), await submitBid(world, lot, b), await submitBid(world, lot, c)];
    await submitBid(world, lot, d, { without: ['technical'] });
    const forged = await submitBid(world, lot, stranger, { signedBy: b });
    const broken = await addPerson(world, 'bidder', { name: '戊公司', uscc: uscc(5) });
    const odd = await submitBid(world, lot, broken, { price: { total: '12.5' } });
    const halfLost = await addPerson(world, 'bidder', { name: '己公司', uscc: uscc(6) });
    const gone = await submitBid(world, lot, halfLost);
    await openRegister(lot);
    const minuted = await world.db.read((tx) => tx.logEntries.get({ dedupe: `owners-published:${lot.tenderId}` }));
    const { refused: atRegister } = JSON.parse(minuted.body ?? '{}') as {
      refused: { messageHash: string; code: string; party: string }[];
    };
    t.deepEqual(atRegister, [{ messageHash: forged.message.messageHash, code: 'E_OWNER_COMMIT', party: 'bidder' }]);
    await world.app.hall.startDecryption(...asAgency(lot));
    await world.app.driver.advance(lot.tenderId);
    const byName = async (name: string) => (await hallFor(lot)).bids.find(({ bidder }) => bidder === name);
    t.deepEqual([(await byName('丁公司'))?.state, (await byName('丁公司'))?.fault?.code], ['refused', 'E_OBJECT']);
    for (const bid of [...good, odd, gone]) await give(lot, bid);
    const price = gone.objects.find(({ stage }) => stage === 'price');
    await world.app.ports.objects.remove(price?.id ?? '');
    t.is(await stateOf(lot), 'decrypting');
    await world.app.driver.advance(lot.tenderId);
    t.is(await stateOf(lot), 'halves-complete', 'every half is in: the refused bid is not waited for');
    await lot.release('technical', [0, 1]);
    await lot.release('price', [1, 2]);
    await world.app.driver.advance(lot.tenderId);
    t.is(await stateOf(lot), 'confirming');
    t.deepEqual(
      [(await byName('戊公司'))?.state, (await byName('戊公司'))?.fault?.code, (await byName('戊公司'))?.fault?.party],
      ['refused', 'E_PRICE_FORMAT', 'bidder'],
    );
    t.deepEqual(
      [(await byName('己公司'))?.state, (await byName('己公司'))?.fault?.code, (await byName('己公司'))?.fault?.party],
      ['refused', 'E_OBJECT', 'undetermined'],
    );
    t.deepEqual((await world.db.read((tx) => openedBidsOf(tx, lot.tenderId))).map(({ name }) => name).sort(), [
      '丙公司',
      '乙公司',
      '甲公司',
    ]);
  },
);

test.serial('group mode opens without halves, and nobody is asked for one', async (t) => {
  const lot = await publishLot(world, agency, { openingMode: 'group', coefficient: null });
  for (const person of bidders.slice(0, 3)) await submitBid(world, lot, person);
  await openRegister(lot);
  await world.app.hall.startDecryption(...asAgency(lot));
  await world.app.driver.advance(lot.tenderId);
  t.is(await stateOf(lot), 'halves-complete');
  t.is((await hallFor(lot, bidders[0])).bids.find(({ mine }) => mine)?.unwrap, undefined);
  await lot.release('technical', [0, 1]);
  await lot.release('price', [0, 1]);
  await world.app.driver.advance(lot.tenderId);
  t.is((await world.db.read((tx) => openedBidsOf(tx, lot.tenderId))).length, 3);
});
