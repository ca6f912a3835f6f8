const CENSORED = '[secret]';
const inspect = Symbol.for('nodejs.util.inspect.custom');

/** Carries a key, token or sealed value so that no log, message or JSON prints it. */
export class Secret<T> {
  readonly #value: T;
  constructor(value: T) {
    this.#value = value;
  }
  /** The only way out; each call site is a place to review. */
  reveal(): T {
    return this.#value;
  }
  toString(): string {
    return CENSORED;
  }
  toJSON(): string {
    return CENSORED;
  }
  [inspect](): string {
    return CENSORED;
  }
}
