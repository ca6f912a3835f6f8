import test from 'ava';
import fc from 'fast-check';
import { canonicalJson } from '@qej/kernel';
import { experts, passed, rejected, replaceSheet, sampleLot, scoreSheet, voteSheet } from '../test/sample-lot.ts';
import { parseLotCriteria } from './criteria.ts';
import { comprehensiveCriteria } from './demo-criteria.ts';
import { evaluateLot } from './evaluate-lot.ts';
import type { LotEvaluation, LotInputs } from './evaluate-lot.ts';
import { parseScoringRule } from './rule-parser.ts';
import { lowestPriceP1Rule } from './presets.ts';

const bidOf = (evaluation: LotEvaluation, id: string) => evaluation.perBid.find(({ bidId }) => bidId === id)!;
const basic = () => sampleLot({ a: '900.00', b: '880.00', c: '860.00' });

test('a lot is evaluated from sheets to candidates', (t) => {
  const inputs = basic();
  const sheets = replaceSheet(inputs.sheets, scoreSheet('a', 'e1', { method: '25' }));
  const evaluation = evaluateLot({ ...inputs, sheets });
  const first = bidOf(evaluation, 'c');
  // mean 880, benchmark 836: 860 is 2.8708…% above: (100 − 1.2 × 2.8708…) × 0.4 = 38.62
  t.is(first.technical, '32.00');
  t.is(first.priceScore, '38.62');
  t.is(first.total, '70.62');
  t.deepEqual(
    evaluation.candidates.map(({ bidId, rank }) => [bidId, rank]),
    [
      ['c', 1],
      ['b', 2],
      ['a', 3],
    ],
  );
  t.is(bidOf(evaluation, 'a').technical, '32.00', 'one high mark is dropped');
  t.deepEqual(
    first.steps.slice(-1).map(({ name, value }) => [name, value]),
    [['total', '70.62']],
  );
});

test('only a majority of the members rejects a bid, and then its price touches nothing', (t) => {
  const inputs = basic();
  const withVetoes = (count: number): LotInputs => ({
    ...inputs,
    votes: experts
      .slice(0, count)
      .reduce(
        (votes, expertId) => replaceSheet(votes, voteSheet('b', expertId, { qualification: rejected })),
        inputs.votes,
      ),
  });
  t.true(bidOf(evaluateLot(withVetoes(2)), 'b').passed);
  const evaluation = evaluateLot(withVetoes(3));
  const gone = bidOf(evaluation, 'b');
  t.false(gone.passed);
  t.deepEqual(gone.vetoes, [{ criterionId: 'qualification', votes: 3, of: 5, grounds: ['unqualified-bidder'] }]);
  t.is(gone.total, undefined);
  t.is(evaluation.set.find(({ name }) => name === 'count')?.value, '2');
  const withoutSheets = { ...withVetoes(3), sheets: inputs.sheets.filter(({ bidId }) => bidId !== 'b') };
  t.is(canonicalJson(evaluateLot(withoutSheets)), canonicalJson(evaluation));
  t.true(evaluation.flags.some(({ kind }) => kind === 'few-valid-bids'));
});

test('a rejection without ground, clause or evidence is refused', (t) => {
  const inputs = basic();
  for (const verdict of [
    { ...rejected, clause: ' ' },
    { ...rejected, evidence: '' },
    { ...rejected, ground: 'too-expensive' as 'unqualified-bidder' },
  ]) {
    const votes = replaceSheet(inputs.votes, voteSheet('a', 'e1', { qualification: verdict }));
    t.throws(() => evaluateLot({ ...inputs, votes }), { code: 'E_EVALUATION_VETO_GROUND' });
  }
});

test('missing, doubled, unknown and impossible sheets are refused', (t) => {
  const inputs = basic();
  const refused = (changes: Partial<LotInputs>, code: string) =>
    t.throws(() => evaluateLot({ ...inputs, ...changes }), { code }, JSON.stringify(changes).slice(0, 80));
  refused({ sheets: inputs.sheets.slice(1) }, 'E_EVALUATION_INCOMPLETE');
  refused({ votes: inputs.votes.slice(1) }, 'E_EVALUATION_INCOMPLETE');
  refused({ sheets: [...inputs.sheets, scoreSheet('a', 'e1')] }, 'E_EVALUATION_DUPLICATE');
  refused({ sheets: [...inputs.sheets, scoreSheet('a', 'stranger')] }, 'E_EVALUATION_UNKNOWN');
  refused({ sheets: [...inputs.sheets, scoreSheet('nobody', 'e1')] }, 'E_EVALUATION_UNKNOWN');
  refused({ experts: [...experts, 'e1'] }, 'E_EVALUATION_DUPLICATE');
  refused({ experts: [...experts, 'e6'] }, 'E_EVALUATION_INCOMPLETE');
  refused({ bids: [...inputs.bids, { id: 'a', price: '1.00' }] }, 'E_EVALUATION_DUPLICATE');
  refused({ bids: inputs.bids.map((bid) => ({ ...bid, price: '0.00' })) }, 'E_DECIMAL');
  refused({ votes: replaceSheet(inputs.votes, voteSheet('a', 'e1', { extra: passed })) }, 'E_EVALUATION_UNKNOWN');
  for (const method of ['25.5', '-1', '0.25', '8.0e0', '', 'x']) {
    refused({ sheets: replaceSheet(inputs.sheets, scoreSheet('a', 'e1', { method })) }, 'E_EVALUATION_SCORE');
  }
  refused({ sheets: replaceSheet(inputs.sheets, scoreSheet('a', 'e1', { extra: '1' })) }, 'E_EVALUATION_UNKNOWN');
});

