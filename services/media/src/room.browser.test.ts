import test from 'ava';
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { RecordedSegment } from '@qej/rooms';
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

const run = promisify(execFile);
let browser: Browser;
let script: string;

test.before(async () => {
  [script, browser] = await Promise.all([bundleClientPage(), launchBrowser()]);
});
test.afterEach.always(() => closePages(browser));
test.after.always(() => browser?.close());

async function enter(room: TestRoom, ids: readonly string[]): Promise<Person[]> {
  const people = await Promise.all(ids.map((id) => openPerson(browser, room.origin, id)));
  for (const person of people) {
    await person.room.join(room.socketUrl(person.id));
    await person.room.publish('mic', 'camera');
  }
  return people;
}

async function probe(room: TestRoom, segment: RecordedSegment): Promise<{ codec: string; seconds: number }> {
  const file = join(room.recordingDir, segment.file);
  const { stdout } = await run('ffprobe', [
    '-v',
    'error',
    '-show_entries',
    'stream=codec_name:format=duration',
    '-of',
    'json',
    file,
  ]);
  const { streams, format } = JSON.parse(stdout) as {
    streams: { codec_name: string }[];
    format: { duration?: string };
  };
  return { codec: streams.map(({ codec_name }) => codec_name).join(), seconds: Number(format.duration) };
}

test.serial(
  'Three people see and hear each other, and every source is recorded with the hash of its file',
  async (t) => {
    const room = await openTestRoom(script);
    t.teardown(room.close);
    const people = await enter(room, ['1', '2', '3']);
    await everybodySeesAndHears(people);
    t.log('inbound of 1', JSON.stringify(await people[0]!.room.inbound()), 'cipher', await people[0]!.room.cipher());
    t.deepEqual(await people[0]!.room.problems(), []);
    await room.media.closeRoom(ROOM_ID, 'done');
    t.is(room.segments.length, 6);
    for (const segment of room.segments) {
      const { codec, seconds } = await probe(room, segment);
      t.log(
        segment.participantId,
        segment.source,
        codec,
        seconds,
        segment.bytes,
        (segment.endedAt - segment.startedAt) / 1000,
      );
      t.is(codec, segment.source === 'mic' ? 'opus' : 'vp8');
      t.true(seconds > 2);
      t.true(Math.abs(seconds - (segment.endedAt - segment.startedAt) / 1000) < 1.5);
      t.is(
        createHash('sha256')
          .update(await readFile(join(room.recordingDir, segment.file)))
          .digest('hex'),
        segment.sha256,
      );
    }
    await until(
      'told',
      () => stateOf(people[0]!),
      ({ connection, closedBecause }) => connection === 'closed' && closedBecause === 'roomClosed',
    );
  },
);

/** How much sound energy of a source arrives at somebody within a time. */
async function energyWithin(person: Person, source: string, milliseconds: number): Promise<number> {
  const before = (await person.room.inbound())[source]!.energy;
  await person.page.waitForTimeout(milliseconds);
  return (await person.room.inbound())[source]!.energy - before;
}

