import type { LiveBus, LiveEvent } from '@qej/usecases';

/** In one process; a listener that throws stops nobody else. */
export function makeLiveBus(onError: (error: unknown) => void): LiveBus {
  const listeners = new Set<(event: LiveEvent) => void>();
  return {
    publish: (event) => {
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