test('a bid above the ceiling stays visible without a total', (t) => {
  const evaluation = evaluateLot(sampleLot({ a: '900.00', b: '1000.01', c: '860.00', d: '870.00' }));
  const above = bidOf(evaluation, 'b');
  t.deepEqual(
    [above.passed, above.stoppedAt, above.technical, above.total, above.rank],
    [false, 'underCeiling', '32.00', undefined, undefined],
  );
  t.is(evaluation.ranking.length, 3);
});

test('when every bid is above the ceiling there is no candidate and no refusal', (t) => {
  const evaluation = evaluateLot(sampleLot({ a: '2000.00', b: '3000.00', c: '4000.00' }));
  t.deepEqual(evaluation.candidates, []);
});

test('ties are broken by lower price, then technical score, then draw, as declared', (t) => {
  const same = sampleLot({ a: '900.00', b: '900.00', c: '900.00' });
  t.throws(() => evaluateLot(same), { code: 'E_EVALUATION_TIE_DRAW' });
  const drawn = evaluateLot({ ...same, tieSeed: new Uint8Array(32).fill(7) });
  t.deepEqual(
    drawn.ranking.map(({ rank, separatedBy }) => [rank, separatedBy]),
    [
      [1, undefined],
      [2, 'draw'],
      [3, 'draw'],
    ],
  );
  t.deepEqual(drawn.ranking.map(({ id }) => id).toSorted(), ['a', 'b', 'c']);
});

test('lower price breaks an exact tie of totals', (t) => {
  const free = parseLotCriteria({
    ...(comprehensiveCriteria as object),
    aggregation: {
      method: 'mean',
      over: 'criterion',
      roundAt: 'technical',
      rounding: { decimals: 2, mode: 'half-up' },
    },
  });
  const p1 = parseScoringRule({
    ...(lowestPriceP1Rule as object),
    constants: [{ name: 'weight', title: { zh: '价格权值', en: 'price weight' }, unit: 'plain', value: '40' }],
    result: { step: 'score', better: 'higher', max: '40' },
  });
  const inputs = { ...sampleLot({ a: '100.00', b: '80.00', c: '160.00' }), criteria: free, rule: p1 };
  // price scores 32, 40, 20: eight technical points more make a equal to b
  const sheets = experts.reduce(
    (all, expertId) => replaceSheet(all, scoreSheet('a', expertId, { method: '16' })),
    inputs.sheets,
  );
  const evaluation = evaluateLot({ ...inputs, sheets });
  t.is(bidOf(evaluation, 'a').total, bidOf(evaluation, 'b').total);
  t.deepEqual(evaluation.ranking.slice(0, 2), [
    { id: 'b', rank: 1 },
    { id: 'a', rank: 2, separatedBy: 'lower-price' },
  ]);
});

test('at most three candidates are named', (t) => {
  const prices = Object.fromEntries(Array.from({ length: 9 }, (_, place) => [`bid${place}`, `${900 + place}.00`]));
  t.is(evaluateLot(sampleLot(prices)).candidates.length, 3);
  t.throws(() => parseLotCriteria({ ...(comprehensiveCriteria as object), maxCandidates: 4 }), {
    code: 'E_EVALUATION_CRITERIA',
  });
});

test('the lowest evaluated price wins where the rule gives the total', (t) => {
  const lowest = parseScoringRule({
    format: 'qej-scoring-rule',
    v: 1,
    id: 'lep',
    title: { zh: '经评审的最低投标价', en: 'lowest evaluated price' },
    inputs: [
      { name: 'price', title: { zh: '报价', en: 'price' }, type: 'number' },
      { name: 'adjustment', title: { zh: '调整', en: 'adjustment' }, type: 'number' },
    ],
    parameters: [],
    constants: [],
    steps: [
      {
        name: 'evaluated',
        title: { zh: '评标价', en: 'evaluated price' },
        scope: 'bid',
        value: ['add', '$price', '$adjustment'],
      },
    ],
    result: { step: 'evaluated', better: 'lower' },
  });
  const asRule = parseLotCriteria({ ...(comprehensiveCriteria as object), total: 'rule' });
  const inputs = { ...basic(), criteria: asRule, rule: lowest, parameters: {} };
  const bids = inputs.bids.map((bid) => ({ ...bid, inputs: { adjustment: bid.id === 'c' ? '100' : '-20.5' } }));
  t.deepEqual(
    evaluateLot({ ...inputs, bids }).candidates.map(({ bidId, total }) => [bidId, total]),
    [
      ['b', '859.5'],
      ['a', '879.5'],
      ['c', '960'],
    ],
  );
});

