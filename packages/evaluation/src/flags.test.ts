import test from 'ava';
import { experts, replaceSheet, sampleLot, scoreSheet } from '../test/sample-lot.ts';
import { evaluateLot } from './evaluate-lot.ts';
import type { LotEvaluation } from './evaluate-lot.ts';

const bidOf = (evaluation: LotEvaluation, id: string) => evaluation.perBid.find(({ bidId }) => bidId === id)!;
const basic = () => sampleLot({ a: '900.00', b: '880.00', c: '860.00' });

test('an outlier needs a written reason before the result is settled; the 30 % rule alone would not see it', (t) => {
  const inputs = sampleLot({ a: '900.00', b: '880.00', c: '860.00' });
  const totals = { e1: '25', e2: '25', e3: '25', e4: '25', e5: '15' };
  const sheets = Object.entries(totals).reduce(
    (all, [expertId, method]) => replaceSheet(all, scoreSheet('a', expertId, { method })),
    [...inputs.sheets],
  );
  const held = evaluateLot({ ...inputs, sheets });
  t.false(held.isSettled);
  const [flag] = held.flags.filter(({ kind }) => kind === 'abnormal-score');
  t.deepEqual(flag, {
    kind: 'abnormal-score',
    bidId: 'a',
    expertId: 'e5',
    measures: ['median'],
    deviationPercent: '-17.02',
    isOpen: true,
  });
  const explained = evaluateLot({
    ...inputs,
    sheets,
    reasons: [{ bidId: 'a', expertId: 'e5', text: '方案缺少基坑监测' }],
  });
  t.true(explained.isSettled);
  t.is(bidOf(explained, 'a').total, bidOf(held, 'a').total, 'a score is never changed');
});

test('a total exactly 30 % off the mean is abnormal, half a point less is not', (t) => {
  const marked = (last: string) => {
    const inputs = basic();
    // four totals of 43 and one of 28: the mean is 40
    const high = experts
      .slice(0, 4)
      .reduce((all, expertId) => replaceSheet(all, scoreSheet('a', expertId, { method: '19' })), [...inputs.sheets]);
    const { flags } = evaluateLot({ ...inputs, sheets: replaceSheet(high, scoreSheet('a', 'e5', { method: last })) });
    return flags
      .filter((one) => one.kind === 'abnormal-score')
      .map(({ expertId, measures, deviationPercent }) => [expertId, measures, deviationPercent]);
  };
  t.deepEqual(marked('4'), [['e5', ['mean', 'median'], '-30.00']]);
  t.deepEqual(marked('4.5'), [['e5', ['median'], '-28.93']]);
});

test('experts who differ on an objective item hold the result', (t) => {
  const inputs = basic();
  const sheets = replaceSheet(inputs.sheets, scoreSheet('a', 'e2', { record: '9' }));
  const evaluation = evaluateLot({ ...inputs, sheets });
  t.deepEqual(evaluation.flags, [{ kind: 'objective-divergence', bidId: 'a', criterionId: 'record', isOpen: true }]);
  t.false(evaluation.isSettled);
});

test('a very low price is a clue and changes nothing', (t) => {
  const evaluation = evaluateLot(sampleLot({ a: '900.00', b: '880.00', c: '200.00' }));
  const clues = evaluation.flags.filter((one) => one.kind === 'low-price');
  t.deepEqual(
    clues.map(({ bidId, measure, sharePercent }) => [bidId, measure, sharePercent]),
    [
      ['c', 'mean', '30.30'],
      ['c', 'next-lowest', '22.73'],
      ['c', 'ceiling', '20.00'],
    ],
  );
  t.true(evaluation.isSettled);
  t.true(bidOf(evaluation, 'c').passed);
});
