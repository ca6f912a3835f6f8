import { DomainError, newId } from '@qej/kernel';
import { isRefusal, roomError } from '../error-codes.ts';
import { closeCodes, type EventMessage, type ResponseBody } from '../signalling/events.ts';
import { encodeMessage, parseResponseBody, parseServerMessage, type ResponseMessage } from '../signalling/messages.ts';
import type { RequestBody, RequestKind, RequestMessage } from '../signalling/requests.ts';
import type { ClosedBecause } from './client-state.ts';
import type { SocketLike } from './ports.ts';

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;
const TRIES_WITHOUT_ANSWER = 10;
const REQUEST_LIMIT_MS = 15_000;

const finalCodes: Readonly<Record<number, ClosedBecause>> = {
  [closeCodes.roomClosed]: 'roomClosed',
  [closeCodes.replaced]: 'replaced',
  [closeCodes.badMessage]: 'protocol',
  [closeCodes.left]: 'left',
  [closeCodes.tooManyMessages]: 'protocol',
};

export interface RoomSocketListener {
  onEvent(message: EventMessage): void;
  /** The socket is lost and another is being tried. */
  onLost(): void;
  /** It will not be tried again. */
  onClosed(because: ClosedBecause): void;
}

interface Pending {
  settle(message: ResponseMessage): void;
  fail(error: DomainError): void;
}

/** One lasting connection over as many sockets as it takes: requests with ids, events, backing off. */
export class RoomSocket {
  readonly #open: () => SocketLike;
  readonly #listener: RoomSocketListener;
  readonly #pending = new Map<string, Pending>();
  #socket: SocketLike | undefined;
  #isOpen = false;
  #tries = 0;
  #isFinished = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(open: () => SocketLike, listener: RoomSocketListener) {
    this.#open = open;
    this.#listener = listener;
  }

  connect(): void {
    const socket = this.#open();
    this.#socket = socket;
    socket.addEventListener('open', () => (this.#isOpen = true));
    socket.addEventListener('message', ({ data }) => {
      if (this.#socket === socket) this.#onFrame(data);
    });
    // 'close' follows in each case.
    socket.addEventListener('error', () => undefined);
    socket.addEventListener('close', ({ code }) => {
      if (this.#socket === socket) this.#onClose(code);
    });
  }

  /** @throws DomainError with the server's code, or `E_ROOM_MEDIA_UNAVAILABLE` when the connection is lost before the answer */
  async request<K extends RequestKind>(kind: K, body: RequestBody<K>): Promise<ResponseBody<K>> {
    const id = newId();
    const socket = this.#socket;
    if (socket === undefined || !this.#isOpen) throw roomError('E_ROOM_MEDIA_UNAVAILABLE', 'not connected');
    const answer = await new Promise<ResponseMessage>((settle, fail) => {
      const limit = setTimeout(() => fail(roomError('E_ROOM_MEDIA_UNAVAILABLE', 'no answer')), REQUEST_LIMIT_MS);
      this.#pending.set(id, {
        settle: (message) => {
          clearTimeout(limit);
          settle(message);
        },
        fail: (error) => {
          clearTimeout(limit);
          fail(error);
        },
      });
      // Kind and body belong together by the signature; the union cannot be rebuilt from a generic K.
      socket.send(encodeMessage({ type: 'request', id, kind, body } as RequestMessage));
    }).finally(() => this.#pending.delete(id));
    if (!answer.ok) throw new DomainError(answer.error.code, { detail: answer.error.detail });
    return parseResponseBody(kind, answer.body) as ResponseBody<K>;
  }

  /** Idempotent. */
  close(because: ClosedBecause): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    clearTimeout(this.#retry);
    this.#failPending();
    this.#socket?.close(1000, because);
    this.#socket = undefined;
    this.#listener.onClosed(because);
  }

  #onFrame(data: unknown): void {
    if (typeof data !== 'string') return this.close('protocol');
    let message;
    try {
      message = parseServerMessage(data);
    } catch (error) {
      if (isRefusal(error)) return this.close('protocol');
      throw error;
    }
    this.#tries = 0;
    if (message.type === 'event') this.#listener.onEvent(message);
    else this.#pending.get(message.id)?.settle(message);
  }

  #onClose(code: number): void {
    this.#isOpen = false;
    this.#failPending();
    const because = finalCodes[code] ?? (this.#tries >= TRIES_WITHOUT_ANSWER ? 'unreachable' : undefined);
    if (because !== undefined) return this.close(because);
    this.#listener.onLost();
    const waitMs = Math.min(FIRST_RETRY_MS * 2 ** this.#tries, LONGEST_RETRY_MS);
    this.#tries += 1;
    this.#retry = setTimeout(() => this.connect(), waitMs);
  }

  #failPending(): void {
    for (const { fail } of this.#pending.values())
      fail(roomError('E_ROOM_MEDIA_UNAVAILABLE', 'the connection was lost'));
    this.#pending.clear();
  }
}
