import { canonicalBytes, utf8 } from '@qej/kernel';
import test from 'ava';
import { memberName, wallTime } from './member-names.ts';
import { readable, treeLines } from './readable.ts';

test('canonical JSON is shown as a tree with every leaf', (t) => {
  const shown = readable(canonicalBytes({ price: { total: '1200.00' }, stages: ['technical', 'price'], v: 1 }));
  t.is(shown.kind, 'json');
  t.deepEqual(shown.kind === 'json' ? treeLines(shown.value) : [], [
    { depth: 0, key: 'price' },
    { depth: 1, key: 'total', value: '1200.00' },
    { depth: 0, key: 'stages' },
    { depth: 1, key: '0', value: 'technical' },
    { depth: 1, key: '1', value: 'price' },
    { depth: 0, key: 'v', value: '1' },
  ]);
});

test('text that could be reordered or hidden on screen is not shown as text', (t) => {
  t.deepEqual(readable(utf8('pay 100\u202e001')), { kind: 'bytes' });
  t.deepEqual(readable(utf8('zero\u200bwidth')), { kind: 'bytes' });
  t.deepEqual(readable(Uint8Array.of(0xff, 0xfe)), { kind: 'bytes' });
  t.deepEqual(readable(utf8('bind 0123')), { kind: 'text', text: 'bind 0123' });
});

test('members are named beside their own name, inherited names are none', (t) => {
  t.is(memberName('tenderId', 'zh'), '项目编号');
  t.is(memberName('toString', 'en'), undefined);
  t.regex(wallTime('2026-11-23T05:00:00.000Z') ?? '', /13:00:00/);
  t.is(wallTime('2026-11-23'), undefined);
});
