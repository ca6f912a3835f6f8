import type { Output, PlatformApi } from '@qej/contract';
import { formatInstant, fromHex, instant, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { RecordedSegment } from '@qej/rooms';
import { appendEntry } from '../log/append-entry.ts';
import type { BasePorts, Transaction } from '../ports.ts';
import { sha256Hex } from './draw-committee.ts';

const encoder = new TextEncoder();
/** Says that two recordings are of one participant of one tender; a seat number, not a person, is behind it. */
const participantHash = (tenderId: string, participant: string): Promise<string> =>
  sha256Hex(encoder.encode(`qej-participant/1 ${tenderId} ${participant}`));

/** Id of a recording: a repeated report of the same file is the same row. */
async function recordingId({ roomId, participantId, source, file }: RecordedSegment): Promise<string> {
  const hash = await sha256Hex(encoder.encode(JSON.stringify([roomId, participantId, source, file])));
  return toHex(fromHex(hash).slice(0, 16));
}

async function keepRecording(
  tx: Transaction,
  segment: RecordedSegment,
  { id, participant }: { id: string; participant: string },
): Promise<void> {
  if ((await tx.recordings.find({ id })) !== undefined) return;
  const { roomId: tenderId, participantId, source, startedAt, endedAt, bytes, sha256, file, end } = segment;
  const row = {
    id,
    tenderId,
    participant: participantId,
    source,
    startedAt,
    endedAt,
    bytes,
    sha256,
    file,
    logSeq: null,
  };
  await tx.recordings.insert(row);
  await appendEntry(tx, {
    type: 'recording',
    at: endedAt,
    tenderId,
    members: { sha256, participant, source, startedAt: formatInstant(startedAt), endedAt: formatInstant(endedAt), end },
    dedupe: `recording:${id}`,
  });
}

/** What the media service tells: finished recordings and looks of supervisors. A room's id is its tender's. */
export function makeRoomHooks(ports: BasePorts) {
  return {
    onRecordingFinished: async (segment: RecordedSegment): Promise<void> => {
      const names = {
        id: await recordingId(segment),
        participant: await participantHash(segment.roomId, segment.participantId),
      };
      await ports.db.transaction('evaluation:recording', (tx) => keepRecording(tx, segment, names));
      ports.live.publish({ tenderId: segment.roomId, topic: 'evaluation' });
    },
    onLook: async (look: {
      readonly roomId: string;
      readonly participantId: string;
      readonly startedAt: Instant;
      readonly endedAt: Instant | undefined;
    }): Promise<void> => {
      const who = await participantHash(look.roomId, look.participantId);
      const at = look.endedAt ?? look.startedAt;
      const what = look.endedAt === undefined ? 'room-entered' : 'room-left';
      const members = { what, who };
      await ports.db.transaction('evaluation:look', (tx) =>
        appendEntry(tx, { type: 'supervisor-look', at, tenderId: look.roomId, members }),
      );
    },
  };
}

export async function listRecordings(
  tx: Transaction,
  tenderId: string,
): Promise<Output<PlatformApi['listRecordings']>> {
  const rows = await tx.recordings.list({ tenderId }, { orderBy: { startedAt: 'asc' } });
  const entries =
    rows.length === 0 ? [] : await tx.logEntries.list({ dedupe: rows.map(({ id }) => `recording:${id}`) });
  return {
    items: rows.map(({ id, participant, source, startedAt, endedAt, bytes, sha256 }) => {
      const seq = entries.find(({ dedupe }) => dedupe === `recording:${id}`)?.seq;
      return {
        recordingId: id,
        participant,
        source,
        startedAt: formatInstant(instant(startedAt)),
        endedAt: formatInstant(instant(endedAt)),
        bytes,
        sha256,
        ...(seq === null || seq === undefined ? {} : { logSeq: seq }),
      };
    }),
  };
}
