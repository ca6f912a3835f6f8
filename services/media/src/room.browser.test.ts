import test from 'ava';
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ClientState, RecordedSegment } from '@qej/rooms';
import type { Browser } from 'playwright-core';
import { bundleClientPage, launchBrowser, openPerson, until, type Person } from './testing/browser.ts';
import { openTestRoom, ROOM_ID, type TestRoom } from './testing/test-room.ts';

const run = promisify(execFile);
const FRAMES = 50;
let browser: Browser;
let script: string;

test.before(async () => {
  [script, browser] = await Promise.all([bundleClientPage(), launchBrowser()]);
});
test.after.always(() => browser?.close());

const stateOf = async (person: Person): Promise<ClientState> => (await person.room.state()) as ClientState;

async function enter(room: TestRoom, ids: readonly string[]): Promise<Person[]> {
  const people = await Promise.all(ids.map((id) => openPerson(browser, room.origin, id)));
  for (const person of people) {
    await person.room.join(room.socketUrl(person.id));
    await person.room.publish('mic', 'camera');
  }
  return people;
}

/** Each sees at least so many frames of each other more than now, and hears each other. */
async function everybodySeesAndHears(people: readonly Person[], frames = FRAMES): Promise<void> {
  for (const person of people) {
    const before = await person.room.inbound();
    for (const other of people.filter(({ id }) => id !== person.id)) {
      const [camera, mic] = [`${other.id}/camera`, `${other.id}/mic`];
      await until(
        `${person.id} receives ${other.id}`,
        () => person.room.inbound(),
        (now) => (now[camera]?.frames ?? 0) - (before[camera]?.frames ?? 0) >= frames && (now[mic]?.energy ?? 0) > (before[mic]?.energy ?? 0),
      );
    }
  }
}

async function probe(room: TestRoom, segment: RecordedSegment): Promise<{ codec: string; seconds: number }> {
  const file = join(room.recordingDir, segment.file);
  const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name:format=duration', '-of', 'json', file]);
  const { streams, format } = JSON.parse(stdout) as { streams: { codec_name: string }[]; format: { duration?: string } };
  return { codec: streams.map(({ codec_name }) => codec_name).join(), seconds: Number(format.duration) };
}

test.serial('Three people see and hear each other, and every source is recorded with the hash of its file', async (t) => {
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
    t.log(segment.participantId, segment.source, codec, seconds, segment.bytes, (segment.endedAt - segment.startedAt) / 1000);
    t.is(codec, segment.source === 'mic' ? 'opus' : 'vp8');
    t.true(seconds > 2);
    t.true(Math.abs(seconds - (segment.endedAt - segment.startedAt) / 1000) < 1.5);
    t.is(createHash('sha256').update(await readFile(join(room.recordingDir, segment.file))).digest('hex'), segment.sha256);
  }
  await until('told', () => stateOf(people[0]!), ({ connection, closedBecause }) => connection === 'closed' && closedBecause === 'roomClosed');
});
