import { DomainError, newId } from '@qej/kernel';
import { KEYRING_PROTOCOL, readReply } from './protocol.ts';
import type { KeyringCalls, KeyringKind, KeyringRequest } from './protocol.ts';

const LOAD_MS = 20_000;
const LOOK_MS = 300;
const FEATURES = 'popup,width=560,height=780';

interface Pending {
  readonly request: KeyringRequest;
  readonly resolve: (value: KeyringCalls[KeyringKind]['answer']) => void;
  readonly reject: (error: Error) => void;
}

export interface KeyringWindow {
  /** Opens it, or brings it to the front; inside a click, before anything is awaited. @throws `E_KEYRING_BLOCKED` */
  open(): void;
  /** One question; the person confirms it in the window. @throws DomainError, see `keyringErrorCodes` */
  ask<K extends KeyringKind>(
    kind: K,
    ask: KeyringCalls[K]['ask'],
    fingerprint?: string,
  ): Promise<KeyringCalls[K]['answer']>;
  close(): void;
}

/** The app's end of the keyring protocol. One window, one question at a time. */
export function makeKeyringWindow(origin: string, language: () => string): KeyringWindow {
  const name = `qej-keyring-${newId()}`;
  let target: Window | null = null;
  let isReady = false;
  let pending: Pending | undefined;
  let watching: ReturnType<typeof setInterval> | undefined;
  let openedAt = 0;

  const post = (request: KeyringRequest): void => target?.postMessage(request, origin);
  const stop = (): void => {
    clearInterval(watching);
    window.removeEventListener('message', onMessage);
    isReady = false;
    target = null;
  };
  const fail = (code: string): void => {
    const failed = pending;
    pending = undefined;
    failed?.reject(new DomainError(code));
  };
  function onMessage(event: MessageEvent<unknown>): void {
    if (event.origin !== origin || event.source !== target) return;
    const reply = readReply(event.data);
    if (reply === undefined) return;
    if (reply.type === 'ready') {
      isReady = true;
      // After a reload of the window the question is asked again.
      if (pending !== undefined) post(pending.request);
      return;
    }
    if (reply.id !== pending?.request.id) return;
    const answered = pending;
    pending = undefined;
    if (reply.ok) answered.resolve(reply.value);
    else answered.reject(new DomainError(reply.code));
  }
  const look = (): void => {
    if (target === null || target.closed) {
      stop();
      fail('E_KEYRING_CLOSED');
    } else if (!isReady && performance.now() - openedAt > LOAD_MS) fail('E_KEYRING_SILENT');
  };
  const open = (): void => {
    if (target !== null && !target.closed) return target.focus();
    stop();
    target = window.open(`${origin}/?lang=${language()}`, name, FEATURES);
    if (target === null) throw new DomainError('E_KEYRING_BLOCKED');
    openedAt = performance.now();
    window.addEventListener('message', onMessage);
    watching = setInterval(look, LOOK_MS);
  };
  return {
    open,
    ask: async (kind, ask, fingerprint) => {
      if (pending !== undefined) throw new DomainError('E_KEYRING_BUSY');
      open();
      const request = {
        protocol: KEYRING_PROTOCOL,
        type: 'request',
        id: newId(),
        kind,
        ask,
        ...(fingerprint === undefined ? {} : { fingerprint }),
      } as KeyringRequest; // `kind` and `ask` belong together by the signature
      const answer = new Promise<KeyringCalls[KeyringKind]['answer']>((resolve, reject) => {
        pending = { request, resolve, reject };
      });
      if (isReady) post(request);
      return answer as Promise<KeyringCalls[typeof kind]['answer']>; // the answer to this id
    },
    close: () => {
      const old = target;
      stop();
      fail('E_KEYRING_CLOSED');
      old?.close();
    },
  };
}
