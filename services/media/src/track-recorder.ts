import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock, Instant } from '@qej/kernel';
import { advance } from '@qej/kernel';
import { recordingTransitions, type RecordedSegment, type RecordingStatus } from '@qej/rooms';
import type { Consumer, PlainTransport, Router, RtpCapabilities } from 'mediasoup/types';
import { FfmpegProcess, findPortPair } from './ffmpeg-process.ts';
import type { SentSource } from './peer-media.ts';
import type { MediaLog } from './ports.ts';
import { describeSegment, type RecordingFiles, type SegmentKey } from './recording-files.ts';

const LOOPBACK = '127.0.0.1';
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
const KEY_FRAME_RETRY_MS = 500;
const FIRST_BYTES_POLL_MS = 50;
const FIRST_BYTES_LIMIT_MS = 8_000;

export interface TrackRecorderDeps {
  readonly router: Router;
  readonly files: RecordingFiles;
  readonly ffmpegPath: string;
  readonly clock: Clock;
  readonly log: MediaLog;
  onSegment(segment: RecordedSegment): Promise<void>;
  /** Packets reach the file. */
  onRecording(sent: SentSource, at: Instant): void;
  /** The recorder is gone although it was to go on. */
  onLost(sent: SentSource, at: Instant): void;
}

interface Segment {
  readonly key: SegmentKey;
  readonly ffmpeg: FfmpegProcess;
  readonly transport: PlainTransport;
  readonly consumer: Consumer;
  /** When packets were let through; `undefined` before. */
  flowingAt: Instant | undefined;
}

type RecordingEvent = Parameters<typeof advance<RecordingStatus, 'firstPacket' | 'stop' | 'finish' | 'lose'>>[2];

/**
 * Records one producer from now until {@link stop}, in one segment or, when a recorder is lost, in several.
 * Owns its ffmpeg and the plain transport that feeds it.
 */
export class TrackRecorder {
  readonly sent: SentSource;
  readonly #deps: TrackRecorderDeps;
  readonly #run: Promise<void>;
  #segment: Segment | undefined;
  #status: RecordingStatus = 'starting';
  #stopping = false;
  #end: RecordedSegment['end'] = 'stopped';

  constructor(sent: SentSource, deps: TrackRecorderDeps) {
    this.sent = sent;
    this.#deps = deps;
    this.#run = this.#record();
  }

  get status(): RecordingStatus {
    return this.#status;
  }

  /** Of the present ffmpeg. */
  get pid(): number | undefined {
    return this.#segment?.ffmpeg.pid;
  }

  /** Resolves when the last file is hashed and reported. Idempotent. `interrupted`: the media was lost, not ended. */
  async stop(end: RecordedSegment['end']): Promise<void> {
    if (!this.#stopping) {
      this.#stopping = true;
      this.#end = end;
      await this.#segment?.ffmpeg.stop();
    }
    await this.#run;
  }

