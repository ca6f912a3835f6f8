import type { Instant, Transitions } from '@qej/kernel';
import type { MediaSource } from './roles.ts';

/** A segment: one file of one source of one participant, from the recorder's start to its end. */
export type RecordingStatus = 'starting' | 'recording' | 'stopping' | 'finished' | 'interrupted';
export const recordingTransitions = {
  starting: { firstPacket: 'recording', stop: 'stopping', lose: 'interrupted' },
  recording: { stop: 'stopping', lose: 'interrupted' },
  stopping: { finish: 'finished', lose: 'interrupted' },
  finished: {},
  interrupted: {},
} as const satisfies Transitions<RecordingStatus, 'firstPacket' | 'stop' | 'finish' | 'lose'>;

export interface RecordedSegment {
  readonly roomId: string;
  readonly participantId: string;
  readonly source: MediaSource;
  /** Counts from 1 per participant and source as long as the room is open. */
  readonly segment: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  /** `stopped`: closed as planned; `interrupted`: the recorder or the platform was lost. */
  readonly end: 'stopped' | 'interrupted';
  /** Relative to the recording folder. */
  readonly file: string;
  readonly bytes: number;
  /** Lower-case hex SHA-256 of the whole file. */
  readonly sha256: string;
}

export interface RecordingGap {
  readonly participantId: string;
  readonly source: MediaSource;
  readonly from: Instant;
  readonly to: Instant;
}

/** The times within which a source has no recording although it was recorded before and after. */
export function recordingGaps(
  segments: readonly Pick<RecordedSegment, 'participantId' | 'source' | 'startedAt' | 'endedAt'>[],
): readonly RecordingGap[] {
  const gaps: RecordingGap[] = [];
  const reached = new Map<string, Instant>();
  for (const { participantId, source, startedAt, endedAt } of segments.toSorted((a, b) => a.startedAt - b.startedAt)) {
    const key = `${participantId}/${source}`;
    const before = reached.get(key);
    if (before !== undefined && startedAt > before) gaps.push({ participantId, source, from: before, to: startedAt });
    if (before === undefined || endedAt > before) reached.set(key, endedAt);
  }
  return gaps;
}
