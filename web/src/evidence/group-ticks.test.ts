import test from 'ava';
import { groupTicks } from './group-ticks.ts';

const entry = (seq: number, type: string) => ({
  seq,
  type,
  at: '2026-11-23T05:00:00.000Z',
  commitment: '0'.repeat(64),
});

test('acts stay single, runs of ticks become one row, newest first', (t) => {
  const types = ['tick', 'notice', 'tick', 'tick', 'tick', 'closing'];
  const rows = groupTicks(types.map((type, seq) => entry(seq, type)));
  t.deepEqual(
    rows.map((row) => (row.kind === 'act' ? row.entry.seq : [row.first.seq, row.last.seq, row.count])),
    [5, [2, 4, 3], 1, [0, 0, 1]],
  );
});
