import { isRefusal } from '../error-codes.ts';
import { mayInRoom, type MediaSource } from '../roles.ts';
import type { EventBody, EventMessage } from '../signalling/events.ts';
import { signallingVersion } from '../signalling/requests.ts';
import { ClientMedia, type Publication, type ReceivedTrack } from './client-media.ts';
import { initialClientState, reduceClientState, type ClientState, type ClosedBecause } from './client-state.ts';
import { Emitter } from './emitter.ts';
import type { DeviceLike, PublishOptions, SocketLike } from './ports.ts';
import { RoomSocket } from './room-socket.ts';

export interface RoomClientDeps {
  /** A new socket to the room, for instance `() => new WebSocket(url)`; called again at each reconnection. */
  readonly openSocket: () => SocketLike;
  /** mediasoup-client's `Device.factory`. */
  readonly createDevice: () => Promise<DeviceLike>;
}

export interface RoomClientEvents {
  /** Something that a screen shows has changed. */
  state: ClientState;
  /** Play it: attach to a playing `<audio>` or `<video>`. */
  track: ReceivedTrack;
  trackEnded: ReceivedTrack;
  /** Something failed in the background, for instance publishing again after a reconnection. */
  problem: { readonly error: Error };
}

/** Refusals that a restarting media worker causes; the next `hello` mends them. */
const passingCodes: ReadonlySet<string> = new Set(['E_ROOM_MEDIA_UNAVAILABLE', 'E_ROOM_PHASE']);

/**
 * A person's side of a room, without any library of its own: joins, sends, receives, and comes back by
 * itself after a lost socket or a lost media worker, sending again what was being sent.
 */
export class RoomClient {
  readonly #deps: RoomClientDeps;
  readonly #events = new Emitter<RoomClientEvents>();
  readonly #socket: RoomSocket;
  readonly #published = new Map<MediaSource, Publication>();
  #state: ClientState = initialClientState;
  #media: ClientMedia | undefined;
  #joined = Promise.withResolvers<void>();
  /** Messages are taken one after the other, since some need several steps. */
  #queue: Promise<void> = Promise.resolve();

