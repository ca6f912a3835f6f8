import test from 'ava';
import { DomainError } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { readPrice, showPrice } from './price-document.ts';

test('a price is read with what the table shows, and fields left empty are not there', (t) => {
  const full = { v: 1, total: '1200000.00', currency: 'CNY', periodDays: 280, quality: '合格', manager: '李雷' };
  t.deepEqual(showPrice(readPrice(full), null), {
    total: '1200000.00',
    periodDays: 280,
    quality: '合格',
    manager: '李雷',
    aboveCeiling: false,
  });
  t.deepEqual(showPrice(readPrice({ total: '1.00', periodDays: 0, quality: '', manager: '' }), null), {
    total: '1.00',
    aboveCeiling: false,
  });
});

test('the ceiling itself is not above the ceiling', (t) => {
  const shown = (total: string): boolean => showPrice(readPrice({ total }), '980.00').aboveCeiling;
  t.deepEqual([shown('979.99'), shown('980.00'), shown('980.01')], [false, false, true]);
});

test('what is not a price by the format is refused as the bidder’s', (t) => {
  const wrong: readonly (Json | undefined)[] = [
    undefined,
    null,
    [],
    '1.00',
    {},
    { total: 1 },
    { total: '1' },
    { total: '01.00' },
    { total: '0.00' },
    { total: '-1.00' },
    { total: '1.00', currency: 'USD' },
    { total: '1.00', v: 2 },
    { total: '1.00', periodDays: 1.5 },
    { total: '1.00', periodDays: -1 },
    { total: '1.00', quality: 'x'.repeat(201) },
    { total: '1.00', discount: '5%' },
  ];
  for (const value of wrong) {
    const error = t.throws(
      () => readPrice(value),
      { instanceOf: DomainError, code: 'E_PRICE_FORMAT' },
      JSON.stringify(value),
    );
    t.is(error?.params['fault'], 'bidder');
  }
});
