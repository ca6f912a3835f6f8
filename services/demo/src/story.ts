import { formatInstant } from '@qej/kernel';
import type { Clock } from '@qej/kernel';

export interface Words {
  readonly zh: string;
  readonly en: string;
}

/** One step of the play, with what it means and how long it took. */
export interface ToldStep {
  readonly id: string;
  readonly at: string;
  readonly ms: number;
}

export interface Story {
  /** Does a step and tells of it when it is done; `meaning` says what the step is for. */
  step<T>(id: string, title: Words, meaning: Words, work: () => Promise<T>): Promise<T>;
  note(words: Words): void;
  readonly steps: readonly ToldStep[];
}

const WIDTH = 52;
/** Chinese characters take two columns of a terminal. */
const columns = (text: string): number =>
  Array.from(text).reduce((sum, char) => sum + ((char.codePointAt(0) ?? 0) > 0x2e7f ? 2 : 1), 0);
const pad = (text: string): string => text + ' '.repeat(Math.max(1, WIDTH - columns(text)));

/** Tells the play line by line: time of day (UTC), step, duration, meaning. */
export function makeStory(clock: Clock, lang: 'zh' | 'en', say: (line: string) => void): Story {
  const steps: ToldStep[] = [];
  const timeOf = (at: string): string => at.slice(11, 21);
  return {
    steps,
    note: (words) => say(`             ${words[lang]}`),
    step: async (id, title, meaning, work) => {
      const at = formatInstant(clock.now());
      const began = performance.now();
      const result = await work();
      const ms = Math.round(performance.now() - began);
      steps.push({ id, at, ms });
      say(`${timeOf(at)}  ${pad(title[lang])}${(ms / 1000).toFixed(1).padStart(6)} s  ${meaning[lang]}`);
      return result;
    },
  };
}

/** Tells nobody; for plays in the background. */
export const silentStory = (clock: Clock): Story => makeStory(clock, 'zh', () => undefined);
