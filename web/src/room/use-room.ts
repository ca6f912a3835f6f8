import { initialClientState, RoomClient } from '@qej/rooms';
import type { ClientState, DeviceLike, MediaSource, ReceivedTrack } from '@qej/rooms';
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import { useAction } from '../composables/use-action.ts';

type OwnTracks = Readonly<Partial<Record<MediaSource, MediaStreamTrack>>>;
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

/** A person's side of the expert room: who is here, what arrives, what is sent. Leaves with the page. */
export function useRoom(tenderId: string) {
  const state = shallowRef<ClientState>(initialClientState);
  const tracks = shallowRef<readonly ReceivedTrack[]>([]);
  const own = shallowRef<OwnTracks>({});
  const isWithoutDevice = ref(false);
  const problem = shallowRef<Error>();
  let client: RoomClient | undefined;

  const isSame = (one: ReceivedTrack, other: ReceivedTrack): boolean =>
    one.participantId === other.participantId && one.source === other.source;
  function connect(): RoomClient {
    const made = new RoomClient({ openSocket: () => new WebSocket(socketUrl(tenderId)), createDevice });
    made.on('state', (next) => {
      state.value = next;
    });
    made.on('track', (track) => {
      tracks.value = [...tracks.value.filter((one) => !isSame(one, track)), track];
    });
    made.on('trackEnded', (track) => {
      tracks.value = tracks.value.filter((one) => one.track !== track.track);
    });
    made.on('problem', ({ error }) => {
      problem.value = error;
    });
    return made;
  }
  const drop = (source: MediaSource): void => {
    own.value[source]?.stop();
    own.value = { ...own.value, [source]: undefined };
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
  const stop = async (source: MediaSource): Promise<void> => {
    drop(source);
    await client?.unpublish(source);
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
  const join = useAction(async () => {
    client = connect();
    problem.value = undefined;
    await client.join();
    await sendIfThere('mic');
    await sendIfThere('camera');
  });
  const leave = useAction(async () => {
    for (const source of ['mic', 'camera', 'screen'] as const) drop(source);
    await client?.leave();
  });
  const me = computed(() => state.value.participants.find(({ id }) => id === state.value.you?.id));
  const sourceState = (source: MediaSource) => me.value?.sources.find((sent) => sent.source === source)?.state;
  const isMuted = computed(() => sourceState('mic') !== 'live');
  const toggleMic = useAction(async () => {
    if (own.value.mic === undefined) await send('mic');
    else await client?.setMuted('mic', !isMuted.value);
  });
  const toggle = (source: 'camera' | 'screen') =>
    useAction(async () => {
      if (own.value[source] === undefined) await send(source);
      else await stop(source);
    });
  const toggleCamera = toggle('camera');
  const toggleScreen = toggle('screen');
  const hasHand = computed(() => state.value.hands.includes(state.value.you?.id ?? ''));
  const toggleHand = useAction(async () => {
    await (hasHand.value ? client?.lowerHand() : client?.raiseHand());
  });
  const grantFloor = useAction(async (participantId: string | null) => client?.grantFloor(participantId));
  const muteOther = useAction(async (participantId: string) => client?.muteParticipant(participantId, 'mic'));
  const setPictures = async (on: boolean): Promise<void> => {
    for (const { participantId, source } of tracks.value)
      if (source === 'camera') await client?.setReceiving(participantId, source, on).catch(() => undefined);
  };
  const actions = [join, leave, toggleMic, toggleCamera, toggleScreen, toggleHand, grantFloor, muteOther];
  const error = computed(() => actions.map((action) => action.error.value).find((one) => one !== undefined));
  onScopeDispose(() => void leave.run());
  return {
    state,
    tracks,
    own,
    isWithoutDevice,
    problem,
    error,
    me,
    isMuted,
    hasHand,
    join,
    leave,
    toggleMic,
    toggleCamera,
    toggleScreen,
    toggleHand,
    grantFloor,
    muteOther,
    setPictures,
  };
}
export type Room = ReturnType<typeof useRoom>;
