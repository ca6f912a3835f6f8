import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';

export type Language = 'zh' | 'en';
export type Theme = 'light' | 'dark';
export const textSizes = [14, 17, 20] as const;
export type TextSize = (typeof textSizes)[number];

const KEY = 'qej-preferences';
interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly textSize: TextSize;
}

function read(): Preferences {
  const initial: Preferences = { language: 'zh', theme: 'light', textSize: 14 };
  let saved: unknown;
  try {
    saved = JSON.parse(localStorage.getItem(KEY) ?? '{}');
  } catch {
    return initial; // unreadable preferences are no reason to show nothing
  }
  if (typeof saved !== 'object' || saved === null) return initial;
  const { language, theme, textSize } = saved as Record<string, unknown>;
  return {
    language: language === 'en' ? 'en' : 'zh',
    theme: theme === 'dark' ? 'dark' : 'light',
    textSize: textSizes.find((size) => size === textSize) ?? 14,
  };
}

/** Language, theme and text size of this browser; they survive log-in and log-out. */
export const usePreferences = defineStore('preferences', () => {
  const initial = read();
  const language = ref<Language>(initial.language);
  const theme = ref<Theme>(initial.theme);
  const textSize = ref<TextSize>(initial.textSize);
  const all = computed<Preferences>(() => ({
    language: language.value,
    theme: theme.value,
    textSize: textSize.value,
  }));
  watch(
    all,
    (value) => {
      localStorage.setItem(KEY, JSON.stringify(value));
      const root = document.documentElement;
      root.lang = value.language === 'zh' ? 'zh-CN' : 'en';
      root.classList.toggle('dark', value.theme === 'dark');
      root.dataset['textSize'] = String(value.textSize);
    },
    { immediate: true, flush: 'sync' },
  );
  return { language, theme, textSize };
});
