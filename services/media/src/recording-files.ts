import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatInstant, instant, type Instant } from '@qej/kernel';
import { mediaSources, type MediaSource, type RecordedSegment } from '@qej/rooms';

const UNFINISHED = '.part';
const NAME = /^([\w-]{1,64})\.(mic|camera|screen)\.(\d{1,6})\.(\d{1,16})\.webm(\.part)?$/;

export interface SegmentKey {
  readonly participantId: string;
  readonly source: MediaSource;
  readonly segment: number;
  readonly startedAt: Instant;
}

/**
 * The folder of one room's recordings: `<participant>.<source>.<segment>.<start, UTC ms>.webm`, with
 * `.part` behind it as long as it is being written.
 */
export class RecordingFiles {
  readonly #root: string;
  readonly #roomId: string;
  readonly #counts = new Map<string, number>();

  constructor(root: string, roomId: string) {
    this.#root = root;
    this.#roomId = roomId;
  }

  /** Makes the folder, goes on counting where an earlier run stopped and returns what that run left unfinished. */
  async open(): Promise<readonly SegmentKey[]> {
    await mkdir(this.#folder, { recursive: true });
    const left: SegmentKey[] = [];
    for (const name of await readdir(this.#folder)) {
      const key = parseName(name);
      if (key === undefined) continue;
      const counter = counterOf(key);
      this.#counts.set(counter, Math.max(this.#counts.get(counter) ?? 0, key.segment));
      if (name.endsWith(UNFINISHED)) left.push(key);
    }
    return left.toSorted((a, b) => a.startedAt - b.startedAt);
  }

  next(participantId: string, source: MediaSource, startedAt: Instant): SegmentKey {
    const counter = counterOf({ participantId, source });
    const segment = (this.#counts.get(counter) ?? 0) + 1;
    this.#counts.set(counter, segment);
    return { participantId, source, segment, startedAt };
  }

  /** Where the recorder writes. */
  unfinishedPath(key: SegmentKey): string {
    return join(this.#folder, `${nameOf(key)}${UNFINISHED}`);
  }

  async size(key: SegmentKey): Promise<number> {
    return (await stat(this.unfinishedPath(key)).catch(() => undefined))?.size ?? 0;
  }

  /** When the unfinished file was last written to. */
  async lastWrittenAt(key: SegmentKey): Promise<Instant> {
    return instant(Math.floor((await stat(this.unfinishedPath(key))).mtimeMs));
  }

  /** Synchronises, hashes and renames a file; an empty one is removed and there is no segment. */
  async finish(
    key: SegmentKey,
    times: Pick<RecordedSegment, 'startedAt' | 'endedAt' | 'end'>,
  ): Promise<RecordedSegment | undefined> {
    const path = this.unfinishedPath(key);
    const bytes = await this.size(key);
    if (bytes === 0) {
      await rm(path, { force: true });
      return undefined;
    }
    const handle = await open(path, 'r');
    await handle.sync();
    await handle.close();
    const hash = createHash('sha256');
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
    await rename(path, join(this.#folder, nameOf(key)));
    const { participantId, source, segment } = key;
    return {
      roomId: this.#roomId,
      participantId,
      source,
      segment,
      ...times,
      file: `${this.#roomId}/${nameOf(key)}`,
      bytes,
      sha256: hash.digest('hex'),
    };
  }

  get #folder(): string {
    return join(this.#root, this.#roomId);
  }
}

const counterOf = ({ participantId, source }: Pick<SegmentKey, 'participantId' | 'source'>): string =>
  `${participantId}.${source}`;

const nameOf = (key: SegmentKey): string => `${counterOf(key)}.${key.segment}.${key.startedAt}.webm`;

function parseName(name: string): SegmentKey | undefined {
  const [, participantId, sourceName, segment, startedAt] = NAME.exec(name) ?? [];
  const source = mediaSources.find((each) => each === sourceName);
  if (participantId === undefined || source === undefined) return undefined;
  return { participantId, source, segment: Number(segment), startedAt: instant(Number(startedAt)) };
}

/** For a log line. */
export const describeSegment = (key: SegmentKey): Readonly<Record<string, unknown>> => ({
  participantId: key.participantId,
  source: key.source,
  segment: key.segment,
  startedAt: formatInstant(key.startedAt),
});
