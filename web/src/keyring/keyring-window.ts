import { DomainError, newId } from '@qej/kernel';
import { KEYRING_PROTOCOL, readReply } from './protocol.ts';
import type { KeyringCalls, KeyringKind, KeyringRequest } from './protocol.ts';

const LOAD_MS = 20_000;
const LOOK_MS = 300;
const FEATURES = 'popup,width=560,height=780';

type AnyAnswer = KeyringCalls[KeyringKind]['answer'];
interface Pending {
  readonly request: KeyringRequest;
  readonly resolve: (value: AnyAnswer) => void;
  readonly reject: (error: Error) => void;
}

/** The app's end of the keyring protocol. One window, one question at a time. */
export class KeyringWindow {
  readonly #origin: string;
  readonly #language: () => string;
  /** Of this page alone: two tabs do not share a window. */
  readonly #name = `qej-keyring-${newId()}`;
  #target: Window | null = null;
  #isReady = false;
  #openedAt = 0;
  #pending: Pending | undefined;
  #watching: ReturnType<typeof setInterval> | undefined;

  constructor(origin: string, language: () => string) {
    this.#origin = origin;
    this.#language = language;
  }

  /** Opens it, or brings it to the front; inside a click, before anything is awaited. @throws `E_KEYRING_BLOCKED` */
  open(): void {
    if (this.#target !== null && !this.#target.closed) return this.#target.focus();
    this.#stop();
    this.#target = window.open(`${this.#origin}/?lang=${this.#language()}`, this.#name, FEATURES);
    if (this.#target === null) throw new DomainError('E_KEYRING_BLOCKED');
    this.#openedAt = performance.now();
    window.addEventListener('message', this.#receive);
    this.#watching = setInterval(this.#look, LOOK_MS);
  }

  /** One question; the person confirms it in the window. @throws DomainError, see `keyringErrorCodes` */
  async ask<K extends KeyringKind>(
    kind: K,
    ask: KeyringCalls[K]['ask'],
    fingerprint?: string,
  ): Promise<KeyringCalls[K]['answer']> {
    if (this.#pending !== undefined) throw new DomainError('E_KEYRING_BUSY');
    this.open();
    const request = {
      protocol: KEYRING_PROTOCOL,
      type: 'request',
      id: newId(),
      kind,
      ask,
      ...(fingerprint === undefined ? {} : { fingerprint }),
    } as KeyringRequest; // `kind` and `ask` belong together by the signature
    const answer = new Promise<AnyAnswer>((resolve, reject) => {
      this.#pending = { request, resolve, reject };
    });
    if (this.#isReady) this.#post(request);
    return answer as Promise<KeyringCalls[K]['answer']>; // the answer to this id
  }

  close(): void {
    const old = this.#target;
    this.#stop();
    this.#fail('E_KEYRING_CLOSED');
    old?.close();
  }

  #post(request: KeyringRequest): void {
    this.#target?.postMessage(request, this.#origin);
  }

  #stop(): void {
    clearInterval(this.#watching);
    window.removeEventListener('message', this.#receive);
    this.#isReady = false;
    this.#target = null;
  }

  #fail(code: string): void {
    const failed = this.#pending;
    this.#pending = undefined;
    failed?.reject(new DomainError(code));
  }

  readonly #receive = (event: MessageEvent<unknown>): void => {
    if (event.origin !== this.#origin || event.source !== this.#target) return;
    const reply = readReply(event.data);
    if (reply === undefined) return;
    if (reply.type === 'ready') {
      this.#isReady = true;
      // After a reload of the window the question is asked again.
      if (this.#pending !== undefined) this.#post(this.#pending.request);
      return;
    }
    if (reply.id !== this.#pending?.request.id) return;
    const answered = this.#pending;
    this.#pending = undefined;
    if (reply.ok) answered.resolve(reply.value);
    else answered.reject(new DomainError(reply.code));
  };

  readonly #look = (): void => {
    if (this.#target === null || this.#target.closed) {
      this.#stop();
      this.#fail('E_KEYRING_CLOSED');
    } else if (!this.#isReady && performance.now() - this.#openedAt > LOAD_MS) this.#fail('E_KEYRING_SILENT');
  };
}