  constructor(deps: RoomClientDeps) {
    this.#deps = deps;
    // Nobody may be waiting for it when it fails.
    this.#joined.promise.catch(() => undefined);
    this.#socket = new RoomSocket(deps.openSocket, {
      onEvent: (message) => this.#onEvent(message),
      onLost: () => this.#onLost(),
      onClosed: (because) => this.#onClosed(because),
    });
  }

  get state(): ClientState {
    return this.#state;
  }

  /** @returns a function that takes the listener away again */
  on<K extends keyof RoomClientEvents>(kind: K, listener: (event: RoomClientEvents[K]) => void): () => void {
    return this.#events.on(kind, listener);
  }

  /** Resolves when the room is entered. @throws Error when it is refused or cannot be reached */
  async join(): Promise<void> {
    if (this.#state.connection === 'idle') {
      this.#setState({ ...this.#state, connection: 'connecting' });
      this.#socket.connect();
    }
    await this.#joined.promise;
  }

  /**
   * Sends a track until {@link unpublish}, over lost connections too; the track stays the caller's to stop.
   * @throws DomainError
   */
  async publish(
    track: MediaStreamTrack,
    source: MediaSource,
    options: PublishOptions & { readonly muted?: boolean } = {},
  ): Promise<void> {
    const { muted = false, ...publishOptions } = options;
    const publication: Publication = { track, options: publishOptions, muted };
    this.#published.set(source, publication);
    const media = this.#media;
    try {
      await media?.publish(source, publication);
    } catch (error) {
      // Lost meanwhile: the next `hello` sends it. After the end of the room there is none.
      if (media !== this.#media && this.#state.connection !== 'closed') return;
      this.#published.delete(source);
      throw error;
    }
  }

  async unpublish(source: MediaSource): Promise<void> {
    this.#published.delete(source);
    await this.#media?.unpublish(source);
  }

  /** @throws DomainError `E_ROOM_FLOOR` when somebody else holds the floor */
  async setMuted(source: MediaSource, muted: boolean): Promise<void> {
    await this.#media?.setMuted(source, muted);
    const publication = this.#published.get(source);
    if (publication !== undefined) publication.muted = muted;
  }

  async setReceiving(participantId: string, source: MediaSource, on: boolean): Promise<void> {
    await this.#media?.setReceiving(participantId, source, on);
  }

  async raiseHand(): Promise<void> {
    await this.#socket.request('raiseHand', {});
  }

  /** One's own, or as chair or host another's. */
  async lowerHand(participantId?: string): Promise<void> {
    await this.#socket.request('lowerHand', { participantId: participantId ?? this.#state.you?.id ?? '' });
  }

  async grantFloor(participantId: string | null): Promise<void> {
    await this.#socket.request('grantFloor', { participantId });
  }

  async muteParticipant(participantId: string, source: MediaSource): Promise<void> {
    await this.#socket.request('muteParticipant', { participantId, source });
  }

  /** Idempotent. */
  async leave(): Promise<void> {
    // Without a connection there is nobody to say goodbye to; the server notices by itself.
    if (this.#state.connection === 'joined') await this.#socket.request('leave', {}).catch(() => undefined);
    this.#socket.close('left');
  }

  #setState(state: ClientState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#events.emit('state', state);
  }

  #onEvent(message: EventMessage): void {
    this.#setState(reduceClientState(this.#state, message));
    if (message.kind === 'mediaLost') this.#dropMedia();
    if (message.kind === 'sourceChanged') this.#onSourceChanged(message.body);
    if (message.kind === 'hello') this.#enqueue(() => this.#enter(message.body));
    if (message.kind === 'newConsumer') this.#enqueue(() => this.#consume(message.body));
    if (message.kind === 'consumerClosed') this.#enqueue(async () => this.#stopConsuming(message.body.consumerId));
  }

  #onSourceChanged({ participantId, source, state }: EventBody<'sourceChanged'>): void {
    if (participantId !== this.#state.you?.id) return;
    const publication = this.#published.get(source);
    if (publication !== undefined && state === 'muted') publication.muted = true;
    this.#media?.follow(source, state);
  }

  async #enter({ routerRtpCapabilities, you }: EventBody<'hello'>): Promise<void> {
    this.#dropMedia();
    const device = await this.#deps.createDevice();
    await device.load({ routerRtpCapabilities });
    const media = new ClientMedia(this.#socket, device);
    try {
      const snapshot = await this.#socket.request('join', {
        version: signallingVersion,
        rtpCapabilities: device.recvRtpCapabilities,
      });
      await media.openReceiving();
      this.#setState({ ...this.#state, ...snapshot, connection: 'joined' });
    } catch (error) {
      media.close();
      throw error;
    }
    this.#media = media;
    this.#joined.resolve();
    if (mayInRoom(you.role, 'speak'))
      await Promise.all(
        [...this.#published].map(([source, publication]) => this.#publishAgain(media, source, publication)),
      );
  }

  async #publishAgain(media: ClientMedia, source: MediaSource, publication: Publication): Promise<void> {
    try {
      if (publication.track.readyState === 'live') return await media.publish(source, publication);
    } catch (error) {
      // Lost once more: the next `hello` tries again.
      if (media !== this.#media) return;
      this.#onProblem(error);
    }
    this.#published.delete(source);
  }

  async #consume(body: EventBody<'newConsumer'>): Promise<void> {
    const media = this.#media;
    try {
      const received = await media?.consume(body);
      if (received !== undefined) this.#events.emit('track', received);
    } catch (error) {
      // Lost meanwhile: the server offers it anew.
      if (media === this.#media) throw error;
    }
  }

  #stopConsuming(consumerId: string): void {
    const ended = this.#media?.stopConsuming(consumerId);
    if (ended !== undefined) this.#events.emit('trackEnded', ended);
  }

  #dropMedia(): void {
    for (const ended of this.#media?.close() ?? []) this.#events.emit('trackEnded', ended);
    this.#media = undefined;
  }

  #onLost(): void {
    this.#dropMedia();
    if (this.#state.connection === 'joined')
      this.#setState({ ...this.#state, connection: 'reconnecting', speakers: [], activeSpeaker: null });
  }

  #onClosed(because: ClosedBecause): void {
    this.#dropMedia();
    this.#setState({ ...this.#state, connection: 'closed', closedBecause: because });
    this.#joined.reject(new Error(`the room is closed: ${because}`));
  }

  #enqueue(work: () => Promise<void>): void {
    this.#queue = this.#queue.then(work).catch((error: unknown) => this.#onProblem(error));
  }

  #onProblem(error: unknown): void {
    const problem = error instanceof Error ? error : new Error(String(error));
    // Refused on the way in: nothing will change by waiting. A lost connection comes back by itself.
    if (this.#state.connection === 'connecting' && isRefusal(problem) && !passingCodes.has(problem.code)) {
      this.#joined.reject(problem);
      this.#socket.close('refused');
    }
    this.#events.emit('problem', { error: problem });
  }
}
