import test from 'ava';
import { priceJson, readPeriod, readTotal } from './bid-form.ts';

test('a total is read with separators and written with two decimals', (t) => {
  t.is(readTotal('9,200,000'), '9200000.00');
  t.is(readTotal('9，200，000.5'), '9200000.50');
  t.is(readTotal(' 007 '), '7.00');
  for (const bad of ['', '0', '0.00', '-1', '1.234', '1e6', '十万', '1.2.3', '123456789012345678'])
    t.is(readTotal(bad), undefined, bad);
});

test('a period is a whole number of days', (t) => {
  t.is(readPeriod(' 360 '), 360);
  for (const bad of ['', '0', '3.5', '-1', '1234567']) t.is(readPeriod(bad), undefined, bad);
});

test('the price document is what the opening reads', (t) => {
  const price = { total: '8,859,600', periodDays: '360', quality: ' 合格 ', manager: '王工' };
  t.deepEqual(priceJson(price), {
    v: 1,
    total: '8859600.00',
    currency: 'CNY',
    periodDays: 360,
    quality: '合格',
    manager: '王工',
  });
});
