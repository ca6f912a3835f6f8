/** Typed events without an event library; works in the browser and in Node. */
export class Emitter<Events> {
  readonly #listeners: { [K in keyof Events]?: Set<(event: Events[K]) => void> } = {};

  /** @returns a function that takes the listener away again */
  on<K extends keyof Events>(kind: K, listener: (event: Events[K]) => void): () => void {
    const listeners = (this.#listeners[kind] ??= new Set());
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  emit<K extends keyof Events>(kind: K, event: Events[K]): void {
    for (const listener of this.#listeners[kind] ?? []) listener(event);
  }
}
