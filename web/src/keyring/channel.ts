import { KEYRING_PROTOCOL, readRequest } from './protocol.ts';
import type { KeyringCalls, KeyringKind, KeyringReply, KeyringRequest } from './protocol.ts';

export interface Channel {
  answer(id: string, value: KeyringCalls[KeyringKind]['answer']): void;
  refuse(id: string, code: string): void;
}

/** The keyring's end: listens to its opener alone, on the one configured origin, and says that it is there. */
export function openChannel(appOrigin: string, onRequest: (request: KeyringRequest) => void): Channel | undefined {
  // The opener of another origin is a window whose properties cannot be read; it can only be posted to.
  const opener = window.opener as Window | null;
  if (opener === null) return undefined;
  const post = (reply: KeyringReply): void => opener.postMessage(reply, appOrigin);
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.origin !== appOrigin || event.source !== opener) return;
    const request = readRequest(event.data);
    if (request !== undefined) return onRequest(request);
    const id = typeof event.data === 'object' && event.data !== null && 'id' in event.data ? event.data.id : undefined;
    if (typeof id === 'string')
      post({ protocol: KEYRING_PROTOCOL, type: 'answer', id, ok: false, code: 'E_KEYRING_REQUEST' });
  });
  post({ protocol: KEYRING_PROTOCOL, type: 'ready' });
  return {
    answer: (id, value) => post({ protocol: KEYRING_PROTOCOL, type: 'answer', id, ok: true, value }),
    refuse: (id, code) => post({ protocol: KEYRING_PROTOCOL, type: 'answer', id, ok: false, code }),
  };
}
