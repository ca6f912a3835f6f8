import { setTimeout as sleep } from 'node:timers/promises';
import { DomainError } from '@qej/kernel';
import test from 'ava';
import { closeCodes } from '../signalling/events.ts';
import { encodeMessage } from '../signalling/messages.ts';
import { signallingVersion } from '../signalling/requests.ts';
import type { DeviceLike, SocketLike, TransportLike } from './ports.ts';
import { RoomClient } from './room-client.ts';

const never = <T>(): Promise<T> => new Promise(() => undefined);

/** A browser's transport as it is once its peer connection is closed: what was begun on it never ends. */
const hangingTransport = (id: string): TransportLike => ({
  id,
  closed: false,
  on: () => undefined,
  produce: never,
  consume: never,
  restartIce: never,
  close: () => undefined,
});

const hangingDevice = (): DeviceLike => ({
  recvRtpCapabilities: {},
  load: async () => undefined,
  createSendTransport: ({ id }) => hangingTransport(id),
  createRecvTransport: ({ id }) => hangingTransport(id),
});

const answers: Readonly<Record<string, object>> = {
  join: {
    participants: [],
    hands: [],
    floor: null,
    floorPolicy: 'open',
    recording: { policy: false, active: 0, lost: 0 },
  },
  createTransport: { transportId: 't1', iceParameters: {}, iceCandidates: [], dtlsParameters: {} },
};

type Listeners = Record<string, (event: { readonly code: number; readonly data: string }) => void>;

/** The far end of one socket: greets, answers, keeps what it was asked, and can be cut. */
class FarEnd {
  readonly asked: string[] = [];
  readonly socket: SocketLike;
  readonly #listeners: Listeners = {};

  constructor() {
    this.socket = {
      // The interface has one signature an event; this object answers to all of them.
      addEventListener: (type: string, listener: unknown) => {
        this.#listeners[type] = listener as Listeners[string];
      },
      send: (text) => this.#answer(JSON.parse(text) as { readonly id: string; readonly kind: string }),
      close: () => undefined,
    };
    setTimeout(() => {
      this.#emit('open');
      this.#say('hello', {
        version: signallingVersion,
        you: { id: '1', displayName: '专家1', seat: '1', role: 'expert' },
        routerRtpCapabilities: {},
      });
    }, 1);
  }

  offer(): void {
    const body = { consumerId: 'c1', producerId: 'p1', participantId: '2', source: 'camera', rtpParameters: {} };
    this.#say('newConsumer', { ...body, muted: false });
  }

  cut(code = 1006): void {
    this.#emit('close', { code });
  }

  #answer({ id, kind }: { readonly id: string; readonly kind: string }): void {
    this.asked.push(kind);
    this.#emit('message', { data: JSON.stringify({ type: 'response', id, ok: true, body: answers[kind] ?? {} }) });
  }

  #say(kind: string, body: object): void {
    // Any event: the test names them as the server would.
    this.#emit('message', { data: encodeMessage({ type: 'event', kind, body } as never) });
  }

  #emit(type: string, event: { readonly code?: number; readonly data?: string } = {}): void {
    this.#listeners[type]?.({ code: 0, data: '', ...event });
  }
}

async function enterRoom(): Promise<{ readonly client: RoomClient; readonly ends: FarEnd[] }> {
  const ends: FarEnd[] = [];
  const openSocket = (): SocketLike => {
    const end = new FarEnd();
    ends.push(end);
    return end.socket;
  };
  const client = new RoomClient({ openSocket, createDevice: async () => hangingDevice() });
  await client.join();
  return { client, ends };
}

/** The client comes back on a new socket. */
async function isBack(client: RoomClient, ends: FarEnd[], sockets: number): Promise<boolean> {
  for (let tries = 0; tries < 200; tries++) {
    if (ends.length === sockets && client.state.connection === 'joined') return true;
    await sleep(20);
  }
  return false;
}

// Sent to the stand-in only, which never looks into it.
const track = { readyState: 'live' } as MediaStreamTrack;

test('A socket lost while a track is being received does not keep anybody out', async (t) => {
  const { client, ends } = await enterRoom();
  ends[0]?.offer();
  await sleep(5);
  ends[0]?.cut();
  t.true(await isBack(client, ends, 2));
  await client.leave();
});

test('What was being sent when the socket was lost, even twice, is sent again', async (t) => {
  const { client, ends } = await enterRoom();
  const published = client.publish(track, 'mic');
  await sleep(5);
  ends[0]?.cut();
  await published;
  t.true(await isBack(client, ends, 2));
  await sleep(5);
  ends[1]?.cut();
  t.true(await isBack(client, ends, 3));
  await sleep(5);
  // One transport to receive, one to send.
  t.is(ends[2]?.asked.filter((kind) => kind === 'createTransport').length, 2);
  await client.leave();
});

test('Sending into a room that closes for good is refused, for no later greeting will send it', async (t) => {
  const { client, ends } = await enterRoom();
  const published = client.publish(track, 'mic');
  await sleep(5);
  ends[0]?.cut(closeCodes.roomClosed);
  await t.throwsAsync(published, { instanceOf: DomainError, code: 'E_ROOM_MEDIA_UNAVAILABLE' });
});

test('A track that was being received when the socket was lost is nobody’s problem', async (t) => {
  const { client, ends } = await enterRoom();
  const problems: Error[] = [];
  client.on('problem', ({ error }) => problems.push(error));
  ends[0]?.offer();
  await sleep(5);
  ends[0]?.cut();
  t.true(await isBack(client, ends, 2));
  t.deepEqual(problems, []);
  await client.leave();
});
