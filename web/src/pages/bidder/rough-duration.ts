import type { Translate } from '../../composables/use-t.ts';

/** `约 5 分钟`-like words for a time that is only estimated. */
export function roughDuration(milliseconds: number, t: Translate): string {
  const seconds = Math.max(1, Math.round(milliseconds / 1_000));
  return seconds < 90 ? t('bidder.seconds', { n: seconds }) : t('bidder.minutes', { n: Math.round(seconds / 60) });
}
