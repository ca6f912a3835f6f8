import { makeDemoBidFile } from '@qej/documents';
import { formatInstant, plusMs, systemClock } from '@qej/kernel';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Invented bids; the marks decide together with the prices. */
export interface BidFacts {
  readonly key: string;
  readonly total: string;
  readonly periodDays: string;
  readonly manager: string;
  /** What the credit grade leaves to be covered, of a deposit of 600,000. */
  readonly waived: string;
  readonly due: string;
  readonly megabytes: number;
}

export const bids: readonly BidFacts[] = [
  {
    key: 'bidder-1',
    total: '27850000.00',
    periodDays: '170',
    manager: '张建国',
    waived: '600,000.00',
    due: '0.00',
    megabytes: 1,
  },
  {
    key: 'bidder-2',
    total: '26990000.00',
    periodDays: '180',
    manager: '刘海涛',
    waived: '300,000.00',
    due: '300,000.00',
    megabytes: 1.5,
  },
  {
    key: 'bidder-3',
    total: '28460000.50',
    periodDays: '165',
    manager: '赵明哲',
    waived: '0.00',
    due: '600,000.00',
    megabytes: 2,
  },
];

const SHANGHAI_AHEAD_MS = 8 * 3_600_000;

/** Wall time of Shanghai so many seconds from now, as a `datetime-local` field takes it. */
export const wallIn = (seconds: number): string =>
  formatInstant(plusMs(systemClock.now(), SHANGHAI_AHEAD_MS + seconds * 1000)).slice(0, 19);

/** A PDF of the wanted size in a folder of its own. @returns its path */
export async function writeBidFile({ key, megabytes }: BidFacts): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'qej-e2e-bid-'));
  const path = join(folder, '技术标.pdf');
  await writeFile(path, await makeDemoBidFile({ title: '技术标 Technical part', megabytes, seed: key }));
  return path;
}
