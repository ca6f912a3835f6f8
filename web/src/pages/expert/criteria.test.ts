import test from 'ava';
import { draftOf, isGoodScore, isPassDone, leftOf, sheetOf, sumOf } from './criteria.ts';
import type { ScoreItem } from './criteria.ts';

const title = { zh: '施工组织设计', en: 'Method' };
const scores: readonly ScoreItem[] = [
  { id: 'method', title, clause: '', kind: 'subjective', max: '25', step: '0.5' },
  { id: 'record', title, clause: '', kind: 'objective', max: '10', step: '1' },
];
const passes = [{ id: 'signed', title, clause: '1' }];

test('a mark lies between nothing and the maximum, on a step', (t) => {
  const [item] = scores;
  if (item === undefined) return t.fail();
  for (const good of ['0', '0.5', '25', ' 12.5 ']) t.true(isGoodScore(item, good), good);
  for (const bad of ['', '25.5', '-1', '0.3', 'x', '1e1']) t.false(isGoodScore(item, bad), bad);
});

test('a rejection needs ground and evidence', (t) => {
  t.true(isPassDone({ pass: true, opinion: '', ground: '' }));
  t.false(isPassDone({ pass: undefined, opinion: '', ground: '' }));
  t.false(isPassDone({ pass: false, opinion: 'page 3', ground: '' }));
  t.false(isPassDone({ pass: false, opinion: ' ', ground: 'unqualified-bidder' }));
  t.true(isPassDone({ pass: false, opinion: 'page 3', ground: 'unqualified-bidder' }));
});

test('what is unfinished is counted and not sent; the sum is exact', (t) => {
  const draft = {
    marks: { method: { score: '20.5', note: '' }, record: { score: '99', note: 'x' } },
    passFail: { signed: { pass: undefined, opinion: '', ground: '' as const } },
  };
  t.is(leftOf({ scores, passes }, draft), 2);
  t.is(sumOf(scores, draft), '20.5');
  t.deepEqual(sheetOf('b', scores, draft), {
    bidId: 'b',
    marks: [{ criterionId: 'method', score: '20.5' }],
    passFail: [],
  });
});

test('a sheet survives the way through a draft', (t) => {
  const sheet = {
    bidId: 'b',
    marks: [
      { criterionId: 'method', score: '20.5', note: '周密' },
      { criterionId: 'record', score: '8' },
    ],
    passFail: [{ itemId: 'signed', pass: false, opinion: '第 3 页', ground: 'unqualified-bidder' }],
  };
  t.deepEqual(sheetOf('b', scores, draftOf(sheet)), sheet);
});