test.serial(
  'A muted microphone is heard by nobody, the chair mutes others, and only the owner speaks again',
  async (t) => {
    const room = await openTestRoom(script, { record: false });
    t.teardown(room.close);
    const [one, two] = (await enter(room, ['1', '2'])) as [Person, Person];
    await until(
      '2 speaks',
      () => one.room.heardFrom(),
      (ids) => ids.includes('2'),
    );
    await two.room.setMuted('mic', true);
    t.false(await two.room.ownTrackEnabled('mic'));
    await until(
      '1 sees it',
      () => stateOf(one),
      ({ participants }) =>
        participants.some(
          ({ id, sources }) => id === '2' && sources.some(({ source, state }) => source === 'mic' && state === 'muted'),
        ),
    );
    // What the jitter buffer held when it was muted is played to the end first; the microphone itself beeps every second.
    await until(
      'nothing is heard of 2 for 1.5 s',
      () => energyWithin(one, '2/mic', 1_500),
      (energy) => energy < 0.01,
    );
    await one.room.forgetSpeakers();
    t.true((await energyWithin(one, '2/mic', 1_500)) < 0.01);
    t.deepEqual(
      (await one.room.heardFrom()).filter((id) => id === '2'),
      [],
    );
    await two.room.setMuted('mic', false);
    await until(
      '2 speaks again',
      () => one.room.heardFrom(),
      (ids) => ids.includes('2'),
    );

    room.media.changeRole(ROOM_ID, '1', 'chair');
    await until(
      '1 is chair',
      () => stateOf(one),
      ({ you }) => you?.role === 'chair',
    );
    await one.room.muteParticipant('2', 'mic');
    await until(
      '2 is muted on its own side too',
      () => two.room.ownTrackEnabled('mic'),
      (enabled) => enabled === false,
    );
    await two.room.raiseHand();
    await until(
      'the hand is seen',
      () => stateOf(one),
      ({ hands }) => hands.includes('2'),
    );
  },
);

test.serial('Who comes late receives all that is being sent; only one screen is shared at a time', async (t) => {
  const room = await openTestRoom(script);
  t.teardown(room.close);
  const [one] = (await enter(room, ['1'])) as [Person];
  await one.room.publish('screen');
  const [two] = (await enter(room, ['2'])) as [Person];
  await until(
    '2 sees the screen of 1',
    () => two.room.inbound(),
    (inbound) => (inbound['1/screen']?.frames ?? 0) >= 20,
  );
  await everybodySeesAndHears([one, two]);
  t.regex(await two.room.refusalOf('screen'), /^E_ROOM_SCREEN_TAKEN/);
  await one.room.unpublish('screen');
  await until(
    'the screen ends at 2',
    () => two.room.inbound(),
    (inbound) => inbound['1/screen'] === undefined,
  );
  t.is(await two.room.refusalOf('screen'), 'accepted');
  await until(
    'the screen is recorded',
    () => room.segments,
    (segments) =>
      segments.some(
        ({ participantId, source, end }) => participantId === '1' && source === 'screen' && end === 'stopped',
      ),
  );
});

test.serial('A supervisor sees and hears, is not seen, may not send, and each look is reported', async (t) => {
  const room = await openTestRoom(script, { record: false });
  t.teardown(room.close);
  const [one] = (await enter(room, ['1'])) as [Person];
  const supervisor = await openPerson(browser, room.origin, 's');
  await supervisor.room.join(room.socketUrl('s', 'supervisor'));
  await until(
    'the supervisor sees and hears',
    () => supervisor.room.inbound(),
    (inbound) => (inbound['1/camera']?.frames ?? 0) >= 20 && (inbound['1/mic']?.energy ?? 0) > 0,
  );
  t.regex(await supervisor.room.refusalOf('mic'), /^E_ROOM_FORBIDDEN/);
  t.deepEqual(
    (await stateOf(one)).participants.map(({ id }) => id),
    ['1'],
  );
  t.is(room.looks.length, 1);
  await supervisor.page.close();
  await until(
    'the look ends',
    () => room.looks,
    (looks) => looks.length === 2,
  );
  const [begun, ended] = room.looks;
  t.is(begun!.endedAt, undefined);
  t.is(ended!.startedAt, begun!.startedAt);
  t.true(ended!.endedAt! > begun!.startedAt);
});

test.serial('A second connection of the same person replaces the first', async (t) => {
  const room = await openTestRoom(script, { record: false });
  t.teardown(room.close);
  const [one, two] = (await enter(room, ['1', '2'])) as [Person, Person];
  const [again] = (await enter(room, ['1'])) as [Person];
  await until(
    'the first is told',
    () => stateOf(one),
    ({ closedBecause }) => closedBecause === 'replaced',
  );
  await everybodySeesAndHears([again, two], 20);
  t.is((await stateOf(two)).participants.length, 2);
});
