import { roomError, type JsonObject, type MediaSource } from '@qej/rooms';
import type {
  Consumer,
  DtlsParameters,
  Producer,
  Router,
  RtpCapabilities,
  RtpParameters,
  WebRtcTransport,
} from 'mediasoup/types';

export type Direction = 'send' | 'recv';

export interface TransportPolicy {
  readonly listenIp: string;
  readonly announcedAddress: string | undefined;
}

const INITIAL_OUTGOING_BITS_PER_S = 600_000;

/** A source that is being sent, on the server's side. */
export interface SentSource {
  readonly participantId: string;
  readonly source: MediaSource;
  readonly producer: Producer;
}

interface Reception {
  readonly consumer: Consumer;
  readonly from: SentSource;
  /** The client asked for packets; until then mediasoup holds them back so that no key frame is lost. */
  wanted: boolean;
}

const kindOf = { mic: 'audio', camera: 'video', screen: 'video' } as const satisfies Record<
  MediaSource,
  'audio' | 'video'
>;

/** Transports, producers and consumers of one participant on the room's present router. */
export class PeerMedia {
  readonly rtpCapabilities: RtpCapabilities;
  readonly #router: Router;
  readonly #policy: TransportPolicy;
  readonly #transports = new Map<Direction, WebRtcTransport>();
  readonly #sent = new Map<string, SentSource>();
  readonly #receptions = new Map<string, Reception>();

  constructor(router: Router, policy: TransportPolicy, rtpCapabilities: JsonObject) {
    this.#router = router;
    this.#policy = policy;
    // mediasoup checks the shape at the first use (ortc.validateRtpCapabilities) and throws TypeError.
    this.rtpCapabilities = rtpCapabilities as RtpCapabilities;
  }

  get canReceive(): boolean {
    return this.#transports.has('recv');
  }

  get sent(): readonly SentSource[] {
    return [...this.#sent.values()];
  }

  /** One of each direction; asking again replaces it. */
  async createTransport(direction: Direction): Promise<WebRtcTransport> {
    this.#transports.get(direction)?.close();
    const { listenIp, announcedAddress } = this.#policy;
    const transport = await this.#router.createWebRtcTransport({
      listenInfos: [{ protocol: 'udp', ip: listenIp, ...(announcedAddress === undefined ? {} : { announcedAddress }) }],
      enableUdp: true,
      enableTcp: false,
      initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITS_PER_S,
      appData: { direction },
    });
    this.#transports.set(direction, transport);
    return transport;
  }

  /** @throws DomainError `E_ROOM_MEDIA_PARAMETERS` */
  transport(id: string): WebRtcTransport {
    const transport = [...this.#transports.values()].find((each) => each.id === id);
    if (transport === undefined) throw roomError('E_ROOM_MEDIA_PARAMETERS', 'no such transport');
    return transport;
  }

  async connectTransport(id: string, dtlsParameters: JsonObject): Promise<void> {
    // Checked by mediasoup, which throws TypeError.
    await this.transport(id).connect({ dtlsParameters: dtlsParameters as unknown as DtlsParameters });
  }

  async produce(
    transportId: string,
    participantId: string,
    source: MediaSource,
    rtpParameters: JsonObject,
  ): Promise<SentSource> {
    const transport = this.transport(transportId);
    if (this.#transports.get('send') !== transport)
      throw roomError('E_ROOM_MEDIA_PARAMETERS', 'not the sending transport');
    const producer = await transport.produce({
      kind: kindOf[source],
      rtpParameters: rtpParameters as unknown as RtpParameters,
      appData: { participantId, source },
    });
    const sent: SentSource = { participantId, source, producer };
    this.#sent.set(producer.id, sent);
    return sent;
  }

  /** @throws DomainError `E_ROOM_SOURCE` */
  getSent(producerId: string): SentSource {
    const sent = this.#sent.get(producerId);
    if (sent === undefined) throw roomError('E_ROOM_SOURCE', 'no such producer');
    return sent;
  }

  /** Closes what this participant sends from a source; returns it if it was there. */
  stopSending(source: MediaSource): SentSource | undefined {
    const sent = this.sent.find((each) => each.source === source);
    if (sent === undefined) return undefined;
    this.#sent.delete(sent.producer.id);
    sent.producer.close();
    return sent;
  }

  /** Creates a paused consumer; `undefined` when this client cannot play it or the producer has gone meanwhile. */
  async receive(from: SentSource, onClosed: (consumerId: string) => void): Promise<Consumer | undefined> {
    const transport = this.#transports.get('recv');
    const producerId = from.producer.id;
    const known = [...this.#receptions.values()].some((each) => each.from.producer.id === producerId);
    if (
      transport === undefined ||
      known ||
      from.producer.closed ||
      !this.#router.canConsume({ producerId, rtpCapabilities: this.rtpCapabilities })
    )
      return undefined;
    const consumer = await transport.consume({ producerId, rtpCapabilities: this.rtpCapabilities, paused: true });
    if (consumer.closed) return undefined;
    this.#receptions.set(consumer.id, { consumer, from, wanted: false });
    consumer.once('transportclose', () => this.#receptions.delete(consumer.id));
    consumer.once('producerclose', () => {
      this.#receptions.delete(consumer.id);
      onClosed(consumer.id);
    });
    return consumer;
  }

  /** @throws DomainError `E_ROOM_SOURCE` */
  async setWanted(consumerId: string, wanted: boolean, isMuted: (from: SentSource) => boolean): Promise<void> {
    const reception = this.#getReception(consumerId);
    reception.wanted = wanted;
    await this.#settle(reception, isMuted(reception.from));
  }

  /** Holds back or lets through what comes from one producer. */
  async setSourceMuted(producerId: string, muted: boolean): Promise<void> {
    for (const reception of this.#receptions.values()) {
      if (reception.from.producer.id === producerId) await this.#settle(reception, muted);
    }
  }

  async setPreferredLayers(consumerId: string, spatialLayer: number, temporalLayer: number): Promise<void> {
    await this.#getReception(consumerId).consumer.setPreferredLayers({ spatialLayer, temporalLayer });
  }

  /** Closes both transports and with them everything that hangs on them. */
  close(): void {
    for (const transport of this.#transports.values()) transport.close();
    this.#transports.clear();
    this.#sent.clear();
    this.#receptions.clear();
  }

  #getReception(consumerId: string): Reception {
    const reception = this.#receptions.get(consumerId);
    if (reception === undefined) throw roomError('E_ROOM_SOURCE', 'no such consumer');
    return reception;
  }

  async #settle({ consumer, wanted }: Reception, muted: boolean): Promise<void> {
    if (consumer.closed) return;
    await (wanted && !muted ? consumer.resume() : consumer.pause());
  }
}
