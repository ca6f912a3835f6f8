import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import type { Clock } from '@qej/kernel';
import {
  defaultRoomPolicy,
  roomError,
  type MediaSource,
  type ParticipantInfo,
  type RoomPolicy,
  type RoomRole,
  type RoomState,
} from '@qej/rooms';
import type { WebSocket } from 'ws';
import { LiveRoom, type LiveRoomDeps } from './live-room.ts';
import type { MediaHooks, MediaLog } from './ports.ts';
import { WorkerPool } from './worker-pool.ts';

const ROOM_ID = /^[\w-]{1,64}$/;

export interface MediaServiceDeps {
  readonly clock: Clock;
  readonly log: MediaLog;
  readonly hooks: MediaHooks;
  /** Local address on which media arrives (UDP). */
  readonly listenIp: string;
  /** What clients are told instead of `listenIp`. */
  readonly announcedAddress?: string;
  /** Recordings go to `<recordingDir>/<roomId>/`. */
  readonly recordingDir: string;
  /** The mediasoup-worker; without it mediasoup's own search applies (MEDIASOUP_WORKER_BIN). */
  readonly workerBin?: string;
  readonly ffmpegPath?: string;
  /** Number of worker processes; one per processor by default. */
  readonly workers?: number;
}

export interface Admitted {
  readonly roomId: string;
  readonly participant: ParticipantInfo;
}

/** What an operator sees. */
export interface MediaInspection {
  readonly workerPids: readonly number[];
  readonly rooms: readonly {
    readonly id: string;
    readonly participants: number;
    readonly recorders: readonly {
      readonly participantId: string;
      readonly source: MediaSource;
      readonly pid: number | undefined;
    }[];
  }[];
}

export interface MediaService {
  /** Opens a room; an open one of this id is left as it is. Files that an earlier run left unfinished are reported. */
  openRoom(roomId: string, policy?: Partial<RoomPolicy>): Promise<void>;
  isOpen(roomId: string): boolean;
  /** The state of an open room. @throws DomainError `E_ROOM_CLOSED` */
  stateOf(roomId: string): RoomState;
  /** Hands over a socket whose person was authenticated and admitted (`admit`). @throws DomainError `E_ROOM_CLOSED` */
  attach(socket: WebSocket, admitted: Admitted): void;
  /** For instance when a member is elected chair. @throws DomainError */
  changeRole(roomId: string, participantId: string, role: RoomRole): void;
  /** Sends somebody out, for instance after a recusal. */
  remove(roomId: string, participantId: string): void;
  /** Resolves when every recording is complete and reported. Idempotent. */
  closeRoom(roomId: string, reason: string): Promise<void>;
  inspect(): MediaInspection;
  /** Closes all rooms, then the workers. Idempotent. */
  close(): Promise<void>;
}

class MediasoupService implements MediaService {
  readonly #workers: WorkerPool;
  readonly #roomDeps: LiveRoomDeps;
  readonly #rooms = new Map<string, { readonly room: LiveRoom; readonly opened: Promise<void> }>();
  #closing: Promise<void> | undefined;

  constructor(workers: WorkerPool, roomDeps: LiveRoomDeps) {
    this.#workers = workers;
    this.#roomDeps = roomDeps;
  }

  async openRoom(roomId: string, policy: Partial<RoomPolicy> = {}): Promise<void> {
    if (this.#closing !== undefined) throw roomError('E_ROOM_CLOSED', 'the service is stopping');
    // The id becomes a folder's name.
    if (!ROOM_ID.test(roomId)) throw new Error('a room id is 1 to 64 of A–Z a–z 0–9 _ -');
    const entry = this.#rooms.get(roomId) ?? this.#newRoom(roomId, { ...defaultRoomPolicy, ...policy });
    await entry.opened;
  }

  isOpen(roomId: string): boolean {
    return this.#rooms.get(roomId)?.room.state.status === 'open';
  }

  stateOf(roomId: string): RoomState {
    return this.#get(roomId).state;
  }

  attach(socket: WebSocket, { roomId, participant }: Admitted): void {
    this.#get(roomId).attach(socket, participant);
  }

  changeRole(roomId: string, participantId: string, role: RoomRole): void {
    this.#get(roomId).apply({ kind: 'changeRole', participantId, role });
  }

  remove(roomId: string, participantId: string): void {
    const session = this.#get(roomId).sessions.get(participantId);
    if (session === undefined) return;
    this.#get(roomId).leave(session);
    session.close('left');
  }

  async closeRoom(roomId: string, reason: string): Promise<void> {
    const entry = this.#rooms.get(roomId);
    if (entry === undefined) return;
    await entry.opened;
    await entry.room.close(reason);
    this.#rooms.delete(roomId);
  }

  inspect(): MediaInspection {
    const rooms = [...this.#rooms.values()].map(({ room }) => ({
      id: room.id,
      participants: room.state.participants.length,
      recorders: room.recordings.recorders.map(({ sent, pid }) => ({
        participantId: sent.participantId,
        source: sent.source,
        pid,
      })),
    }));
    return { workerPids: this.#workers.pids, rooms };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all(
      [...this.#rooms.keys()].map((roomId) => this.closeRoom(roomId, 'the service is stopping 服务停止')),
    );
    this.#workers.close();
  }

  #newRoom(roomId: string, policy: RoomPolicy): { readonly room: LiveRoom; readonly opened: Promise<void> } {
    const room = new LiveRoom(roomId, policy, this.#roomDeps);
    const entry = { room, opened: room.open() };
    this.#rooms.set(roomId, entry);
    entry.opened.catch(() => this.#rooms.delete(roomId));
    return entry;
  }

  #get(roomId: string): LiveRoom {
    const room = this.#rooms.get(roomId)?.room;
    if (room === undefined) throw roomError('E_ROOM_CLOSED');
    return room;
  }
}

/** Starts the media workers. @throws Error when the worker or the recording folder cannot be used */
export async function createMediaService(deps: MediaServiceDeps): Promise<MediaService> {
  const { clock, log, hooks, listenIp, announcedAddress, recordingDir, workerBin, ffmpegPath = 'ffmpeg' } = deps;
  await mkdir(recordingDir, { recursive: true });
  const workers = new WorkerPool({ size: deps.workers ?? availableParallelism(), workerBin, log });
  await workers.start();
  return new MediasoupService(workers, {
    workers,
    transports: { listenIp, announcedAddress },
    recordingDir,
    ffmpegPath,
    clock,
    log,
    hooks,
  });
}
