import { roomError } from '../error-codes.ts';
import type { MediaSource } from '../roles.ts';
import type { EventBody } from '../signalling/events.ts';
import type { JsonObject } from '../signalling/shape.ts';
import type { ConsumerLike, DeviceLike, ProducerLike, PublishOptions, TransportLike } from './ports.ts';
import type { RoomSocket } from './room-socket.ts';

/** What this person sends; kept over reconnections, so that it is sent again. */
export interface Publication {
  readonly track: MediaStreamTrack;
  readonly options: PublishOptions;
  muted: boolean;
}

export interface ReceivedTrack {
  readonly participantId: string;
  readonly source: MediaSource;
  readonly track: MediaStreamTrack;
}

type Listener<T> = (given: T, done: (answer?: { readonly id: string }) => void, fail: (error: Error) => void) => void;

/** Sound and picture of one person are played in step, a shared screen for itself. */
const streamIdOf = (participantId: string, source: MediaSource): string =>
  `${participantId}-${source === 'screen' ? 'screen' : 'person'}`;

/** Transports, producers and consumers of one stay in the room: from one `hello` to the next. */
export class ClientMedia {
  readonly #socket: RoomSocket;
  readonly #device: DeviceLike;
  readonly #producers = new Map<MediaSource, ProducerLike>();
  readonly #consumers = new Map<string, { readonly consumer: ConsumerLike; readonly from: ReceivedTrack }>();
  #send: Promise<TransportLike> | undefined;
  #recv: TransportLike | undefined;
  readonly #over = Promise.withResolvers<never>();
  #isClosed = false;

  constructor(socket: RoomSocket, device: DeviceLike) {
    this.#socket = socket;
    this.#device = device;
    // Nobody may be waiting for it.
    this.#over.promise.catch(() => undefined);
  }

  async openReceiving(): Promise<void> {
    this.#recv = await this.#openTransport('recv');
  }

  async publish(source: MediaSource, publication: Publication): Promise<void> {
    const transport = await (this.#send ??= this.#openTransport('send'));
    const { track, options, muted } = publication;
    const producer = await this.#whileHere(
      transport.produce({ ...options, track, stopTracks: false, appData: { source, muted } }),
    );
    this.#producers.set(source, producer);
    if (publication.muted) producer.pause();
  }

  async unpublish(source: MediaSource): Promise<void> {
    const producer = this.#producers.get(source);
    if (producer === undefined) return;
    this.#producers.delete(source);
    producer.close();
    await this.#socket.request('closeProducer', { producerId: producer.id });
  }

  /** Sound stops at once; it starts again only after the server has agreed. */
  async setMuted(source: MediaSource, muted: boolean): Promise<void> {
    const producer = this.#producers.get(source);
    if (producer === undefined) return;
    if (muted) producer.pause();
    await this.#socket.request(muted ? 'pauseProducer' : 'resumeProducer', { producerId: producer.id });
    if (!muted) producer.resume();
  }

  /** Follows what the server decided about a source of one's own. */
  follow(source: MediaSource, state: 'live' | 'muted' | 'ended'): void {
    const producer = this.#producers.get(source);
    if (producer === undefined || producer.closed) return;
    if (state === 'muted') producer.pause();
    if (state !== 'ended') return;
    this.#producers.delete(source);
    producer.close();
  }

  async consume({
    consumerId,
    producerId,
    participantId,
    source,
    rtpParameters,
  }: EventBody<'newConsumer'>): Promise<ReceivedTrack | undefined> {
    if (this.#recv === undefined) return undefined;
    const kind = source === 'mic' ? 'audio' : 'video';
    const consumer = await this.#whileHere(
      this.#recv.consume({
        id: consumerId,
        producerId,
        kind,
        // Checked by the library (ortc.validateRtpParameters).
        rtpParameters: rtpParameters as never,
        streamId: streamIdOf(participantId, source),
      }),
    );
    const from: ReceivedTrack = { participantId, source, track: consumer.track };
    this.#consumers.set(consumerId, { consumer, from });
    await this.#socket.request('resumeConsumer', { consumerId });
    return from;
  }

  /** Pauses or resumes what arrives from somebody, for instance while the room is hidden. */
  async setReceiving(participantId: string, source: MediaSource, on: boolean): Promise<void> {
    for (const [consumerId, { from }] of this.#consumers) {
      if (from.participantId === participantId && from.source === source)
        await this.#socket.request(on ? 'resumeConsumer' : 'pauseConsumer', { consumerId });
    }
  }

  stopConsuming(consumerId: string): ReceivedTrack | undefined {
    const entry = this.#consumers.get(consumerId);
    this.#consumers.delete(consumerId);
    entry?.consumer.close();
    return entry?.from;
  }

  /** @returns the tracks that end with it */
  close(): readonly ReceivedTrack[] {
    this.#isClosed = true;
    this.#over.reject(roomError('E_ROOM_MEDIA_UNAVAILABLE', 'the connection was lost'));
    const ended = [...this.#consumers.values()].map(({ from }) => from);
    this.#consumers.clear();
    this.#producers.clear();
    this.#recv?.close();
    // A transport that could not be opened has nothing to close; who asked for it has been told.
    this.#send?.then((transport) => transport.close()).catch(() => undefined);
    return ended;
  }

  /**
   * What Chromium has begun on a peer connection that is then closed never settles, neither well nor badly
   * (`setRemoteDescription` and `createOffer` seen so): whoever waits is told here.
   */
  #whileHere<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#over.promise]);
  }

  async #openTransport(direction: 'send' | 'recv'): Promise<TransportLike> {
    const { transportId: id, ...parameters } = await this.#socket.request('createTransport', { direction });
    const options = { id, ...parameters, iceCandidates: [...parameters.iceCandidates] };
    const transport =
      direction === 'send' ? this.#device.createSendTransport(options) : this.#device.createRecvTransport(options);
    const onConnect: Listener<{ dtlsParameters: JsonObject }> = ({ dtlsParameters }, done, fail) => {
      this.#socket.request('connectTransport', { transportId: id, dtlsParameters }).then(() => done(), fail);
    };
    const onProduce: Listener<{ rtpParameters: JsonObject; appData: { source: MediaSource; muted: boolean } }> = (
      { rtpParameters, appData },
      done,
      fail,
    ) => {
      const { source, muted } = appData;
      this.#socket
        .request('produce', { transportId: id, source, rtpParameters, muted })
        .then(({ producerId }) => done({ id: producerId }), fail);
    };
    transport.on('connect', onConnect);
    if (direction === 'send') transport.on('produce', onProduce);
    transport.on('connectionstatechange', (state: string) => {
      if (state === 'failed' && !this.#isClosed) void this.#restartIce(transport);
    });
    return transport;
  }

  async #restartIce(transport: TransportLike): Promise<void> {
    try {
      await transport.restartIce(await this.#socket.request('restartIce', { transportId: transport.id }));
    } catch {
      // The socket is gone as well: the next `hello` opens new transports.
    }
  }
}
