/** How many checks passed and failed. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const own = /^(\d+) passed, (\d+) failed$/gm;
const avaPassed = /^ {2}(\d+) tests? passed$/gm;
const avaFailed =
  /^ {2}(\d+) (?:tests? failed|uncaught exceptions?|unhandled rejections?|tests? remained pending.*)$/gm;

/** ava names no number of passed tests once one has failed: its ticks are counted then. */
const avaTick = /^ {2}✔ /gm;

const sum = (output: string, pattern: RegExp): number =>
  [...output.matchAll(pattern)].reduce((total, match) => total + Number(match[1]), 0);

/** What a finished program counted: our closing line if it printed one, else ava's summary, else its exit code alone. */
export function countsOf(output: string, code: number): Counts {
  // Colour codes.
  const plain = output.replace(/\u001B\[[\d;]*m/g, '');
  const closing = [...plain.matchAll(own)].at(-1);
  const counted = closing
    ? { passed: Number(closing[1]), failed: Number(closing[2]) }
    : { passed: sum(plain, avaPassed) || plain.match(avaTick)?.length || 0, failed: sum(plain, avaFailed) };
  if (code !== 0 && counted.failed === 0) return { ...counted, failed: 1 };
  if (code === 0 && counted.passed + counted.failed === 0) return { passed: 1, failed: 0 };
  return counted;
}

export const closingLine = ({ passed, failed }: Counts): string => `${passed} passed, ${failed} failed`;
