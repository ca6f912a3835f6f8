import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import {
  add,
  compare,
  divide,
  formatExact,
  formatFraction,
  formatRounded,
  isDecimal,
  multiply,
  parseDecimal,
  rational,
  round,
  roundingModes,
  subtract,
} from './rational.ts';
import type { RoundingMode } from './rational.ts';

const fraction = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 12n }))
  .map(([numerator, denominator]) => rational(numerator, denominator));

test('a decimal string comes back as it went in', (t) => {
  const decimal = fc
    .tuple(fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }), fc.integer({ min: 0, max: 12 }))
    .map(([units, decimals]) =>
      formatRounded(rational(units, 10n ** BigInt(decimals)), { decimals, mode: 'truncate' }),
    );
  fc.assert(
    fc.property(decimal, (text) => {
      const decimals = text.split('.')[1]?.length ?? 0;
      t.is(formatRounded(parseDecimal(text), { decimals, mode: 'half-up' }), text);
    }),
  );
});

test('only plain decimals are read', (t) => {
  for (const text of [
    '',
    '+1',
    '01',
    '1.',
    '.5',
    '1e3',
    '-0',
    '-0.00',
    '1,000',
    ' 1',
    '1\n',
    'NaN',
    '０',
    `1.${'0'.repeat(31)}`,
  ]) {
    t.false(isDecimal(text), JSON.stringify(text));
    t.throws(() => parseDecimal(text), { code: 'E_DECIMAL' });
  }
});

test('fractions obey the laws of a field', (t) => {
  fc.assert(
    fc.property(fraction, fraction, fraction, (a, b, c) => {
      t.deepEqual(multiply(a, add(b, c)), add(multiply(a, b), multiply(a, c)));
      t.deepEqual(add(subtract(a, b), b), a);
      if (b.numerator !== 0n) t.deepEqual(multiply(divide(a, b), b), a);
    }),
  );
});

test('each rounding mode does what its name says on both sides of zero', (t) => {
  const expected: Record<RoundingMode, readonly string[]> = {
    'half-up': ['-3', '-2', '-2', '0', '2', '2', '3', '3'],
    'half-even': ['-2', '-2', '-2', '0', '2', '2', '2', '3'],
    truncate: ['-2', '-1', '-1', '0', '1', '1', '2', '2'],
    up: ['-3', '-2', '-2', '0', '2', '2', '3', '3'],
    floor: ['-3', '-2', '-2', '0', '1', '1', '2', '2'],
    ceiling: ['-2', '-1', '-1', '0', '2', '2', '3', '3'],
  };
  const values = ['-2.5', '-1.5', '-1.51', '0', '1.5', '1.51', '2.5', '2.51'];
  for (const mode of roundingModes) {
    t.deepEqual(
      values.map((text) => formatRounded(parseDecimal(text), { decimals: 0, mode })),
      expected[mode],
      mode,
    );
  }
  t.is(formatRounded(parseDecimal('1.001'), { decimals: 2, mode: 'up' }), '1.01');
  t.is(formatRounded(parseDecimal('2.675'), { decimals: 2, mode: 'half-up' }), '2.68');
  t.is(formatRounded(parseDecimal('-0.004'), { decimals: 2, mode: 'half-up' }), '0.00');
  t.is(formatRounded(parseDecimal('1499'), { decimals: -3, mode: 'half-up' }), '1000');
});

test('a rounded value is a whole number of units and less than one unit away', (t) => {
  fc.assert(
    fc.property(
      fraction,
      fc.integer({ min: -4, max: 8 }),
      fc.constantFrom(...roundingModes),
      (value, decimals, mode) => {
        const rounded = round(value, { decimals, mode });
        const unit = decimals < 0 ? rational(10n ** BigInt(-decimals)) : rational(1n, 10n ** BigInt(decimals));
        t.is(divide(rounded, unit).denominator, 1n);
        const distance = subtract(rounded, value);
        t.is(
          compare({ ...distance, numerator: distance.numerator < 0n ? -distance.numerator : distance.numerator }, unit),
          -1,
        );
        t.deepEqual(round(rounded, { decimals, mode }), rounded);
      },
    ),
  );
});

test('what ends is printed whole, what does not end says so', (t) => {
  t.is(formatExact(rational(1n, 8n)), '0.125');
  t.is(formatExact(rational(-7n, 3n)), '-2.333333333333…');
  t.is(formatFraction(rational(-14n, 6n)), '-7/3');
});

test('no binary float is spelled anywhere in the package', (t) => {
  const folder = new URL('./', import.meta.url);
  const sources = readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  t.true(sources.length > 20);
  const comments = /\/\*[\s\S]*?\*\/|\/\/.*$/gm;
  const strings = /'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;
  for (const name of sources) {
    const code = readFileSync(new URL(name, folder), 'utf8').replaceAll(comments, '').replaceAll(strings, "''");
    t.notRegex(code, /parseFloat|toFixed|toPrecision|Math\.(?:round|trunc|fround|pow|sqrt)|\b\d+\.\d|\d+e-\d/, name);
  }
});
