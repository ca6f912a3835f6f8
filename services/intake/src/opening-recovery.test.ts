import test from 'ava';
import { instant } from '@qej/kernel';
import { openedBidsOf, openingOf } from '@qej/usecases';
import { sealBid, sendSeal, submitBid, upload } from './testing/bids.ts';
import type { SealedBidInHand } from './testing/bids.ts';
import { publishLot } from './testing/lot.ts';
import { agency, bidders, record, stateOf, walk, world } from './testing/scene.ts';

test.after.always(() => world.close());

test.serial('a process killed at any write boundary of the opening goes on to the same end', async (t) => {
  t.timeout(300_000);
  const mine = (labels: readonly string[]): string[] => [
    ...new Set(labels.filter((label) => label.startsWith('tx:opening:') || label === 'blob:after-rename')),
  ];
  const prepare = async () => {
    const lot = await publishLot(world, agency);
    const bids: SealedBidInHand[] = [];
    for (const person of bidders.slice(0, 3)) bids.push(await submitBid(world, lot, person));
    return { lot, bids };
  };
  const first = await prepare();
  world.faults.seen = [];
  await walk(first.lot, first.bids);
  const labels = mine(world.faults.seen);
  t.is(await stateOf(first.lot), 'confirming');
  t.true(labels.length >= 14, labels.join(' '));
  for (const label of labels) {
    const { lot, bids } = await prepare();
    world.faults.label = label;
    await t.throwsAsync(walk(lot, bids), { message: /killed at/ }, label);
    await world.restart();
    await walk(lot, bids);
    t.is(await stateOf(lot), 'confirming', label);
    t.is((await world.db.read((tx) => openedBidsOf(tx, lot.tenderId))).length, 3, label);
    const types = (await world.db.read((tx) => tx.logEntries.list({ tenderId: lot.tenderId }))).map(({ type }) => type);
    for (const once of [
      'closing',
      'owners-published',
      'decryption-started',
      'coefficient-drawn',
      'halves-complete',
      'prices-shown',
    ])
      t.is(types.filter((type) => type === once).length, 1, `${label}: ${once}`);
  }
});

test.serial('the clock alone closes a lot, not a millisecond early, and jobs repeat without harm', async (t) => {
  const lot = await publishLot(world, agency);
  for (const person of bidders.slice(0, 3)) await submitBid(world, lot, person);
  const run = async () => {
    for (const { run: look } of world.app.periodic) await look(world.clock.now());
  };
  world.clock.at = instant(lot.deadline);
  await run();
  t.is((await record(lot)).state, 'published');
  world.clock.at = instant(lot.deadline + 999);
  await run();
  t.is((await record(lot)).state, 'published', 'a cosignature of the deadline’s own second would prove nothing');
  world.clock.at = instant(lot.deadline + 1000);
  await run();
  t.is(await stateOf(lot), 'closing-fixed');
  await lot.release('register', [1, 2]);
  const job = world.app.jobs['opening:release'];
  await Promise.all([
    job?.({ tenderId: lot.tenderId }, world.clock.now()),
    job?.({ tenderId: lot.tenderId }, world.clock.now()),
  ]);
  await job?.({ tenderId: lot.tenderId }, world.clock.now());
  t.is(await stateOf(lot), 'list-published');
  t.is((await world.db.read((tx) => tx.bids.list({ tenderId: lot.tenderId }))).length, 3);
});

test.serial('a seal that is being answered when the deadline passes is in the closing set', async (t) => {
  const lot = await publishLot(world, agency);
  for (const person of bidders.slice(0, 2)) await submitBid(world, lot, person);
  const [, , c] = bidders;
  const last = await sealBid(lot, c);
  await upload(world, last);
  world.clock.at = instant(lot.deadline);
  const answering = sendSeal(world, last.messageBytes);
  world.clock.at = instant(lot.deadline + 1000);
  await world.app.driver.advance(lot.tenderId);
  await answering;
  const opening = openingOf(await record(lot));
  t.is('closing' in opening ? opening.closing.seals.length : 0, 3);
});
