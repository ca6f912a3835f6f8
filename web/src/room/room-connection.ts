import { initialClientState, RoomClient } from '@qej/rooms';
import type { ClientState, DeviceLike, MediaSource, ReceivedTrack } from '@qej/rooms';
import { ref, shallowRef } from 'vue';

type OwnTracks = Readonly<Partial<Record<MediaSource, MediaStreamTrack | undefined>>>;
/** Small pictures: nine people fit a slow line. */
const CAMERA: MediaTrackConstraints = { width: 320, height: 240, frameRate: 15 };
const ENCODINGS = [{ maxBitrate: 300_000, maxFramerate: 15 }];

const socketUrl = (tenderId: string): string => `${location.origin.replace(/^http/, 'ws')}/api/rooms/${tenderId}`;
/** The library comes with the first room. */
const createDevice = async (): Promise<DeviceLike> => (await import('mediasoup-client')).Device.factory();

async function capture(source: MediaSource): Promise<MediaStreamTrack> {
  const { mediaDevices } = navigator;
  const stream =
    source === 'screen'
      ? await mediaDevices.getDisplayMedia({ video: true })
      : await mediaDevices.getUserMedia(source === 'mic' ? { audio: true } : { video: CAMERA });
  const [track] = stream.getTracks();
  if (track === undefined) throw new Error(`no track of ${source}`);
  return track;
}
const isSame = (one: ReceivedTrack, other: ReceivedTrack): boolean =>
  one.participantId === other.participantId && one.source === other.source;

/** The client of one room with what it shows, receives and sends. */
export function makeRoomConnection(tenderId: string) {
  const state = shallowRef<ClientState>(initialClientState);
  const tracks = shallowRef<readonly ReceivedTrack[]>([]);
  const own = shallowRef<OwnTracks>({});
  const isWithoutDevice = ref(false);
  let client: RoomClient | undefined;

  function connect(): RoomClient {
    const made = new RoomClient({ openSocket: () => new WebSocket(socketUrl(tenderId)), createDevice });
    made.on('state', (next) => {
      state.value = next;
    });
    made.on('track', (track) => {
      tracks.value = [...tracks.value.filter((one) => !isSame(one, track)), track];
    });
    made.on('trackEnded', ({ track }) => {
      tracks.value = tracks.value.filter((one) => one.track !== track);
    });
    return made;
  }
  const drop = (source: MediaSource): void => {
    own.value[source]?.stop();
    own.value = { ...own.value, [source]: undefined };
  };
  const stop = async (source: MediaSource): Promise<void> => {
    drop(source);
    await client?.unpublish(source);
  };
  const send = async (source: MediaSource): Promise<void> => {
    const track = await capture(source);
    own.value = { ...own.value, [source]: track };
    // Ended by the browser's own "stop sharing".
    track.addEventListener('ended', () => {
      if (own.value[source] === track) void stop(source);
    });
    try {
      await client?.publish(track, source, source === 'camera' ? { encodings: ENCODINGS } : {});
    } catch (error) {
      drop(source);
      throw error;
    }
  };
  /** Whoever has no device sees and hears all the same. */
  const sendIfThere = async (source: MediaSource): Promise<void> => {
    try {
      await send(source);
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
      isWithoutDevice.value = true;
    }
  };
  const join = async (): Promise<void> => {
    client = connect();
    await client.join();
    await sendIfThere('mic');
    await sendIfThere('camera');
  };
  const leave = async (): Promise<void> => {
    for (const source of ['mic', 'camera', 'screen'] as const) drop(source);
    await client?.leave();
  };
  return { state, tracks, own, isWithoutDevice, join, leave, send, stop, client: () => client };
}