test('criteria and rule that do not belong together are refused', (t) => {
  t.throws(() => evaluateLot({ ...basic(), rule: parseScoringRule(lowestPriceP1Rule) }), {
    code: 'E_EVALUATION_CRITERIA',
  });
  for (const change of [
    { v: 2 },
    { full: '99' },
    { tieBreak: ['draw', 'lower-price'] },
    { tieBreak: ['lower-price'] },
    { extra: 1 },
    { items: [] },
  ]) {
    t.throws(
      () => parseLotCriteria({ ...(comprehensiveCriteria as object), ...change }),
      { code: 'E_EVALUATION_CRITERIA' },
      JSON.stringify(change),
    );
  }
  t.throws(
    () =>
      evaluateLot({
        ...basic(),
        experts: experts.slice(0, 4),
        votes: basic().votes.filter(({ expertId }) => expertId !== 'e5'),
        sheets: basic().sheets.filter(({ expertId }) => expertId !== 'e5'),
      }),
    { code: 'E_EVALUATION_CRITERIA' },
  );
});

const shuffle = <Item>(items: readonly Item[], keys: readonly number[]): Item[] =>
  items
    .map((item, place) => ({ item, key: keys[place % keys.length]! }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);

test('the result is the same for any order of bids, experts, votes, sheets and reasons', (t) => {
  const marks = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 20, maxLength: 20 });
  const keys = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 3, maxLength: 40 });
  fc.assert(
    fc.property(marks, keys, (halves, order) => {
      const inputs = sampleLot({ a: '900.00', b: '880.00', c: '880.00', d: '870.10' });
      const sheets = inputs.sheets.map((sheet, place) => ({
        ...sheet,
        scores: { ...sheet.scores, method: halfPoints(halves[place]!) },
      }));
      const given = { ...inputs, sheets, tieSeed: new Uint8Array(32).fill(3) };
      const mixed: LotInputs = {
        ...given,
        bids: shuffle(given.bids, order),
        experts: shuffle(given.experts, order),
        votes: shuffle(given.votes, order),
        sheets: shuffle(sheets, order),
      };
      t.is(canonicalJson(evaluateLot(mixed)), canonicalJson(evaluateLot(given)));
    }),
    { numRuns: 100 },
  );
});

const halfPoints = (halves: number): string => (halves % 2 === 0 ? String(halves / 2) : `${(halves - 1) / 2}.5`);

test('ten thousand random sheets agree with an independent count in hundredths of a point', (t) => {
  let state = 1n;
  const below = (bound: number): number => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffff_ffff_ffff_ffffn;
    return Number((state >> 33n) % BigInt(bound));
  };
  let count = 0;
  for (let lot = 0; lot < 200; lot++) {
    const inputs = sampleLot(
      Object.fromEntries(
        Array.from({ length: 10 }, (_, place) => [`bid${place}`, `${800 + below(150)}.${10 + below(90)}`]),
      ),
    );
    const halves = inputs.sheets.map(() => [2 * below(11), below(51), below(31), below(21)] as const);
    const sheets = inputs.sheets.map((sheet, place) => {
      const [record, method, quality, team] = halves[place]!.map(halfPoints);
      return { ...sheet, scores: { record: record!, method: method!, quality: quality!, team: team! } };
    });
    const evaluation = evaluateLot({ ...inputs, sheets, tieSeed: new Uint8Array(32) });
    for (const [place, bid] of inputs.bids.entries()) {
      const own = halves.slice(place * 5, place * 5 + 5);
      const kept = [0, 1, 2, 3].map((item) =>
        own
          .map((marks) => marks[item]!)
          .toSorted((a, b) => a - b)
          .slice(1, 4),
      );
      const sixths = BigInt(kept.flat().reduce((total, mark) => total + mark, 0)); // halves, over three experts
      const hundredths = (sixths * 200n + 6n) / 12n; // half-up
      t.is(bidOf(evaluation, bid.id).technical, `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`);
      count += own.length;
    }
    const totals = evaluation.ranking.map(({ id }) => BigInt(bidOf(evaluation, id).total!.replace('.', '')));
    t.deepEqual(
      totals,
      totals.toSorted((a, b) => (a > b ? -1 : a < b ? 1 : 0)),
    );
  }
  t.is(count, 10_000);
});
