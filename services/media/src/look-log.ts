import type { Clock, Instant } from '@qej/kernel';
import type { MediaHooks } from './ports.ts';

/** The looks of supervisors into one room, each reported at its beginning and at its end. */
export class LookLog {
  readonly #roomId: string;
  readonly #clock: Clock;
  readonly #report: MediaHooks['onLook'];
  readonly #open = new Map<string, Instant>();

  constructor(roomId: string, clock: Clock, report: MediaHooks['onLook']) {
    this.#roomId = roomId;
    this.#clock = clock;
    this.#report = report;
  }

  async begin(participantId: string): Promise<void> {
    if (this.#open.has(participantId)) return;
    const startedAt = this.#clock.now();
    this.#open.set(participantId, startedAt);
    await this.#report({ roomId: this.#roomId, participantId, startedAt, endedAt: undefined });
  }

  async end(participantId: string): Promise<void> {
    const startedAt = this.#open.get(participantId);
    if (startedAt === undefined) return;
    this.#open.delete(participantId);
    await this.#report({ roomId: this.#roomId, participantId, startedAt, endedAt: this.#clock.now() });
  }

  async endAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((participantId) => this.end(participantId)));
  }
}
