import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@qej/kernel';
import type { ParticipantInfo, RecordedSegment, RoomPolicy, RoomRole } from '@qej/rooms';
import { WebSocketServer } from 'ws';
import { createMediaService, type MediaService } from '../media-service.ts';
import type { MediaLog, RecordingGapReport, SupervisorLook } from '../ports.ts';

export interface TestRoom {
  readonly media: MediaService;
  readonly recordingDir: string;
  readonly segments: RecordedSegment[];
  readonly gaps: RecordingGapReport[];
  readonly looks: SupervisorLook[];
  readonly logged: string[];
  /** Address of the client page and, with `ws:`, of the sockets. */
  readonly origin: string;
  socketUrl(id: string, role?: RoomRole): string;
  /** Cuts every socket as a failing network would. */
  cutSockets(): void;
  close(): Promise<void>;
}

export const ROOM_ID = 'room-1';

const memoryLog = (lines: string[]): MediaLog => {
  const write = (level: string) => (message: string, fields?: Readonly<Record<string, unknown>>) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
  return { info: write('info'), warn: write('warn'), error: write('error') };
};

const participantOf = (url: URL): ParticipantInfo => {
  const id = url.searchParams.get('id') ?? '';
  // The test's own addresses carry one of the roles.
  return { id, displayName: `专家${id}`, seat: id, role: (url.searchParams.get('role') ?? 'expert') as RoomRole };
};

/** A real service with a real worker behind a small server: one page, and sockets that name who they are. */
export async function openTestRoom(script: string, policy: Partial<RoomPolicy> = {}): Promise<TestRoom> {
  const recordingDir = await mkdtemp(join(tmpdir(), 'rooms-'));
  const segments: RecordedSegment[] = [];
  const gaps: RecordingGapReport[] = [];
  const looks: SupervisorLook[] = [];
  const logged: string[] = [];
  const media = await createMediaService({
    clock: systemClock,
    log: memoryLog(logged),
    hooks: {
      onRecordingFinished: (segment) => void segments.push(segment),
      onRecordingGap: (gap) => void gaps.push(gap),
      onLook: (look) => void looks.push(look),
    },
    listenIp: '127.0.0.1',
    recordingDir,
    workers: 1,
  });
  await media.openRoom(ROOM_ID, policy);
  const server = createServer((_, response) =>
    response
      .setHeader('content-type', 'text/html; charset=utf-8')
      .end(`<!doctype html><title>room</title><script>${script}</script>`),
  );
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket, request) =>
    media.attach(socket, {
      roomId: ROOM_ID,
      participant: participantOf(new URL(request.url ?? '/', 'http://127.0.0.1')),
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const origin = `http://127.0.0.1:${address.port}`;
  return {
    media,
    recordingDir,
    segments,
    gaps,
    looks,
    logged,
    origin,
    socketUrl: (id, role = 'expert') => `ws://127.0.0.1:${address.port}/?id=${id}&role=${role}`,
    cutSockets: () => {
      for (const socket of sockets.clients) socket.terminate();
    },
    close: async () => {
      await media.close();
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(recordingDir, { recursive: true, force: true });
    },
  };
}
