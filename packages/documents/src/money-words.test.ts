import test from 'ava';
import fc from 'fast-check';
import { DomainError, money } from '@qej/kernel';
import { moneyInFigures, moneyInWords } from './index.ts';

const DIGIT = new Map(Array.from('零壹贰叁肆伍陆柒捌玖', (character, value) => [character, BigInt(value)]));
const UNIT = new Map([
  ['拾', 10n],
  ['佰', 100n],
  ['仟', 1000n],
]);

/** Reads the words by units, not by undoing the writer: digit × unit summed up to 万, multiplied at 亿. */
function parse(words: string): bigint {
  const match = /^人民币(?:(.+?)元)?(?:零?(.)角)?(?:零?(.)分)?整?$/.exec(words);
  if (match === null) throw new Error(`not an amount: ${words}`);
  let total = 0n;
  let section = 0n;
  let digit = 0n;
  for (const character of match[1] ?? '') {
    const value = DIGIT.get(character);
    const unit = UNIT.get(character);
    if (value !== undefined) digit = value;
    else if (unit !== undefined) {
      section += digit * unit;
      digit = 0n;
    } else if (character === '万') {
      section = (section + digit) * 10_000n;
      total += section;
      section = 0n;
      digit = 0n;
    } else if (character === '亿') {
      total = (total + section + digit) * 100_000_000n;
      section = 0n;
      digit = 0n;
    } else throw new Error(`unknown character ${character}`);
  }
  const minor = (DIGIT.get(match[2] ?? '零') ?? 0n) * 10n + (DIGIT.get(match[3] ?? '零') ?? 0n);
  return (total + section + digit) * 100n + minor;
}

const spelled: readonly (readonly [bigint, string])[] = [
  [123_000_000n, '人民币壹佰贰拾叁万元整'],
  [0n, '人民币零元整'],
  [5n, '人民币伍分'],
  [50n, '人民币伍角整'],
  [105n, '人民币壹元零伍分'],
  [1_000n, '人民币壹拾元整'],
  [100_100n, '人民币壹仟零壹元整'],
  [10_000_100n, '人民币壹拾万零壹元整'],
  [140_950n, '人民币壹仟肆佰零玖元伍角整'],
  [600_714n, '人民币陆仟零柒元壹角肆分'],
  [10_001_000_000n, '人民币壹亿零壹万元整'],
  [200_000_000_000_000n, '人民币贰万亿元整'],
  [123_456_789_012n, '人民币壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元壹角贰分'],
  [1_640_902n, '人民币壹万陆仟肆佰零玖元零贰分'],
];

test('the words of an amount are those of the rule for Chinese bills', (t) => {
  for (const [minor, words] of spelled) t.is(moneyInWords(minor), words);
});

test('an independent parser reads every amount back from its words', (t) => {
  const amounts = fc.oneof(
    fc.bigInt({ min: 0n, max: 9_007_199_254_740_991n }),
    fc.bigInt({ min: 0n, max: 100_000_000n }),
    fc.tuple(fc.bigInt({ min: 0n, max: 90n }), fc.nat(13)).map(([digit, zeros]) => digit * 10n ** BigInt(zeros)),
  );
  fc.assert(
    fc.property(amounts, (minor) => {
      t.is(parse(moneyInWords(minor)), minor);
    }),
    { numRuns: 2000 },
  );
});

test('words never repeat 零, never end a group with it and never show an empty unit', (t) => {
  fc.assert(
    fc.property(fc.bigInt({ min: 1n, max: 9_007_199_254_740_991n }), (minor) => {
      t.notRegex(moneyInWords(minor), /零零|零[万亿元拾佰仟角分]|亿万|万元零$/);
    }),
    { numRuns: 1000 },
  );
});

test('amounts without words are refused', (t) => {
  for (const minor of [-1n, 9_007_199_254_740_992n])
    t.throws(() => moneyInWords(minor), { instanceOf: DomainError, code: 'E_MONEY' });
});

test('figures carry thousands separators and two decimals', (t) => {
  t.is(moneyInFigures(money(123_456_789_012n)), '1,234,567,890.12');
  t.is(moneyInFigures(money(5n)), '0.05');
  t.is(moneyInFigures(money(-100_000n)), '-1,000.00');
});
