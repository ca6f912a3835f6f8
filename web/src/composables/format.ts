const pad = (value: number): string => String(value).padStart(2, '0');

/** `1234567.80` → `1,234,567.80`; the digits are never touched by a binary float. */
export function groupDigits(decimal: string): string {
  const [whole = '', fraction] = decimal.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

export interface Duration {
  readonly days: number;
  readonly text: string;
}

/** `hh:mm:ss` with the days apart. */
export function splitDuration(milliseconds: number): Duration {
  const seconds = Math.max(0, Math.floor(milliseconds / 1_000));
  const hours = Math.floor(seconds / 3_600) % 24;
  return {
    days: Math.floor(seconds / 86_400),
    text: `${pad(hours)}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`,
  };
}
