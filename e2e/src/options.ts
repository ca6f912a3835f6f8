import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export type Language = 'zh' | 'en';

export interface Options {
  /** Name of the last step to run. */
  readonly until: string | undefined;
  readonly headed: boolean;
  /** From the drafting of the main tender to its deadline. */
  readonly deadlineSeconds: number;
  /** Folder for screenshots of every page at 1280 and 390 px. */
  readonly screens: string | undefined;
  readonly languages: readonly Language[];
  /** Folder for what is kept of a failure. */
  readonly failures: string;
}

const OPTIONS = {
  until: { type: 'string' },
  headed: { type: 'boolean', default: false },
  screens: { type: 'string' },
  'deadline-s': { type: 'string', default: '110' },
  langs: { type: 'string', default: 'zh,en' },
  failures: { type: 'string', default: 'e2e-failures' },
  full: { type: 'boolean', default: false },
} as const;

const isLanguage = (text: string): text is Language => text === 'zh' || text === 'en';

/** `--until STEP --headed --screens DIR --langs zh,en --failures DIR --full`. @throws Error with what is wrong */
export function parseOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true });
  const languages = values.langs.split(',').filter(isLanguage);
  if (languages.length === 0) throw new Error('--langs: zh, en or both');
  const screens = values.screens ?? (values.full ? 'e2e-screens' : undefined);
  return {
    until: values.until,
    headed: values.headed,
    deadlineSeconds: Number(values['deadline-s']),
    screens: screens === undefined ? undefined : resolve(screens),
    languages,
    failures: resolve(values.failures),
  };
}
