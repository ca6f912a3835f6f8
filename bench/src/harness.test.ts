import test from 'ava';
import { interleave, quantile, ratioOf, summarise } from './harness.ts';

test('sides take turns, and the first round does not count', async (t) => {
  const order: string[] = [];
  const side = (name: string, seconds: number) => ({
    name,
    turn: () => {
      order.push(name);
      return { operations: 10, seconds: order.length <= 2 ? 1000 : seconds };
    },
  });
  const rates = await interleave([side('a', 1), side('b', 2)], 2);
  t.is(order.join(''), 'ababab');
  t.deepEqual(rates, { a: [10, 10], b: [5, 5] });
  const ratio = ratioOf({ job: 'j', name: 'n' }, rates, ['a', 'b']);
  t.deepEqual([ratio.median, ratio.min, ratio.ours, ratio.against], [2, 2, 10, 5]);
});

test('the ratio is taken within each round, not between medians', (t) => {
  const ratio = ratioOf({ job: 'j', name: 'n' }, { a: [1, 10, 100], b: [2, 20, 50] }, ['a', 'b']);
  t.deepEqual(ratio.rounds, [0.5, 0.5, 2]);
  t.is(ratio.median, 0.5);
});

test('quartiles interpolate', (t) => {
  t.is(quantile([4, 1, 3, 2], 0.5), 2.5);
  t.deepEqual(summarise({ job: 'j', name: 'n' }, [1, 2, 3, 4, 5]).iqr, [2, 4]);
});