  async #record(): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!this.#stopping && !this.sent.producer.closed) {
      this.#status = 'starting';
      const wroteMedia = await this.#recordSegment();
      if (this.#stopping) return;
      retryMs = wroteMedia ? FIRST_RETRY_MS : Math.min(retryMs * 2, LONGEST_RETRY_MS);
      await sleep(retryMs);
    }
  }

  /** @returns whether a file came of it */
  async #recordSegment(): Promise<boolean> {
    const { clock, files, log } = this.#deps;
    const { participantId, source } = this.sent;
    const key = files.next(participantId, source, clock.now());
    try {
      this.#segment = await this.#openSegment(key);
      await this.#letFlow(this.#segment);
      await this.#segment.ffmpeg.ended;
    } catch (error) {
      log.error('recording does not start', { ...describeSegment(key), reason: String(error) });
    }
    return this.#closeSegment(key, clock.now());
  }

  async #openSegment(key: SegmentKey): Promise<Segment> {
    const { router, files, ffmpegPath } = this.#deps;
    const ports = await findPortPair();
    const transport = await router.createPlainTransport({
      listenInfo: { protocol: 'udp', ip: LOOPBACK },
      rtcpMux: false,
      comedia: false,
    });
    const consumer = await transport.consume({
      producerId: this.sent.producer.id,
      rtpCapabilities: withoutExtras(router.rtpCapabilities),
      paused: true,
    });
    const payloadType = consumer.rtpParameters.codecs[0]?.payloadType;
    if (payloadType === undefined) throw new Error('no codec in common');
    const ffmpeg = new FfmpegProcess(
      ffmpegPath,
      { kind: consumer.kind, payloadType },
      ports,
      files.unfinishedPath(key),
    );
    const segment: Segment = { key, ffmpeg, transport, consumer, flowingAt: undefined };
    // From here on a stop() finds the process.
    this.#segment = segment;
    if (this.#stopping) await ffmpeg.stop();
    await ffmpeg.listening();
    await transport.connect({ ip: LOOPBACK, port: ports.rtp, rtcpPort: ports.rtcp });
    return segment;
  }

  /** Only now, so that the first key frame is not sent to nobody. */
  async #letFlow(segment: Segment): Promise<void> {
    const { consumer, ffmpeg, key } = segment;
    segment.flowingAt = this.#deps.clock.now();
    await consumer.resume();
    for (
      let waitedMs = 0;
      waitedMs < FIRST_BYTES_LIMIT_MS && !ffmpeg.isEnded && !consumer.closed;
      waitedMs += FIRST_BYTES_POLL_MS
    ) {
      if (consumer.kind === 'video' && waitedMs % KEY_FRAME_RETRY_MS === 0) await consumer.requestKeyFrame();
      await Promise.race([sleep(FIRST_BYTES_POLL_MS), ffmpeg.ended]);
      if ((await this.#deps.files.size(key)) > 0) break;
    }
    if (this.#stopping || ffmpeg.isEnded) return;
    this.#advance('firstPacket');
    this.#deps.log.info('recording', describeSegment(key));
    this.#deps.onRecording(this.sent, segment.flowingAt);
  }

  async #closeSegment(key: SegmentKey, endedAt: Instant): Promise<boolean> {
    const { files, onSegment } = this.#deps;
    const segment = this.#segment;
    this.#segment = undefined;
    this.#noteEnd(key, endedAt, segment);
    if (segment !== undefined && !segment.ffmpeg.isEnded) await segment.ffmpeg.stop();
    segment?.transport.close();
    const finished = await files.finish(key, {
      startedAt: segment?.flowingAt ?? key.startedAt,
      endedAt,
      end: this.#status === 'finished' ? 'stopped' : 'interrupted',
    });
    if (finished !== undefined) await onSegment(finished);
    return finished !== undefined;
  }

  #noteEnd(key: SegmentKey, endedAt: Instant, segment: Segment | undefined): void {
    if (this.#stopping) this.#advance('stop');
    if (this.#stopping && this.#end === 'stopped') return this.#advance('finish');
    this.#advance('lose');
    this.#deps.log.warn('recorder lost', { ...describeSegment(key), complaint: segment?.ffmpeg.complaint });
    this.#deps.onLost(this.sent, endedAt);
  }

  #advance(event: RecordingEvent): void {
    this.#status = advance<RecordingStatus, RecordingEvent>(recordingTransitions, this.#status, event);
  }
}

/** What ffmpeg understands: no retransmission stream, no header extensions; key frames can still be asked for. */
const withoutExtras = ({ codecs = [] }: RtpCapabilities): RtpCapabilities => ({
  codecs: codecs
    .filter(({ mimeType }) => !mimeType.toLowerCase().endsWith('/rtx'))
    .map((codec) => ({
      ...codec,
      rtcpFeedback: (codec.rtcpFeedback ?? []).filter(
        ({ type, parameter }) => (type === 'nack' && parameter === 'pli') || type === 'ccm',
      ),
    })),
  headerExtensions: [],
});
