import test from 'ava';
import fc from 'fast-check';
import { groupDigits, splitDuration } from './format.ts';

test('grouping only inserts commas, every three digits from the point', (t) => {
  t.is(groupDigits('123456789012.05'), '123,456,789,012.05');
  t.is(groupDigits('-1234.50'), '-1,234.50');
  t.is(groupDigits('100'), '100');
  t.notThrows(() => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 14n }), fc.nat(99), (whole, fraction) => {
        const decimal = `${whole}.${String(fraction).padStart(2, '0')}`;
        const grouped = groupDigits(decimal);
        return grouped.replaceAll(',', '') === decimal && /^\d{1,3}(,\d{3})*\.\d\d$/.test(grouped);
      }),
    );
  });
});

test('a duration is days and hh:mm:ss, never negative', (t) => {
  t.deepEqual(splitDuration(90_061_999), { days: 1, text: '01:01:01' });
  t.deepEqual(splitDuration(-5), { days: 0, text: '00:00:00' });
});
