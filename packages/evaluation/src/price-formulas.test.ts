import test from 'ava';
import fc from 'fast-check';
import { presetRules } from './presets.ts';
import { priceFormulas } from './price-formulas.ts';
import { parseScoringRule } from './rule-parser.ts';
import { runScoringRule } from './scoring-run.ts';

/** The seven prices of the golden vectors, A to G. */
const GOLDEN = ['9800000', '9555555.55', '9200000', '8999999.99', '8812345.67', '8700000', '6000000'];
const bidsOf = (prices: readonly string[]) =>
  prices.map((price, index) => ({ id: String(index).padStart(3, '0'), inputs: { price } }));

function score(document: unknown, prices: readonly string[], parameters: Record<string, string> = {}) {
  const run = runScoringRule(parseScoringRule(document), { bids: bidsOf(prices), parameters });
  return {
    set: new Map(run.set.map(({ name, value }) => [name, value])),
    scores: run.bids.map(({ shownResult }) => shownResult),
  };
}

test('P-1 gives its golden vector', (t) => {
  const { scores } = score(presetRules[1], GOLDEN, { ceiling: '10000000' });
  t.deepEqual(scores, ['18.37', '18.84', '19.57', '20.00', '20.43', '20.69', '30.00']);
});

test('P-2 gives its golden vector, trimmed mean and benchmark', (t) => {
  const { set, scores } = score(priceFormulas.p2, GOLDEN);
  t.is(set.get('mean'), '9053580.242');
  t.is(set.get('benchmark'), '8600901.2299');
  t.deepEqual(scores, ['83.27', '86.68', '91.64', '94.43', '97.05', '98.62', '75.81']);
});

test('the preset with price 40 is P-2 scaled before it is rounded, and leaves a price above the ceiling out of the benchmark', (t) => {
  const within = score(presetRules[0], GOLDEN, { ceiling: '9800000' });
  t.deepEqual(within.scores, ['33.31', '34.67', '36.66', '37.77', '38.82', '39.45', '30.32']);
  const above = score(presetRules[0], ['10000000.01', ...GOLDEN], { ceiling: '10000000' });
  t.deepEqual(above.scores, [undefined, ...within.scores]);
});

test('P-3 drops extremes from five prices on and counts points per percent', (t) => {
  t.is(score(priceFormulas.p3, ['100', '110', '90', '100']).set.get('benchmark'), '100');
  const { set, scores } = score(priceFormulas.p3, ['100', '110', '90', '100', '500']);
  t.is(set.get('benchmark'), '103.333333333333…');
  // 500: 383.870967…% above × 0.2 = 76.77… > 60 → floor 0; 90: 12.903225…% below × 0.1 = 1.2903…
  t.deepEqual(scores, ['59.68', '58.71', '58.71', '59.68', '0.00']);
});

test('P-4 leaves out prices far from the trimmed mean and multiplies by the drawn coefficient', (t) => {
  const { set, scores } = score(priceFormulas.p4, ['50', '100', '100', '100', '100', '160', '200'], {
    coefficient: '0.95',
  });
  t.is(set.get('mean'), '112');
  t.is(set.get('near'), '4');
  t.is(set.get('benchmark'), '95');
  t.deepEqual(scores.slice(0, 2), ['76.32', '94.74']);
  t.throws(() => score(priceFormulas.p4, ['100', '101'], { coefficient: '0.955' }), { code: 'E_RULE_PARAMETER' });
});

test('P-4 keeps all prices when every one is far from the trimmed mean', (t) => {
  const { set } = score(priceFormulas.p4, ['1', '1', '1', '1', '100', '100', '100', '100'], { coefficient: '0.90' });
  t.is(set.get('near'), '0');
  t.is(set.get('middle'), '50.5');
});

test('P-5 drops by the number of bids and rounds the benchmark first', (t) => {
  const prices = (count: number) => Array.from({ length: count }, (_, index) => `${100 + index}.37`);
  for (const [count, drop] of [
    [5, '0'],
    [6, '1'],
    [10, '1'],
    [11, '2'],
    [20, '2'],
    [21, '3'],
  ] as const) {
    t.is(score(priceFormulas.p5, prices(count)).set.get('drop'), drop);
  }
  t.is(score(priceFormulas.p5, ['100.00', '100.00', '100.01']).set.get('benchmark'), '100.00');
});

test('P-8 takes twice as many points above the benchmark as below', (t) => {
  const { set, scores } = score(priceFormulas.p8, ['98', '96.04', '100'], { coefficient: '0.98' });
  t.is(set.get('benchmark'), '96.053066666666…');
  t.deepEqual(scores, ['95.95', '99.99', '91.78']);
});

// An independent P-2: everything scaled by 10^50, half-up at the end, no fractions.
const SCALE = 10n ** 50n;
function naiveP2(fen: readonly bigint[]): string[] {
  const sorted = fen.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const kept = sorted.length <= 5 ? sorted : sorted.slice(sorted.length === 6 ? 0 : 1, -1);
  const benchmark = (kept.reduce((total, price) => total + price, 0n) * SCALE * 95n) / (100n * BigInt(kept.length));
  return fen.map((price) => {
    const scaled = price * SCALE;
    const distance = scaled > benchmark ? scaled - benchmark : benchmark - scaled;
    const points = 100n * SCALE - (distance * (scaled <= benchmark ? 80n : 120n) * SCALE) / benchmark;
    const hundredths = ((points < 0n ? 0n : points) * 200n + SCALE) / (2n * SCALE);
    return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, '0')}`;
  });
}

test('P-2 agrees with an independent computation in 50 decimals', (t) => {
  const rule = parseScoringRule(priceFormulas.p2);
  const prices = fc.array(fc.bigInt({ min: 1_00n, max: 999_999_999_99n }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(prices, (fen) => {
      const texts = fen.map((price) => `${price / 100n}.${String(price % 100n).padStart(2, '0')}`);
      const run = runScoringRule(rule, { bids: bidsOf(texts), parameters: {} });
      t.deepEqual(
        run.bids.map(({ shownResult }) => shownResult),
        naiveP2(fen),
      );
    }),
    { numRuns: 2000 },
  );
});

test('a rule gives the same run for any order of the bids', (t) => {
  const rule = parseScoringRule(priceFormulas.p4);
  const price = fc.integer({ min: 1, max: 40 }).map((units) => String(units * 25));
  fc.assert(
    fc.property(fc.array(price, { minLength: 1, maxLength: 15 }), fc.integer(), (prices, salt) => {
      const bids = bidsOf(prices);
      const shuffled = bids.toSorted(
        (a, b) => ((Number(a.id) * 7919 + salt) % 31) - ((Number(b.id) * 7919 + salt) % 31),
      );
      const parameters = { coefficient: '0.95' };
      t.deepEqual(runScoringRule(rule, { bids: shuffled, parameters }), runScoringRule(rule, { bids, parameters }));
    }),
    { numRuns: 300 },
  );
});
