import type { Clock, Instant } from '@qej/kernel';
import type { RecordedSegment } from '@qej/rooms';
import type { Router } from 'mediasoup/types';
import type { SentSource } from './peer-media.ts';
import type { MediaHooks, MediaLog } from './ports.ts';
import { describeSegment, RecordingFiles } from './recording-files.ts';
import { TrackRecorder } from './track-recorder.ts';

export interface RoomRecordingsDeps {
  readonly roomId: string;
  readonly recordingDir: string;
  readonly ffmpegPath: string;
  readonly clock: Clock;
  readonly log: MediaLog;
  readonly hooks: MediaHooks;
  onChange(): void;
}

/** All recorders of one room. */
export class RoomRecordings {
  readonly #deps: RoomRecordingsDeps;
  readonly #files: RecordingFiles;
  readonly #recorders = new Map<string, TrackRecorder>();
  /** Recorders whose end is awaited. */
  readonly #ending = new Set<Promise<void>>();
  /** Since when a source has no recorder although it should have one. */
  readonly #lostAt = new Map<string, Instant>();

  constructor(deps: RoomRecordingsDeps) {
    this.#deps = deps;
    this.#files = new RecordingFiles(deps.recordingDir, deps.roomId);
  }

  /** Reports what an earlier run of the platform left unfinished. */
  async open(): Promise<void> {
    for (const key of await this.#files.open()) {
      this.#deps.log.warn('unfinished recording found', describeSegment(key));
      const segment = await this.#files.finish(key, {
        startedAt: key.startedAt,
        endedAt: await this.#files.lastWrittenAt(key),
        end: 'interrupted',
      });
      if (segment !== undefined) await this.#deps.hooks.onRecordingFinished(segment);
    }
  }

  start(router: Router, sent: SentSource): void {
    const { ffmpegPath, clock, log, hooks, onChange } = this.#deps;
    const recorder = new TrackRecorder(sent, {
      router,
      files: this.#files,
      ffmpegPath,
      clock,
      log,
      onSegment: async (segment) => hooks.onRecordingFinished(segment),
      onRecording: (source, at) => this.#onRecording(source, at),
      onLost: (source, at) => {
        this.#lostAt.set(keyOf(source), this.#lostAt.get(keyOf(source)) ?? at);
        onChange();
      },
    });
    this.#recorders.set(sent.producer.id, recorder);
  }

  /** Ends the file of one producer; the report follows through the hook. */
  stop(producerId: string, end: RecordedSegment['end'] = 'stopped'): void {
    const recorder = this.#recorders.get(producerId);
    if (recorder === undefined) return;
    this.#recorders.delete(producerId);
    const ending = recorder
      .stop(end)
      .catch((error: unknown) => this.#deps.log.error('recording does not end', { reason: String(error) }));
    this.#ending.add(ending);
    void ending.then(() => this.#ending.delete(ending));
    this.#deps.onChange();
  }

  /** Resolves when every file is complete and reported. */
  async stopAll(end: RecordedSegment['end'] = 'stopped'): Promise<void> {
    for (const producerId of this.#recorders.keys()) this.stop(producerId, end);
    await Promise.all(this.#ending);
  }

  /** Sources that are being recorded now, and sources that should be and are not. */
  get counts(): { readonly active: number; readonly lost: number } {
    const recorders = [...this.#recorders.values()];
    return {
      active: recorders.filter(({ status }) => status === 'recording').length,
      lost: recorders.filter(({ status }) => status === 'interrupted').length,
    };
  }

  get recorders(): readonly TrackRecorder[] {
    return [...this.#recorders.values()];
  }

  #onRecording(sent: SentSource, at: Instant): void {
    const { roomId, hooks, log, onChange } = this.#deps;
    const from = this.#lostAt.get(keyOf(sent));
    this.#lostAt.delete(keyOf(sent));
    onChange();
    if (from === undefined) return;
    const { participantId, source } = sent;
    log.warn('gap in the recording', { roomId, participantId, source, milliseconds: at - from });
    void (async () => hooks.onRecordingGap?.({ roomId, participantId, source, from, to: at }))().catch(
      (error: unknown) => log.error('hook failed', { reason: String(error) }),
    );
  }
}

const keyOf = ({ participantId, source }: SentSource): string => `${participantId}.${source}`;
