import { fromUtf8, parseInstant, toHex } from '@qej/kernel';
import {
  checkNotice,
  earliestAfterDays,
  encodeNotice,
  endOfDays,
  endOfWorkingDays,
  rulesVersion,
} from '../src/index.ts';
import { SAMPLE_NOW, sampleNotice } from './sample-notice.ts';

const ZONE = 'Asia/Shanghai';
const counted = (from: string, days: number) => {
  const law = rulesVersion('cn-2026');
  const at = parseInstant(from);
  const text = (instant: number): string => new Date(instant).toISOString();
  return {
    from,
    zone: ZONE,
    days,
    earliestAfter: text(earliestAfterDays(law, ZONE, at, days)),
    endOfDays: text(endOfDays(law, ZONE, at, days)),
    endOfWorkingDays: text(endOfWorkingDays(law, ZONE, at, days)),
  };
};

/** A notice with its hash, a notice with its findings, and counted days. */
export async function noticeVectors() {
  const bytes = encodeNotice(sampleNotice());
  const faulty = sampleNotice({ sets: [[0, 2]], committee: { ...sampleNotice().committee, size: 4 } });
  return {
    notice: {
      canonical: fromUtf8(bytes),
      noticeHash: toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes))),
    },
    findings: {
      change: { sets: [[0, 2]], 'committee.size': 4 },
      codes: checkNotice(faulty, rulesVersion('cn-2026'), SAMPLE_NOW).map(
        ({ code, severity }) => `${severity} ${code}`,
      ),
    },
    days: [
      counted('2026-09-01T01:00:00.000Z', 20),
      counted('2026-09-28T01:00:00.000Z', 3),
      counted('2026-02-13T15:59:59.999Z', 3),
    ],
  };
}
