import type { Clock } from '@qej/kernel';
import { decideRoom, isSilentRole, newRoom, roomError, signallingVersion } from '@qej/rooms';
import type {
  JsonObject,
  ParticipantInfo,
  RequestMessage,
  RoomCommand,
  RoomPolicy,
  RoomSnapshot,
  RoomState,
} from '@qej/rooms';
import type { AudioLevelObserverVolume, Producer } from 'mediasoup/types';
import type { WebSocket } from 'ws';
import { LookLog } from './look-log.ts';
import { PeerMedia, type SentSource, type TransportPolicy } from './peer-media.ts';
import type { MediaHooks, MediaLog } from './ports.ts';
import { handleRequest } from './request-handlers.ts';
import { openRoomMedia, type RoomMedia } from './room-media.ts';
import { react } from './room-reactions.ts';
import { RoomRecordings } from './room-recordings.ts';
import { snapshotFor } from './room-view.ts';
import { Session } from './session.ts';
import type { WorkerPool } from './worker-pool.ts';

export interface LiveRoomDeps {
  readonly workers: WorkerPool;
  readonly transports: TransportPolicy;
  readonly recordingDir: string;
  readonly ffmpegPath: string;
  readonly clock: Clock;
  readonly log: MediaLog;
  readonly hooks: MediaHooks;
}

/**
 * One room with its people: the pure state of packages/rooms, and the sockets, the router and the recorders
 * that follow it. Owns them and closes them in the order of `closingCascade`.
 */
export class LiveRoom {
  readonly id: string;
  state: RoomState;
  readonly sessions = new Map<string, Session>();
  readonly recordings: RoomRecordings;
  readonly #deps: LiveRoomDeps;
  readonly #looks: LookLog;
  #media: RoomMedia | undefined;
  #closing: Promise<void> | undefined;
  #isQuiet = true;

