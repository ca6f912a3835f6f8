import test from 'ava';
import fc from 'fast-check';
import { instant } from '@qej/kernel';
import { recordingGaps } from './recording.ts';

const at = (startedAt: number, endedAt: number, participantId = '1') => ({
  participantId,
  source: 'mic' as const,
  startedAt: instant(startedAt),
  endedAt: instant(endedAt),
});

test('A gap lies between two segments of the same source, whatever order they are reported in', (t) => {
  t.deepEqual(recordingGaps([at(50, 90), at(0, 40), at(0, 10, '2')]), [
    { participantId: '1', source: 'mic', from: instant(40), to: instant(50) },
  ]);
});

test('Segments that overlap or touch leave no gap', (t) => {
  t.deepEqual(recordingGaps([at(0, 100), at(20, 30), at(100, 110)]), []);
});

test('Gaps and segments together cover the time from the first start to the last end', (t) => {
  const segment = fc
    .tuple(fc.nat(1000), fc.integer({ min: 1, max: 100 }))
    .map(([start, length]) => at(start, start + length));
  fc.assert(
    fc.property(fc.array(segment, { minLength: 1, maxLength: 20 }), (segments) => {
      const covered = new Set<number>();
      for (const { startedAt, endedAt } of segments)
        for (let ms = startedAt as number; ms < endedAt; ms++) covered.add(ms);
      const inGaps = recordingGaps(segments).reduce((sum, { from, to }) => {
        for (let ms = from as number; ms < to; ms++) t.false(covered.has(ms));
        return sum + (to - from);
      }, 0);
      const first = Math.min(...segments.map(({ startedAt }) => startedAt));
      const last = Math.max(...segments.map(({ endedAt }) => endedAt));
      t.is(covered.size + inGaps, last - first);
    }),
  );
});
