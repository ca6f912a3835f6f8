import type { Instant } from '@qej/kernel';
import type { MediaSource, RecordedSegment, RoomEvent } from '@qej/rooms';

/** Where the service writes what an operator reads; never holds what was said or who a masked person is. */
export interface MediaLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** One look of a supervisor into a room: reported when it begins and, with `endedAt`, when it ends. */
export interface SupervisorLook {
  readonly roomId: string;
  readonly participantId: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant | undefined;
}

/** A time without recording between two segments of one source, and why. */
export interface RecordingGapReport {
  readonly roomId: string;
  readonly participantId: string;
  readonly source: MediaSource;
  readonly from: Instant;
  readonly to: Instant;
}

/** What the rest of the platform is told. A hook that rejects is logged and does not stop the room. */
export interface MediaHooks {
  /** The file is complete, synchronised to disk and under its final name. */
  onRecordingFinished(segment: RecordedSegment): void | Promise<void>;
  onRecordingGap?(gap: RecordingGapReport): void | Promise<void>;
  onLook(look: SupervisorLook): void | Promise<void>;
  /** Every change of a room's state, for minutes and evidence. */
  onRoomEvent?(roomId: string, event: RoomEvent, at: Instant): void | Promise<void>;
}
