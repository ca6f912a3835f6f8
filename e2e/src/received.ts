import type { Page } from 'playwright-core';

/** Of one other person: decoded pictures, and the sound energy that the receiver counted. */
export interface Received {
  readonly frames: number;
  readonly energy: number;
}

/**
 * The page's peer connections are kept as they are made; a track leads from the playing element to its statistics.
 * Runs in the page before its own scripts.
 */
export const keepConnections = (): void => {
  const kept: RTCPeerConnection[] = [];
  const Native = globalThis.RTCPeerConnection;
  globalThis.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      kept.push(this);
    }
  };
  Object.assign(globalThis, { keptConnections: kept });
};

/** What the page receives of each other person, by their id. */
export const readReceived = (page: Page): Promise<Record<string, Received>> =>
  page.evaluate(async () => {
    const { keptConnections = [] } = globalThis as { keptConnections?: RTCPeerConnection[] };
    const energies = new Map<string, number>();
    for (const connection of keptConnections)
      for (const report of (await connection.getStats()).values() as Iterable<Record<string, unknown>>)
        if (report['type'] === 'inbound-rtp' && report['kind'] === 'audio')
          energies.set(String(report['trackIdentifier']), Number(report['totalAudioEnergy']));
    const received: Record<string, { frames: number; energy: number }> = {};
    const of = (peer: string) => (received[peer] ??= { frames: 0, energy: 0 });
    for (const video of document.querySelectorAll<HTMLVideoElement>('video[data-test="remote-video"]'))
      if (!video.paused) of(video.dataset['peer'] ?? '').frames = video.getVideoPlaybackQuality().totalVideoFrames;
    for (const audio of document.querySelectorAll<HTMLAudioElement>('audio[data-test="remote-audio"]')) {
      const [track] = (audio.srcObject as MediaStream | null)?.getAudioTracks() ?? [];
      if (track !== undefined && !audio.paused) of(audio.dataset['peer'] ?? '').energy = energies.get(track.id) ?? 0;
    }
    return received;
  });
