import { defineStore } from 'pinia';
import { ref } from 'vue';

export interface LiveEvent {
  readonly topic: string;
  readonly tenderId?: string;
}
type Listener = (event: LiveEvent) => void;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;

function parseEvent(data: unknown): LiveEvent | undefined {
  if (typeof data !== 'string') return undefined;
  const value: unknown = JSON.parse(data);
  if (typeof value !== 'object' || value === null || !('topic' in value) || typeof value.topic !== 'string')
    return undefined;
  const tenderId = 'tenderId' in value && typeof value.tenderId === 'string' ? value.tenderId : undefined;
  return { topic: value.topic, ...(tenderId === undefined ? {} : { tenderId }) };
}

/** `/api/live`: says that something has changed; pages then fetch it again. Reconnects by itself. */
export const useLive = defineStore('live', () => {
  const state = ref<'connecting' | 'open' | 'closed'>('connecting');
  const listeners = new Set<Listener>();
  const emit = (event: LiveEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const listen = (listener: Listener): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };

  let socket: WebSocket | undefined;
  let stopped = false;
  let wait = FIRST_WAIT_MS;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const connect = (): void => {
    const opened = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/live`);
    socket = opened;
    let wasOpen = false;
    opened.addEventListener('open', () => {
      state.value = 'open';
      // Whatever happened while the line was down is fetched now.
      if (wait > FIRST_WAIT_MS) emit({ topic: 'reconnected' });
      wait = FIRST_WAIT_MS;
      wasOpen = true;
    });
    opened.addEventListener('message', ({ data }) => {
      const event = parseEvent(data);
      if (event !== undefined) emit(event);
    });
    opened.addEventListener('close', () => {
      if (stopped || socket !== opened) return;
      state.value = 'closed';
      timer = setTimeout(connect, wait);
      wait = Math.min(LONGEST_WAIT_MS, wasOpen ? FIRST_WAIT_MS * 2 : wait * 2);
    });
  };
  /** Opens the socket again, so that it belongs to the present session. */
  const reconnect = (): void => {
    clearTimeout(timer);
    const old = socket;
    socket = undefined;
    old?.close();
    if (!stopped) connect();
  };
  const stop = (): void => {
    stopped = true;
    clearTimeout(timer);
    socket?.close();
  };
  return { state, listen, reconnect, stop };
});
