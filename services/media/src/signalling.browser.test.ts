/** Runs with the browser tests because it needs the media worker, not because it needs a browser. */
import test from 'ava';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mkdtemp } from 'node:fs/promises';
import { systemClock } from '@qej/kernel';
import {
  closeCodes,
  parseServerMessage,
  type RecordedSegment,
  type ResponseMessage,
  type ServerMessage,
} from '@qej/rooms';
import { WebSocket } from 'ws';
import { createMediaService } from './media-service.ts';
import { openTestRoom, ROOM_ID, type TestRoom } from './testing/test-room.ts';

interface Line {
  readonly socket: WebSocket;
  readonly received: ServerMessage[];
  ask(kind: string, body: unknown, id?: string): Promise<ResponseMessage>;
}

async function openLine(room: TestRoom, id: string, role: 'expert' | 'supervisor' | 'chair' = 'expert'): Promise<Line> {
  const socket = new WebSocket(room.socketUrl(id, role));
  const received: ServerMessage[] = [];
  const waiting: ((message: ServerMessage) => void)[] = [];
  socket.on('message', (frame: Buffer) => {
    const message = parseServerMessage(frame.toString('utf8'));
    received.push(message);
    for (const take of waiting) take(message);
  });
  const hello = new Promise<ServerMessage>((resolve) => waiting.push(resolve));
  await hello;
  let count = 0;
  const ask = (kind: string, body: unknown, requestId = `r${count++}`): Promise<ResponseMessage> => {
    const answer = new Promise<ResponseMessage>((resolve) =>
      waiting.push((message) => message.type === 'response' && message.id === requestId && resolve(message)),
    );
    socket.send(JSON.stringify({ type: 'request', id: requestId, kind, body }));
    return answer;
  };
  return { socket, received, ask };
}

const codeOf = (answer: ResponseMessage): string => (answer.ok ? 'ok' : answer.error.code);
const enter = (line: Line): Promise<ResponseMessage> =>
  line.ask('join', { version: 1, rtpCapabilities: { codecs: [], headerExtensions: [] } });

test('Refusals name their reason and leave the connection open', async (t) => {
  const room = await openTestRoom('', { record: false });
  t.teardown(room.close);
  const line = await openLine(room, '1');
  t.is(codeOf(await line.ask('raiseHand', {})), 'E_ROOM_PHASE');
  t.is(codeOf(await line.ask('join', { version: 2, rtpCapabilities: {} })), 'E_ROOM_VERSION');
  t.is(codeOf(await enter(line)), 'ok');
  t.is(codeOf(await line.ask('grantFloor', { participantId: '1' })), 'E_ROOM_FORBIDDEN');
  t.is(codeOf(await line.ask('dance', {})), 'E_ROOM_MESSAGE');
  t.is(codeOf(await line.ask('raiseHand', { loud: true })), 'E_ROOM_MESSAGE');
  t.is(codeOf(await line.ask('resumeConsumer', { consumerId: 'of-somebody-else' })), 'E_ROOM_SOURCE');
  t.is(
    codeOf(await line.ask('produce', { transportId: 'none', source: 'mic', rtpParameters: {}, muted: false })),
    'E_ROOM_MEDIA_PARAMETERS',
  );
  const opened = await line.ask('createTransport', { direction: 'send' });
  const { transportId } = (opened.ok ? opened.body : {}) as { transportId: string };
  t.is(
    codeOf(await line.ask('produce', { transportId, source: 'mic', rtpParameters: { codecs: 'none' }, muted: false })),
    'E_ROOM_MEDIA_PARAMETERS',
  );
  t.deepEqual(room.media.stateOf(ROOM_ID).participants[0]?.sources, {});
  t.is(codeOf(await line.ask('raiseHand', {})), 'ok');
});

test('A supervisor may neither speak nor raise a hand', async (t) => {
  const room = await openTestRoom('', { record: false });
  t.teardown(room.close);
  const line = await openLine(room, 's', 'supervisor');
  await enter(line);
  for (const [kind, body] of [
    ['produce', { transportId: 'x', source: 'mic', rtpParameters: {}, muted: false }],
    ['raiseHand', {}],
    ['muteParticipant', { participantId: 's', source: 'mic' }],
  ] as const) {
    t.is(codeOf(await line.ask(kind, body)), 'E_ROOM_FORBIDDEN');
  }
});

test('A request that is sent twice is carried out once and answered twice', async (t) => {
  const room = await openTestRoom('', { record: false });
  t.teardown(room.close);
  const line = await openLine(room, '1');
  await enter(line);
  const first = await line.ask('createTransport', { direction: 'send' }, 'same');
  const second = await line.ask('createTransport', { direction: 'send' }, 'same');
  t.deepEqual(second, first);
  t.is(line.received.filter((message) => message.type === 'response' && message.id === 'same').length, 2);
});

test('Frames that are not messages, and too many of them, end the connection', async (t) => {
  const room = await openTestRoom('', { record: false });
  t.teardown(room.close);
  for (const frame of [
    '{',
    Buffer.from([0, 1]),
    JSON.stringify({ type: 'request', kind: 'join' }),
    'x'.repeat(70_000),
  ]) {
    const { socket } = await openLine(room, '1');
    socket.send(frame);
    const [code] = (await once(socket, 'close')) as [number];
    t.is(code, closeCodes.badMessage);
  }
  const { socket } = await openLine(room, '2');
  for (let n = 0; n < 400; n++)
    socket.send(JSON.stringify({ type: 'request', id: `r${n}`, kind: 'raiseHand', body: {} }));
  const [code] = (await once(socket, 'close')) as [number];
  t.is(code, closeCodes.tooManyMessages);
});

test('A room that is closed takes nobody in', async (t) => {
  const room = await openTestRoom('', { record: false });
  t.teardown(room.close);
  const line = await openLine(room, '1');
  const gone = once(line.socket, 'close');
  await Promise.all([room.media.closeRoom(ROOM_ID, 'done'), room.media.closeRoom(ROOM_ID, 'done')]);
  const [code] = (await gone) as [number];
  t.is(code, closeCodes.roomClosed);
  t.throws(() => room.media.stateOf(ROOM_ID), { code: 'E_ROOM_CLOSED' });
});

test('What a killed platform left unfinished is hashed and reported when the room opens again', async (t) => {
  const recordingDir = await mkdtemp(join(tmpdir(), 'rooms-'));
  await mkdir(join(recordingDir, ROOM_ID));
  await writeFile(join(recordingDir, ROOM_ID, '7.mic.3.1795000000000.webm.part'), 'abc');
  await writeFile(join(recordingDir, ROOM_ID, '7.camera.1.1795000000000.webm.part'), '');
  const segments: RecordedSegment[] = [];
  const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const media = await createMediaService({
    clock: systemClock,
    log: silent,
    hooks: { onRecordingFinished: (segment) => void segments.push(segment), onLook: () => undefined },
    listenIp: '127.0.0.1',
    recordingDir,
    workers: 1,
  });
  t.teardown(() => media.close());
  await media.openRoom(ROOM_ID);
  t.is(segments.length, 1);
  const { endedAt, ...segment } = segments[0]!;
  t.true(endedAt > 0);
  // SHA-256 of "abc": FIPS 180-2 appendix B.1.
  t.like(segment, {
    participantId: '7',
    source: 'mic',
    segment: 3,
    startedAt: 1_795_000_000_000,
    end: 'interrupted',
    bytes: 3,
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  });
  t.deepEqual(await readdir(join(recordingDir, ROOM_ID)), ['7.mic.3.1795000000000.webm']);
});
