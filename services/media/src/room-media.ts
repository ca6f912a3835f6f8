import type {
  ActiveSpeakerObserver,
  AudioLevelObserver,
  AudioLevelObserverVolume,
  Producer,
  Router,
  RouterRtpCodecCapability,
  Worker,
} from 'mediasoup/types';

/** VP8 and Opus: every browser has them, and the recorder writes them to WebM without transcoding. */
const codecs: RouterRtpCodecCapability[] = [
  { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
];

const VOLUME_INTERVAL_MS = 500;
/** Average over the interval, pauses between words included. */
const SPEECH_THRESHOLD_DBOV = -80;
const MAX_SPEAKERS = 8;

/** The router of one room with its two observers of sound. Gone when its worker dies. */
export interface RoomMedia {
  readonly worker: Worker;
  readonly router: Router;
  readonly levels: AudioLevelObserver;
  readonly dominance: ActiveSpeakerObserver;
}

export interface SoundListener {
  onVolumes(volumes: readonly AudioLevelObserverVolume[]): void;
  onDominantSpeaker(producer: Producer): void;
}

export async function openRoomMedia(worker: Worker, listener: SoundListener): Promise<RoomMedia> {
  const router = await worker.createRouter({ mediaCodecs: codecs });
  const levels = await router.createAudioLevelObserver({
    maxEntries: MAX_SPEAKERS,
    threshold: SPEECH_THRESHOLD_DBOV,
    interval: VOLUME_INTERVAL_MS,
  });
  const dominance = await router.createActiveSpeakerObserver();
  levels.on('volumes', (volumes) => listener.onVolumes(volumes));
  levels.on('silence', () => listener.onVolumes([]));
  dominance.on('dominantspeaker', ({ producer }) => listener.onDominantSpeaker(producer));
  return { worker, router, levels, dominance };
}
