import type { DomainError } from '@qej/kernel';
import {
  closeCodes,
  encodeMessage,
  isRefusal,
  maxMessageBytes,
  mayInRoom,
  parseRequest,
  requestIdOf,
  requestRules,
  roomError,
} from '@qej/rooms';
import type { EventBody, EventKind, ParticipantInfo, RequestMessage, ResponseMessage, ServerMessage } from '@qej/rooms';
import type { WebSocket } from 'ws';
import type { PeerMedia } from './peer-media.ts';
import type { MediaLog } from './ports.ts';
import { MessageBudget, RequestRecord } from './request-record.ts';

const HEARTBEAT_MS = 10_000;
const BURST = 200;
const PER_SECOND = 50;
const MAX_DETAIL = 300;

export interface SessionListener {
  /** Carries out a permitted request and returns the body of the answer. */
  onRequest(session: Session, request: RequestMessage): Promise<unknown>;
  /** Once, when the socket is gone for whatever reason. */
  onGone(session: Session): void;
}

/** One socket of one participant: frames in and out, order, budget, heartbeat. Owns the socket. */
export class Session {
  participant: ParticipantInfo;
  /** `undefined` until `join` and after the media worker was lost. */
  media: PeerMedia | undefined;
  readonly #socket: WebSocket;
  readonly #listener: SessionListener;
  readonly #log: MediaLog;
  readonly #requests = new RequestRecord();
  readonly #budget = new MessageBudget(BURST, PER_SECOND, performance.now());
  readonly #heartbeat: NodeJS.Timeout;
  #afterAnswer: (() => void)[] = [];
  #queue: Promise<void> = Promise.resolve();
  #alive = true;
  #gone = false;

  constructor(socket: WebSocket, participant: ParticipantInfo, listener: SessionListener, log: MediaLog) {
    this.#socket = socket;
    this.participant = participant;
    this.#listener = listener;
    this.#log = log;
    socket.on('message', (frame, isBinary) => this.#onFrame(frame, isBinary));
    socket.on('pong', () => (this.#alive = true));
    socket.on('error', (error) => log.warn('room socket failed', { reason: error.message }));
    socket.on('close', () => this.#onClose());
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get isGone(): boolean {
    return this.#gone;
  }

  send<K extends EventKind>(kind: K, body: EventBody<K>): void {
    // Kind and body belong together by the signature; the union cannot be rebuilt from a generic K.
    this.#write({ type: 'event', kind, body } as ServerMessage);
  }

  /** Runs after the answer to the present request has been written, so that events follow it. */
  afterAnswer(work: () => void): void {
    this.#afterAnswer.push(work);
  }

  close(code: keyof typeof closeCodes): void {
    this.#socket.close(closeCodes[code], code);
  }

  #write(message: ServerMessage): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(encodeMessage(message));
  }

  #beat(): void {
    if (!this.#alive) return this.#socket.terminate();
    this.#alive = false;
    this.#socket.ping();
  }

  #onClose(): void {
    clearInterval(this.#heartbeat);
    if (this.#gone) return;
    this.#gone = true;
    this.#listener.onGone(this);
  }

  #onFrame(frame: WebSocket.RawData, isBinary: boolean): void {
    if (!this.#budget.spend(performance.now())) return this.close('tooManyMessages');
    // ws hands out a Buffer unless the owner of the server changed binaryType; anything else is refused.
    if (isBinary || !Buffer.isBuffer(frame) || frame.length > maxMessageBytes) return this.close('badMessage');
    const text = frame.toString('utf8');
    this.#queue = this.#queue
      .then(() => this.#answer(text))
      .catch((error: unknown) => this.#log.error('room request failed', { reason: String(error) }));
  }

  async #answer(text: string): Promise<void> {
    if (this.#gone) return;
    let request: RequestMessage;
    try {
      request = parseRequest(text);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const id = requestIdOf(text);
      return id === undefined ? this.close('badMessage') : this.#write(failed(id, error));
    }
    this.#write(await this.#requests.once(request.id, () => this.#carryOut(request)));
    const after = this.#afterAnswer;
    this.#afterAnswer = [];
    for (const work of after) work();
  }

  async #carryOut(request: RequestMessage): Promise<ResponseMessage> {
    try {
      this.#check(request);
      return { type: 'response', id: request.id, ok: true, body: await this.#listener.onRequest(this, request) };
    } catch (error) {
      return failed(request.id, this.#asRefusal(request, error));
    }
  }

  #check(request: RequestMessage): void {
    const rule = requestRules[request.kind];
    if (!mayInRoom(this.participant.role, rule.permission))
      throw roomError('E_ROOM_FORBIDDEN', `${this.participant.role} may not ${rule.permission}`);
    if (rule.phase === 'joined' && this.media === undefined) throw roomError('E_ROOM_PHASE', 'join first');
  }

  /** mediasoup refuses bad parameters with TypeError or UnsupportedError; the rest means that media is broken. */
  #asRefusal(request: RequestMessage, error: unknown): DomainError {
    if (isRefusal(error)) return error;
    if (error instanceof TypeError || (error instanceof Error && error.name === 'UnsupportedError'))
      return roomError('E_ROOM_MEDIA_PARAMETERS', error.message);
    this.#log.error('room request failed', { kind: request.kind, reason: String(error) });
    return roomError('E_ROOM_MEDIA_UNAVAILABLE');
  }
}

const failed = (id: string, error: DomainError): ResponseMessage => ({
  type: 'response',
  id,
  ok: false,
  error: { code: error.code, detail: error.message.replaceAll(/[\u0000-\u001f]/g, ' ').slice(0, MAX_DETAIL) },
});
