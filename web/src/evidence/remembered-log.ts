import type { LogTrust } from './check-entry.ts';

const KEY = 'qej-log';
interface Remembered {
  readonly origin: string;
  readonly logKey: string;
}

const read = (): Remembered | undefined => {
  const text = localStorage.getItem(KEY);
  if (text === null) return undefined;
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || !('origin' in value) || !('logKey' in value)) return undefined;
  const { origin, logKey } = value;
  return typeof origin === 'string' && typeof logKey === 'string' ? { origin, logKey } : undefined;
};

/**
 * Remembers the log's key of the first visit: a platform that shows this browser another log later is noticed.
 * @returns false when the log is not the one that this browser has seen before
 */
export function isSameLog({ origin, logKey }: LogTrust): boolean {
  const known = read();
  if (known === undefined) localStorage.setItem(KEY, JSON.stringify({ origin, logKey }));
  return known === undefined || (known.origin === origin && known.logKey === logKey);
}
