import { type Instant } from '@qej/kernel';

const ZONE = 'Asia/Shanghai';
const formats = new Map<string, Intl.DateTimeFormat>();

function parts(at: Instant, zone: string): Record<string, string> {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** `2026年11月23日 13:05:00 (UTC+08:00)`: wall time with its offset, so that nobody has to guess the zone. */
export function dateTime(at: Instant, zone: string = ZONE): string {
  const p = parts(at, zone);
  const offset = (p['timeZoneName'] ?? '').replace('GMT', 'UTC');
  return `${p['year']}年${p['month']}月${p['day']}日 ${p['hour']}:${p['minute']}:${p['second']} (${offset})`;
}

/** `2026年11月23日`. */
export function dateOnly(at: Instant, zone: string = ZONE): string {
  const p = parts(at, zone);
  return `${p['year']}年${Number(p['month'])}月${Number(p['day'])}日`;
}

/** `2026-11-23 13:05:00`, for tables and signature boxes. */
export function shortDateTime(at: Instant, zone: string = ZONE): string {
  const p = parts(at, zone);
  return `${p['year']}-${p['month']}-${p['day']} ${p['hour']}:${p['minute']}:${p['second']}`;
}