  constructor(id: string, policy: RoomPolicy, deps: LiveRoomDeps) {
    const { recordingDir, ffmpegPath, clock, log, hooks } = deps;
    this.id = id;
    this.state = newRoom(id, policy);
    this.#deps = deps;
    this.#looks = new LookLog(id, clock, (look) => hooks.onLook(look));
    const onChange = (): void => this.broadcast((session) => session.send('recording', this.#recordingView()));
    this.recordings = new RoomRecordings({ roomId: id, recordingDir, ffmpegPath, clock, log, hooks, onChange });
  }

  async open(): Promise<void> {
    await this.recordings.open();
    await this.#openMedia();
  }

  /** Takes over an authenticated socket. @throws DomainError `E_ROOM_CLOSED` */
  attach(socket: WebSocket, participant: ParticipantInfo): void {
    if (this.state.status !== 'open') throw roomError('E_ROOM_CLOSED');
    const before = this.sessions.get(participant.id);
    if (before !== undefined) {
      before.send('replaced', {});
      this.#drop(before);
      before.close('replaced');
    }
    const session = new Session(
      socket,
      participant,
      {
        onRequest: (from, request: RequestMessage) => handleRequest(this, from, request),
        onGone: (gone) => this.#onGone(gone),
      },
      this.#deps.log,
    );
    this.sessions.set(participant.id, session);
    this.#greet(session);
  }

  /** Decides, keeps the new state, and carries the events out. @throws DomainError */
  apply(command: RoomCommand): void {
    const now = this.#deps.clock.now();
    const { state, events } = decideRoom(this.state, command, now);
    this.state = state;
    for (const event of events) {
      react(this, event);
      this.#tell(async () => this.#deps.hooks.onRoomEvent?.(this.id, event, now));
    }
  }

  /** To everybody who has joined. */
  broadcast(send: (session: Session) => void): void {
    for (const session of this.sessions.values()) if (session.media !== undefined) send(session);
  }

  isHidden(participantId: string): boolean {
    const role = this.sessions.get(participantId)?.participant.role;
    return role !== undefined && isSilentRole(role) && !this.state.policy.showSupervisors;
  }

  /** Whether a source is held back from the others at this moment. */
  readonly isMuted = ({ participantId, source }: SentSource): boolean =>
    this.state.participants.find(({ id }) => id === participantId)?.sources[source] !== 'live';

  join(session: Session, rtpCapabilities: JsonObject): RoomSnapshot {
    const media = this.#media;
    if (media === undefined) throw roomError('E_ROOM_MEDIA_UNAVAILABLE', 'the media worker is being restarted');
    const { participant } = session;
    this.apply({ kind: 'join', participant });
    session.media?.close();
    session.media = new PeerMedia(media.router, this.#deps.transports, rtpCapabilities);
    if (isSilentRole(participant.role)) this.#tell(() => this.#looks.begin(participant.id));
    return snapshotFor(this.state, participant.id, this.#recordingView());
  }

  leave(session: Session): void {
    if (this.sessions.get(session.participant.id) !== session) return;
    const { id } = session.participant;
    if (session.media !== undefined) this.apply({ kind: 'leave', participantId: id });
    this.#tell(() => this.#looks.end(id));
    this.sessions.delete(id);
    session.media?.close();
    session.media = undefined;
  }

  /** A new source: heard by the observers, offered to the others, recorded. @returns whether it begins muted */
  onSent(sent: SentSource): boolean {
    const media = this.#media;
    if (media === undefined) throw roomError('E_ROOM_MEDIA_UNAVAILABLE');
    const { producer, participantId, source } = sent;
    producer.observer.once(
      'close',
      () => this.state.status !== 'closed' && this.apply({ kind: 'stopSource', participantId, source }),
    );
    if (source === 'mic') {
      for (const observer of [media.levels, media.dominance])
        this.#tell(() => observer.addProducer({ producerId: producer.id }));
    }
    this.broadcast((session) => this.#offer(session, sent));
    if (this.state.policy.record) this.recordings.start(media.router, sent);
    return this.isMuted(sent);
  }

  onSendingEnded({ producer }: SentSource): void {
    this.recordings.stop(producer.id, this.#media?.worker.closed === true ? 'interrupted' : 'stopped');
  }

  /** To a newcomer: everything that is being sent already. */
  offerAll(session: Session): void {
    for (const other of this.sessions.values()) for (const sent of other.media?.sent ?? []) this.#offer(session, sent);
  }

  /** Opens or shuts one source for everybody else; the recorder goes on. */
  letThrough(sent: SentSource, open: boolean): void {
    this.broadcast((session) => this.#tell(async () => session.media?.setSourceMuted(sent.producer.id, !open)));
  }

  /** Closes the room in the order of `closingCascade`. Idempotent; resolves when all is done. */
  close(reason: string): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: string): Promise<void> {
    this.apply({ kind: 'close', reason });
    await this.recordings.stopAll();
    for (const session of this.sessions.values()) session.media?.close();
    this.#media?.router.close();
    if (this.#media !== undefined) this.#deps.workers.giveBack(this.#media.worker);
    this.#media = undefined;
    await this.#looks.endAll();
    for (const session of this.sessions.values()) session.close('roomClosed');
    this.sessions.clear();
    this.apply({ kind: 'finishClosing' });
  }

  async #openMedia(): Promise<void> {
    const worker = await this.#deps.workers.take();
    const media = await openRoomMedia(worker, {
      onVolumes: (volumes) => this.#onVolumes(volumes),
      onDominantSpeaker: (producer) => this.#onDominantSpeaker(producer),
    });
    if (this.state.status !== 'open') return media.router.close();
    this.#media = media;
    media.router.once('workerclose', () => this.#tell(() => this.#onMediaLost()));
    for (const session of this.sessions.values()) this.#greet(session);
  }

  /** The worker died: everybody keeps the seat and joins again when a new router is there. */
  async #onMediaLost(): Promise<void> {
    this.#media = undefined;
    this.broadcast((session) => {
      session.send('mediaLost', {});
      session.media = undefined;
    });
    while (this.#media === undefined && this.state.status === 'open') {
      await this.#openMedia().catch((error: unknown) =>
        this.#deps.log.error('room finds no worker', { roomId: this.id, reason: String(error) }),
      );
    }
  }

  #greet(session: Session): void {
    const { id, displayName, seat, role } = session.participant;
    const router = this.#media?.router;
    // mediasoup's class of plain data, as the JSON that it is on the wire.
    if (router !== undefined)
      session.send('hello', {
        version: signallingVersion,
        you: { id, displayName, seat, role },
        routerRtpCapabilities: { ...router.rtpCapabilities },
      });
  }

  #offer(session: Session, sent: SentSource): void {
    const media = session.media;
    if (media === undefined || !media.canReceive || session.participant.id === sent.participantId) return;
    this.#tell(async () => {
      const consumer = await media.receive(sent, (consumerId) => session.send('consumerClosed', { consumerId }));
      if (consumer === undefined) return;
      const { participantId, source, producer } = sent;
      session.send('newConsumer', {
        consumerId: consumer.id,
        producerId: producer.id,
        participantId,
        source,
        rtpParameters: { ...consumer.rtpParameters },
        muted: this.isMuted(sent),
      });
    });
  }

  #onGone(session: Session): void {
    if (this.sessions.get(session.participant.id) !== session) return;
    if (isSilentRole(session.participant.role)) return this.leave(session);
    this.#drop(session);
    this.sessions.delete(session.participant.id);
  }

  /** The seat is kept, what the connection carried is gone. */
  #drop(session: Session): void {
    const { id } = session.participant;
    this.#tell(() => this.#looks.end(id));
    if (session.media === undefined) return;
    this.apply({ kind: 'loseConnection', participantId: id });
    session.media.close();
    session.media = undefined;
  }

  #onVolumes(volumes: readonly AudioLevelObserverVolume[]): void {
    const speakers = volumes
      .map(({ producer, volume }) => ({ sent: producer.appData as unknown as SentSource, volume }))
      .filter(({ sent }) => !this.isMuted(sent))
      .map(({ sent, volume }) => ({ participantId: sent.participantId, volume }));
    if (speakers.length === 0 && this.#isQuiet) return;
    this.#isQuiet = speakers.length === 0;
    this.broadcast((session) => session.send('speaking', { speakers }));
  }

  #onDominantSpeaker(producer: Producer): void {
    const sent = producer.appData as unknown as SentSource;
    if (!this.isMuted(sent))
      this.broadcast((session) => session.send('activeSpeaker', { participantId: sent.participantId }));
  }

  #recordingView(): RoomSnapshot['recording'] {
    return { policy: this.state.policy.record, ...this.recordings.counts };
  }

  /** Work that nobody waits for: what fails is written down. */
  #tell(work: () => Promise<void>): void {
    work().catch((error: unknown) =>
      this.#deps.log.error('room work failed', { roomId: this.id, reason: String(error) }),
    );
  }
}
