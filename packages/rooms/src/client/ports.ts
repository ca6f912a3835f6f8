import type { MediaSource } from '../roles.ts';
import type { JsonObject } from '../signalling/shape.ts';

/** The part of a WebSocket that the client uses: the browser's and that of `ws` both fit. */
export interface SocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number }) => void): void;
}

/** The part of mediasoup-client's Device that the client uses; the caller passes the real one. */
export interface DeviceLike {
  readonly recvRtpCapabilities: JsonObject;
  load(options: { routerRtpCapabilities: JsonObject }): Promise<void>;
  createSendTransport(options: TransportOptions): TransportLike;
  createRecvTransport(options: TransportOptions): TransportLike;
}

export interface TransportOptions {
  readonly id: string;
  readonly iceParameters: JsonObject;
  readonly iceCandidates: JsonObject[];
  readonly dtlsParameters: JsonObject;
}

export interface TransportLike {
  readonly id: string;
  readonly closed: boolean;
  /** 'connect', 'produce' and 'connectionstatechange': the listeners differ by event, and only `any` fits the library's generic signature. */
  // eslint-disable-next-line typescript/no-explicit-any
  on(event: string, listener: (...args: any[]) => void): unknown;
  produce(options: ProduceOptions): Promise<ProducerLike>;
  consume(options: ConsumeOptions): Promise<ConsumerLike>;
  restartIce(options: { iceParameters: JsonObject }): Promise<void>;
  close(): void;
}

export interface ConsumeOptions {
  readonly id: string;
  readonly producerId: string;
  readonly kind: 'audio' | 'video';
  /** As the server sent them; the library's own type of them is not known here, and `never` fits every one. */
  readonly rtpParameters: never;
  readonly streamId: string;
}

export interface ProduceOptions extends PublishOptions {
  readonly track: MediaStreamTrack;
  readonly stopTracks: boolean;
  readonly appData: { readonly source: MediaSource; readonly muted: boolean };
}

export interface PublishOptions {
  /** WebRTC encodings, for instance `[{ maxBitrate: 300_000, maxFramerate: 15 }]`. */
  readonly encodings?: JsonObject[];
  /** mediasoup-client's codec options, for instance `{ opusStereo: false }`. */
  readonly codecOptions?: JsonObject;
}

export interface ProducerLike {
  readonly id: string;
  readonly closed: boolean;
  pause(): void;
  resume(): void;
  close(): void;
}

export interface ConsumerLike {
  readonly id: string;
  readonly track: MediaStreamTrack;
  close(): void;
}
