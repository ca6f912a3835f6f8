import { useI18n } from 'vue-i18n';
import type { MessageKey } from '../i18n/index.ts';

export type Translate = (key: MessageKey, params?: Readonly<Record<string, string | number>>) => string;

/** vue-i18n takes any string for a key; this one takes only those that exist. */
export function useT(): Translate {
  const { t } = useI18n();
  return (key, params) => (params === undefined ? t(key) : t(key, params));
}
