import { api } from '@qej/contract';
import test from 'ava';
import { depositAmount, freshName, issuesOf, marksTotal, newDraft, wallTimeAt, wholeWallTime } from './draft-form.ts';
import { examplePrices, findPreset, scoreCurve } from './score-curve.ts';

const NOON = Date.UTC(2026, 10, 23, 4, 0, 0);
const filled = () => ({
  ...newDraft(NOON, true),
  code: 'QEJ-2026-001',
  title: { zh: '步行道', en: 'Walkway' },
  lot: { name: { zh: '一标段', en: 'Lot 1' }, estimate: '8600000.00', ceilingPrice: '8600000.00' },
  tendereeOrganizationId: 'a'.repeat(32),
  holders: ['agency', 'witness'],
});

test('a new draft lacks only what the drafter must write', (t) => {
  t.deepEqual([...new Set(issuesOf(newDraft(NOON, true)).map(({ path }) => path))].toSorted(), [
    'code',
    'holders',
    'lot.name.zh',
    'tendereeOrganizationId',
    'title.zh',
  ]);
  t.deepEqual(issuesOf(filled()), []);
  t.true(api.createTender.body.safeParse(filled()).success);
});

test('wall time is that of the zone, with its seconds', (t) => {
  t.is(wallTimeAt(NOON), '2026-11-23T12:00:00');
  t.is(wallTimeAt(NOON, 'Europe/Berlin'), '2026-11-23T05:00:00');
  t.is(wholeWallTime('2026-11-23T12:00'), '2026-11-23T12:00:00');
  t.is(wholeWallTime('2026-11-23T12:00:07'), '2026-11-23T12:00:07');
});

test('the deposit is the share of the estimate, at most 800,000', (t) => {
  t.is(depositAmount(filled()), '172000.00');
  t.is(depositAmount({ ...filled(), lot: { ...filled().lot, estimate: '99999999.99' } }), '800000.00');
  t.is(depositAmount({ ...filled(), lot: { ...filled().lot, estimate: '12' } }), undefined);
});

test('marks add up exactly, and names are never given twice', (t) => {
  const [first] = filled().criteria;
  if (first === undefined) throw new Error('the example has criteria');
  t.is(marksTotal(filled().criteria), '60');
  t.is(
    marksTotal([
      { ...first, max: '0.1' },
      { ...first, max: '0.2' },
    ]),
    '0.3',
  );
  t.is(marksTotal([{ ...first, max: 'ten' }]), undefined);
  t.is(freshName('item', ['item-1', 'item-3']), 'item-4');
});

test('the curve has its top at the benchmark and no score above the ceiling', (t) => {
  const rule = findPreset('comprehensive-p2');
  if (rule === undefined) throw new Error('the preset exists');
  const points = scoreCurve(rule, '10000000.00', examplePrices('10000000.00', [88, 91, 94]));
  const scores = points.map(({ score }) => Number(score ?? -1));
  t.is(points[0]?.price, '6000000.00');
  t.is(points.at(-1)?.score, undefined);
  const top = scores.indexOf(Math.max(...scores));
  t.true(top > 0 && scores.slice(1, top + 1).every((score, index) => score >= (scores[index] ?? 0)));
});
