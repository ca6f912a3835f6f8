import { defineStore } from 'pinia';
import { ref } from 'vue';
import { makeLiveLine } from './live-line.ts';
import type { LineState } from './live-line.ts';

export interface LiveEvent {
  readonly topic: string;
  readonly tenderId?: string;
}
type Listener = (event: LiveEvent) => void;

function parseEvent(data: unknown): LiveEvent | undefined {
  if (typeof data !== 'string') return undefined;
  const value: unknown = JSON.parse(data);
  if (typeof value !== 'object' || value === null || !('topic' in value) || typeof value.topic !== 'string')
    return undefined;
  const tenderId = 'tenderId' in value && typeof value.tenderId === 'string' ? value.tenderId : undefined;
  return { topic: value.topic, ...(tenderId === undefined ? {} : { tenderId }) };
}

/** `/api/live`: says that something has changed; pages then fetch it again. After a break the topic is `reconnected`. */
export const useLive = defineStore('live', () => {
  const state = ref<LineState>('connecting');
  const listeners = new Set<Listener>();
  const emit = (event: LiveEvent): void => {
    for (const listener of listeners) listener(event);
  };
  const listen = (listener: Listener): (() => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const { reconnect, stop } = makeLiveLine(`${location.origin.replace(/^http/, 'ws')}/api/live`, {
    state: (next) => {
      state.value = next;
    },
    message: (data) => {
      const event = parseEvent(data);
      if (event !== undefined) emit(event);
    },
    restored: () => emit({ topic: 'reconnected' }),
  });
  return { state, listen, reconnect, stop };
});
