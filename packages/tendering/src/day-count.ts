import { DomainError, instant, plusMs } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { isWorkingDay } from './holidays.ts';
import type { RulesVersion } from './rules-version.ts';
import { instantsOfWall, wallMs } from './wall-time.ts';

const DAY_MS = 86_400_000;

/** Midnight that begins the wall day `days` after the day of `at`. */
function midnight(at: Instant, zone: string, days: number): number {
  const wall = wallMs(at, zone);
  return wall - (((wall % DAY_MS) + DAY_MS) % DAY_MS) + days * DAY_MS;
}

/** The first instant of a wall day; where the zone skips midnight, the first one that exists. */
function startOfWallDay(wall: number, zone: string): Instant {
  for (let minutes = 0; minutes <= 180; minutes += 15) {
    const [first] = instantsOfWall(wall + minutes * 60_000, zone);
    if (first !== undefined) return first;
  }
  throw new DomainError('E_WALL_TIME_MISSING', { params: { zone } });
}

function requireCount(days: number): void {
  if (!Number.isSafeInteger(days) || days < 0)
    throw new DomainError('E_DAYS', { detail: 'a count of days is a whole number' });
}

/**
 * A minimum of n days: the earliest instant that is "n days after `from`". The first day is not counted (Civil Code art. 201),
 * the last one counts from its beginning, as "至…之日止" in L1 art. 24 says.
 */
export function earliestAfterDays(rules: RulesVersion, zone: string, from: Instant, days: number): Instant {
  requireCount(days);
  if (rules.dayMs !== null) return plusMs(from, days * rules.dayMs);
  return startOfWallDay(midnight(from, zone, days), zone);
}

/** A minimum of n days before `until`: the latest instant from which {@link earliestAfterDays} is not after `until`. */
export function latestBeforeDays(rules: RulesVersion, zone: string, until: Instant, days: number): Instant {
  requireCount(days);
  if (rules.dayMs !== null) return plusMs(until, -days * rules.dayMs);
  return plusMs(startOfWallDay(midnight(until, zone, 1 - days), zone), -1);
}

/**
 * The end of a period of n days that begins at `from`: 24:00 of the n-th day after the first; a last day that is a holiday moves
 * to the next working day (Civil Code art. 203). The returned instant is the first one after the period.
 */
export function endOfDays(rules: RulesVersion, zone: string, from: Instant, days: number): Instant {
  requireCount(days);
  if (rules.dayMs !== null) return plusMs(from, days * rules.dayMs);
  let wall = midnight(from, zone, days);
  while (!isWorkingDay(wallDate(wall))) wall += DAY_MS;
  return startOfWallDay(wall + DAY_MS, zone);
}

/** The end of a period of n working days (工作日) that begins at `from`; the first day is not counted. */
export function endOfWorkingDays(rules: RulesVersion, zone: string, from: Instant, days: number): Instant {
  requireCount(days);
  if (rules.dayMs !== null) return plusMs(from, days * rules.dayMs);
  let wall = midnight(from, zone, 0);
  for (let counted = 0; counted < days;) {
    wall += DAY_MS;
    if (isWorkingDay(wallDate(wall))) counted++;
  }
  return startOfWallDay(wall + DAY_MS, zone);
}

const wallDate = (wall: number): string => new Date(instant(wall)).toISOString().slice(0, 10);
