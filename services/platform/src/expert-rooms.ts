import { createMediaService } from '@qej/media';
import type { MediaHooks, MediaService } from '@qej/media';
import { DomainError } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import { roomAdmission } from '@qej/usecases';
import type { Caller, Database, Rooms } from '@qej/usecases';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { WebSocket } from 'ws';
import type { PlatformLog } from './log.ts';

export interface ExpertRooms extends Rooms {
  /** Puts a person's socket into the room of a tender. @throws DomainError of admission, or `E_UNAVAILABLE` while rooms are being prepared */
  attach(socket: WebSocket, tenderId: string, caller: Caller): Promise<void>;
  state(): Promise<{ readonly ok: boolean; readonly detail: string }>;
  shutDown(): Promise<void>;
}

export interface ExpertRoomsDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly log: PlatformLog;
  readonly hooks: MediaHooks;
  readonly dataDirectory: string;
  readonly workerBin: string | undefined;
  /** JSON file in which the start script says how far the media worker is. */
  readonly workerStateFile: string | undefined;
  /** Name under which browsers reach this machine; media is announced there. */
  readonly host: string;
}

interface WorkerState {
  readonly state: 'preparing' | 'ready' | 'failed';
  readonly path?: string;
  readonly why?: string;
}

async function workerState({ workerBin, workerStateFile }: ExpertRoomsDeps): Promise<WorkerState> {
  if (workerStateFile !== undefined) {
    try {
      return JSON.parse(await readFile(workerStateFile, 'utf8')) as WorkerState;
    } catch (error) {
      return { state: 'failed', why: String(error) };
    }
  }
  return workerBin === undefined
    ? { state: 'failed', why: 'MEDIASOUP_WORKER_BIN is not set' }
    : { state: 'ready', path: workerBin };
}

/** The rooms of experts: started when the first is opened and the media worker is there. */
export function makeExpertRooms(deps: ExpertRoomsDeps): ExpertRooms {
  let service: Promise<MediaService> | undefined;
  const isLocal = deps.host === 'localhost';
  const start = async (): Promise<MediaService> => {
    const worker = await workerState(deps);
    if (worker.state !== 'ready' || worker.path === undefined)
      throw new DomainError('E_UNAVAILABLE', { detail: worker.why ?? 'the media worker is being prepared' });
    return createMediaService({
      clock: deps.clock,
      log: deps.log,
      hooks: deps.hooks,
      listenIp: isLocal ? '127.0.0.1' : '0.0.0.0',
      ...(isLocal ? {} : { announcedAddress: deps.host }),
      recordingDir: join(deps.dataDirectory, 'recordings'),
      workerBin: worker.path,
    });
  };
  const media = (): Promise<MediaService> => {
    service ??= start().catch((error: unknown) => {
      service = undefined;
      throw error;
    });
    return service;
  };
  return {
    open: async (tenderId) => (await media()).openRoom(tenderId),
    close: async (tenderId) => {
      if (service !== undefined) await (await service).closeRoom(tenderId, 'evaluation ended');
    },
    shutDown: async () => {
      if (service !== undefined) await (await service).close();
    },
    remove: (tenderId, participantId) => {
      service
        ?.then((running) => running.remove(tenderId, participantId))
        .catch((error: unknown) => deps.log.warn('room', { error: String(error) }));
    },
    attach: async (socket, tenderId, caller) => {
      const participant = await deps.db.read((tx) => roomAdmission(tx, caller, tenderId));
      const running = await media();
      // After a restart the room of a running evaluation is opened again by the first who comes.
      await running.openRoom(tenderId);
      running.attach(socket, { roomId: tenderId, participant });
    },
    state: async () => {
      const worker = await workerState(deps);
      return {
        ok: worker.state === 'ready',
        detail: worker.state === 'ready' ? (worker.path ?? '') : (worker.why ?? worker.state),
      };
    },
  };
}
