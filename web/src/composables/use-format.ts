import { computed } from 'vue';
import type { Bilingual } from '../api/views.ts';
import { usePreferences } from '../stores/preferences.ts';

/** Legal times are read on the wall of this zone. */
const ZONE = 'Asia/Shanghai';
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

/** Dates, sizes and bilingual texts in the language of the page. */
export function useFormat() {
  const preferences = usePreferences();
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: ZONE,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const fields = (at: string | number): Record<string, string> =>
    Object.fromEntries(parts.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  /** `2026-11-23 14:05:00`, Beijing time. */
  const dateTime = (at: string | number): string => {
    const { year, month, day, hour, minute, second } = fields(at);
    return `${year}-${month}-${day} ${hour}:${minute}:${second}`;
  };
  const date = (at: string | number): string => dateTime(at).slice(0, 10);
  const minute = (at: string | number): string => dateTime(at).slice(0, 16);
  const pick = (text: Bilingual): string =>
    preferences.language === 'en' && text.en !== '' ? text.en : text.zh === '' ? text.en : text.zh;
  const bytes = (count: number): string => {
    const units = ['B', 'KB', 'MB', 'GB'];
    let value = count;
    let unit = 0;
    while (value >= 1_024 && unit < units.length - 1) {
      value /= 1_024;
      unit++;
    }
    return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
  };
  const language = computed(() => preferences.language);
  return { dateTime, date, minute, pick, bytes, language };
}
