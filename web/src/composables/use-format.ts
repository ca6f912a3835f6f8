import { computed } from 'vue';
import type { Bilingual } from '../api/views.ts';
import { usePreferences } from '../stores/preferences.ts';

export { groupDigits, splitDuration } from './format.ts';

/** Legal times are read on the wall of this zone. */
const ZONE = 'Asia/Shanghai';
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
