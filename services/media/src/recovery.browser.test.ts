import test from 'ava';
import type { Browser } from 'playwright-core';
import {
  bundleClientPage,
  closePages,
  everybodySeesAndHears,
  launchBrowser,
  openPerson,
  stateOf,
  until,
  type Person,
} from './testing/browser.ts';
import { openTestRoom, ROOM_ID, type TestRoom } from './testing/test-room.ts';

let browser: Browser;
let script: string;

test.before(async () => {
  [script, browser] = await Promise.all([bundleClientPage(), launchBrowser()]);
});
test.afterEach.always(() => closePages(browser));
test.after.always(() => browser?.close());

async function enterTwo(room: TestRoom): Promise<[Person, Person]> {
  const [one, two] = [await openPerson(browser, room.origin, '1'), await openPerson(browser, room.origin, '2')];
  for (const person of [one, two]) {
    await person.room.join(room.socketUrl(person.id));
    await person.room.publish('mic', 'camera');
  }
  return [one, two];
}

const recorderPid = (room: TestRoom, participantId: string, source: string): number | undefined =>
  room.media
    .inspect()
    .rooms[0]?.recorders.find((each) => each.participantId === participantId && each.source === source)?.pid;

const allRecorded = (people: readonly Person[], active: number): Promise<unknown> =>
  until(
    'everything is recorded',
    () => stateOf(people[0]!),
    ({ recording }) => recording.active === active && recording.lost === 0,
  );

test.serial(
  'A killed media worker is replaced; everybody comes back alone and the recording goes on in new segments',
  async (t) => {
    const room = await openTestRoom(script);
    t.teardown(room.close);
    const people = await enterTwo(room);
    await everybodySeesAndHears(people, 20);
    await allRecorded(people, 4);
    const [pid] = room.media.inspect().workerPids;
    const killedAt = performance.now();
    process.kill(pid!, 'SIGKILL');
    await until(
      'the worker is gone',
      () => room.media.inspect().workerPids,
      (pids) => !pids.includes(pid!),
    );
    await until(
      'everybody is back',
      () => Promise.all(people.map(stateOf)),
      (states) => states.every(({ connection }) => connection === 'joined'),
    );
    await everybodySeesAndHears(people, 1);
    const seconds = (performance.now() - killedAt) / 1000;
    t.log(`media again after ${seconds.toFixed(1)} s`);
    t.true(seconds < 10);
    await allRecorded(people, 4);
    await until(
      'all gaps are reported',
      () => room.gaps,
      (gaps) => gaps.length === 4,
    );
    t.log('gaps in s', room.gaps.map(({ from, to }) => (to - from) / 1000).join(' '));
    await room.media.closeRoom(ROOM_ID, 'done');
    t.is(room.segments.filter(({ end }) => end === 'interrupted').length, 4);
    t.is(room.segments.filter(({ end, segment }) => end === 'stopped' && segment === 2).length, 4);
  },
);

test.serial('A killed recorder is replaced by a new segment, and the gap is reported', async (t) => {
  const room = await openTestRoom(script);
  t.teardown(room.close);
  const people = await enterTwo(room);
  await allRecorded(people, 4);
  await people[0].page.waitForTimeout(2_500);
  process.kill(recorderPid(room, '1', 'camera')!, 'SIGKILL');
  await until(
    'the gap is reported',
    () => room.gaps,
    (gaps) => gaps.length === 1,
  );
  const [gap] = room.gaps;
  t.is(`${gap!.participantId}/${gap!.source}`, '1/camera');
  t.log(`gap ${(gap!.to - gap!.from) / 1000} s`);
  await people[0].page.waitForTimeout(1_000);
  await room.media.closeRoom(ROOM_ID, 'done');
  const segments = room.segments
    .filter(({ participantId, source }) => participantId === '1' && source === 'camera')
    .map(({ segment, end }) => `${segment} ${end}`);
  t.deepEqual(segments.toSorted(), ['1 interrupted', '2 stopped']);
});

test.serial('After a lost network everybody comes back by itself and sends again', async (t) => {
  const room = await openTestRoom(script, { record: false });
  t.teardown(room.close);
  const people = await enterTwo(room);
  room.cutSockets();
  await until(
    'the loss is noticed',
    () => people[0].room.connections(),
    (connections) => connections.some(({ connection }) => connection === 'reconnecting'),
  );
  await until(
    'everybody is back',
    () => Promise.all(people.map(stateOf)),
    (states) => states.every(({ connection }) => connection === 'joined'),
  );
  await everybodySeesAndHears(people, 20);
  t.is(room.media.stateOf(ROOM_ID).participants.filter(({ presence }) => presence === 'here').length, 2);
});

test.serial('A room closes child first as well: with recorders, people and the worker gone before', async (t) => {
  const room = await openTestRoom(script);
  t.teardown(room.close);
  const people = await enterTwo(room);
  await allRecorded(people, 4);
  for (const { pid } of room.media.inspect().rooms[0]!.recorders) process.kill(pid!, 'SIGKILL');
  await people[1].page.close();
  room.cutSockets();
  for (const pid of room.media.inspect().workerPids) process.kill(pid, 'SIGKILL');
  await Promise.all([room.media.closeRoom(ROOM_ID, 'done'), room.media.close()]);
  await room.media.close();
  t.false(room.media.isOpen(ROOM_ID));
  t.deepEqual(room.media.inspect(), { workerPids: [], rooms: [] });
});
