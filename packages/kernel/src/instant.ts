import { DomainError } from './domain-error.ts';

declare const instantBrand: unique symbol;
/** UTC milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = number & { readonly [instantBrand]: true };

/** The one source of time. Injected in the composition root and read once per request. */
export interface Clock {
  now(): Instant;
}

const MAX = 8.64e15;

export function instant(milliseconds: number): Instant {
  if (!Number.isInteger(milliseconds) || Math.abs(milliseconds) > MAX) {
    throw new DomainError('E_INSTANT', { detail: 'not a UTC millisecond count' });
  }
  return milliseconds as Instant;
}

/** RFC 3339 with milliseconds and Z. */
export const formatInstant = (at: Instant): string => new Date(at).toISOString();

/** @throws DomainError `E_INSTANT` unless the text is exactly what {@link formatInstant} writes. */
export function parseInstant(text: string): Instant {
  const milliseconds = Date.parse(text);
  if (Number.isNaN(milliseconds) || new Date(milliseconds).toISOString() !== text) {
    throw new DomainError('E_INSTANT', { detail: 'expected YYYY-MM-DDThh:mm:ss.sssZ' });
  }
  return instant(milliseconds);
}

export const plusMs = (at: Instant, milliseconds: number): Instant => instant(at + milliseconds);

/** The operating system's clock: composition roots only. */
export const systemClock: Clock = { now: () => instant(Date.now()) };
