import { createI18n } from 'vue-i18n';
import { areas } from './areas.ts';

export type { MessageKey } from './areas.ts';

const messagesOf = (language: 'zh' | 'en') =>
  Object.fromEntries(Object.entries(areas).map(([area, texts]) => [area, texts[language]]));

export const makeI18n = (language: 'zh' | 'en') =>
  createI18n({
    legacy: false,
    locale: language,
    fallbackLocale: false,
    messages: { zh: messagesOf('zh'), en: messagesOf('en') },
  });
