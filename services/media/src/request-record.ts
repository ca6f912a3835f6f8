import type { ResponseMessage } from '@qej/rooms';

const REMEMBERED = 256;

/** Remembers the answers of one connection, so that a request sent twice is carried out once. */
export class RequestRecord {
  readonly #answers = new Map<string, Promise<ResponseMessage>>();

  /** The answer given before to this id, or the one that `work` gives now. */
  once(id: string, work: () => Promise<ResponseMessage>): Promise<ResponseMessage> {
    const before = this.#answers.get(id);
    if (before !== undefined) return before;
    const answer = work();
    this.#answers.set(id, answer);
    if (this.#answers.size > REMEMBERED) {
      const [oldest] = this.#answers.keys();
      if (oldest !== undefined) this.#answers.delete(oldest);
    }
    return answer;
  }
}

/** Allows `burst` messages at once and `perSecond` in the long run. */
export class MessageBudget {
  readonly #burst: number;
  readonly #perSecond: number;
  #left: number;
  #at: number;

  constructor(burst: number, perSecond: number, nowMs: number) {
    this.#burst = burst;
    this.#perSecond = perSecond;
    this.#left = burst;
    this.#at = nowMs;
  }

  /** Whether one more message is allowed at this time (any steady clock, milliseconds). */
  spend(nowMs: number): boolean {
    this.#left = Math.min(this.#burst, this.#left + ((nowMs - this.#at) / 1000) * this.#perSecond);
    this.#at = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
