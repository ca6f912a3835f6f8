import { DomainError, formatInstant, instant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Deadline } from './notice.ts';

const WALL = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2}))?$/;
const HOUR_MS = 3_600_000;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    try {
      format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
        timeZone: zone,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
      });
    } catch (cause) {
      throw new DomainError('E_ZONE', { params: { zone }, cause });
    }
    formats.set(zone, format);
  }
  return format;
}

/** The wall clock of `zone` at `at`, as if it were UTC: milliseconds that only compare with one another. */
export function wallMs(at: Instant, zone: string): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) parts[type] = value;
  const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts[type]);
  const seconds = Date.UTC(
    number('year'),
    number('month') - 1,
    number('day'),
    number('hour'),
    number('minute'),
    number('second'),
  );
  return seconds + (((at % 1000) + 1000) % 1000);
}

/** Every instant at which the wall of `zone` shows `wall`: none in a spring gap, two in an autumn overlap. */
export function instantsOfWall(wall: number, zone: string): readonly Instant[] {
  const found = new Set<number>();
  for (let hours = -15; hours <= 15; hours++) {
    const guess = wall + hours * HOUR_MS;
    const offset = wallMs(instant(guess), zone) - guess;
    const candidate = wall - offset;
    if (wallMs(instant(candidate), zone) === wall) found.add(candidate);
  }
  return [...found].sort((a, b) => a - b).map(instant);
}

function parseWall(text: string): number {
  const match = WALL.exec(text);
  if (match === null) throw new DomainError('E_WALL_TIME', { detail: 'expected YYYY-MM-DDThh:mm[:ss]' });
  const [year, month, day, hour, minute, second] = match.slice(1).map((part) => Number(part ?? '0'));
  const wall = Date.UTC(year ?? 0, (month ?? 0) - 1, day ?? 0, hour ?? 0, minute ?? 0, second ?? 0);
  const spelled = new Date(wall).toISOString().slice(0, 19);
  if (spelled !== (text.length === 16 ? `${text}:00` : text))
    throw new DomainError('E_WALL_TIME', { detail: 'no such date or time' });
  return wall;
}

/**
 * Resolves a wall time once. A time that the zone skips or shows twice is refused: a deadline must have one meaning.
 * @throws DomainError `E_WALL_TIME`, `E_WALL_TIME_MISSING`, `E_WALL_TIME_AMBIGUOUS`, `E_ZONE`
 */
export function resolveDeadline(wall: string, zone: string): Deadline {
  const instants = instantsOfWall(parseWall(wall), zone);
  const [first, second] = instants;
  if (first === undefined) throw new DomainError('E_WALL_TIME_MISSING', { params: { wall, zone } });
  if (second !== undefined) throw new DomainError('E_WALL_TIME_AMBIGUOUS', { params: { wall, zone } });
  return { wall, zone, at: formatInstant(first) };
}

/** The wall text (seconds only where there are any) of an instant: the inverse of {@link resolveDeadline} for a screen. */
export function wallOf(at: Instant, zone: string): string {
  const text = new Date(wallMs(at, zone)).toISOString().slice(0, 19);
  return text.endsWith(':00') ? text.slice(0, 16) : text;
}
