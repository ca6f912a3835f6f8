/** What the test's page runs: the real RoomClient with the real mediasoup-client, driven by `page.evaluate`. */
import { RoomClient, type DeviceLike, type MediaSource, type ReceivedTrack } from '@qej/rooms';
import { Device } from 'mediasoup-client';

const received = new Map<string, ReceivedTrack & { readonly element: HTMLMediaElement }>();
const problems: string[] = [];
const connections: { readonly connection: string; readonly atMs: number }[] = [];
const own = new Map<MediaSource, MediaStreamTrack>();
const heardFrom = new Set<string>();
let client: RoomClient | undefined;

function getClient(): RoomClient {
  if (client === undefined) throw new Error('join first');
  return client;
}

function play(given: ReceivedTrack): void {
  const element = document.createElement(given.track.kind === 'audio' ? 'audio' : 'video');
  element.autoplay = true;
  element.srcObject = new MediaStream([given.track]);
  document.body.append(element);
  void element.play();
  received.set(`${given.participantId}/${given.source}`, { ...given, element });
}

async function capture(source: MediaSource): Promise<MediaStreamTrack> {
  if (source === 'screen') return screenTrack();
  const constraints = source === 'mic' ? { audio: true } : { video: { width: 320, height: 240, frameRate: 15 } };
  const [track] = (await navigator.mediaDevices.getUserMedia(constraints)).getTracks();
  if (track === undefined) throw new Error('no track');
  return track;
}

/** A canvas that changes: headless Chromium has no screen to share. */
function screenTrack(): MediaStreamTrack {
  const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 });
  const context = canvas.getContext('2d');
  let frame = 0;
  setInterval(() => {
    if (context === null) return;
    context.fillStyle = `hsl(${frame++ % 360} 80% 50%)`;
    context.fillRect(0, 0, canvas.width, canvas.height);
  }, 100);
  const [track] = canvas.captureStream(10).getTracks();
  if (track === undefined) throw new Error('no track');
  return track;
}

const inbound = async (): Promise<Record<string, { readonly frames: number; readonly energy: number }>> => {
  const result: Record<string, { frames: number; energy: number }> = {};
  for (const connection of peerConnections) {
    for (const report of (await connection.getStats()).values()) {
      const stat = report as {
        type: string;
        trackIdentifier: string;
        framesDecoded?: number;
        totalAudioEnergy?: number;
      };
      if (stat.type !== 'inbound-rtp') continue;
      const key = [...received].find(([, { track }]) => track.id === stat.trackIdentifier)?.[0];
      if (key !== undefined) result[key] = { frames: stat.framesDecoded ?? 0, energy: stat.totalAudioEnergy ?? 0 };
    }
  }
  return result;
};

/** Every RTCPeerConnection of the page, to read its statistics. */
const peerConnections = new Set<RTCPeerConnection>();
const Native = RTCPeerConnection;
Object.defineProperty(globalThis, 'RTCPeerConnection', {
  value: class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      peerConnections.add(this);
    }
  },
});

const cipher = async (): Promise<string | undefined> => {
  for (const connection of peerConnections) {
    for (const report of (await connection.getStats()).values()) {
      const stat = report as { type: string; srtpCipher?: string };
      if (stat.type === 'transport' && stat.srtpCipher !== undefined) return stat.srtpCipher;
    }
  }
  return undefined;
};

const pageApi = {
  async join(url: string): Promise<void> {
    // The real Device fits the port without an adapter.
    const createDevice = (): Promise<DeviceLike> => Device.factory();
    client = new RoomClient({ openSocket: () => new WebSocket(url), createDevice });
    client.on('track', play);
    client.on('trackEnded', ({ participantId, source }) => {
      received.get(`${participantId}/${source}`)?.element.remove();
      received.delete(`${participantId}/${source}`);
    });
    client.on('problem', ({ error }) => problems.push(error.message));
    client.on('state', (state) => {
      if (connections.at(-1)?.connection !== state.connection)
        connections.push({ connection: state.connection, atMs: performance.now() });
      for (const { participantId } of state.speakers) heardFrom.add(participantId);
    });
    await client.join();
  },
  async publish(...sources: MediaSource[]): Promise<void> {
    for (const source of sources) {
      const track = await capture(source);
      own.set(source, track);
      await getClient().publish(track, source);
    }
  },
  unpublish: (source: MediaSource): Promise<void> => getClient().unpublish(source),
  setMuted: (source: MediaSource, muted: boolean): Promise<void> => getClient().setMuted(source, muted),
  muteParticipant: (id: string, source: MediaSource): Promise<void> => getClient().muteParticipant(id, source),
  raiseHand: (): Promise<void> => getClient().raiseHand(),
  leave: (): Promise<void> => getClient().leave(),
  state: (): unknown => getClient().state,
  heardFrom: (): readonly string[] => [...heardFrom],
  forgetSpeakers: (): void => heardFrom.clear(),
  ownTrackEnabled: (source: MediaSource): boolean | undefined => own.get(source)?.enabled,
  connections: () => connections,
  problems: (): readonly string[] => problems,
  refusalOf: async (source: MediaSource): Promise<string> =>
    getClient()
      .publish(await capture(source), source)
      .then(
        () => 'accepted',
        (error: Error) => error.message,
      ),
  inbound,
  cipher,
};

export type PageApi = typeof pageApi;
Object.assign(globalThis, { room: pageApi });
