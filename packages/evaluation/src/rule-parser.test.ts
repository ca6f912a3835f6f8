import test from 'ava';
import { DomainError } from '@qej/kernel';
import { lowestPriceP1Rule, presetRules } from './presets.ts';
import { priceFormulas } from './price-formulas.ts';
import { parseScoringRule } from './rule-parser.ts';
import { runScoringRule } from './scoring-run.ts';
import { ruleInWords } from './rule-words.ts';

type Doc = Record<string, unknown>;
const title = { zh: '题', en: 'title' };
const input = (name: string, type = 'number') => ({ name, title, type });
const constant = (name: string, value: string, unit = 'plain') => ({ name, title, unit, value });
const step = (name: string, value: unknown, scope = 'bid') => ({ name, title, scope, value });

function document(steps: unknown[], changes: Doc = {}): Doc {
  return {
    format: 'qej-scoring-rule',
    v: 1,
    id: 'test',
    title,
    inputs: [
      input('price'),
      input('marks', 'list'),
      input('flag', 'flag'),
      { ...input('grade', 'choice'), choices: ['A', 'B'] },
    ],
    parameters: [],
    constants: [constant('rate', '2', 'perPercent')],
    steps: [...steps, step('result', ['add', '$price', '0'])],
    result: { step: 'result', better: 'higher' },
    ...changes,
  };
}

const one = (value: unknown, scope = 'bid') => document([step('x', value, scope)]);

const refusals: readonly (readonly [string, unknown, string, string])[] = [
  ['an unknown version', document([], { v: 2 }), 'E_RULE_FORMAT', '/v'],
  ['another format', document([], { format: 'qej-rule' }), 'E_RULE_FORMAT', '/format'],
  ['an unknown member', document([], { hint: 1 }), 'E_RULE_FORMAT', '/hint'],
  ['an unknown member of a step', document([{ ...step('x', '1'), hint: 1 }]), 'E_RULE_FORMAT', '/steps/0/hint'],
  ['a missing member', document([{ name: 'x', scope: 'set', value: '1' }]), 'E_RULE_FORMAT', '/steps/0'],
  ['a JSON number as a value', one(0.5), 'E_RULE_FORMAT', '/steps/0/value'],
  ['a number with an exponent', one('1e3'), 'E_RULE_FORMAT', '/steps/0/value'],
  ['an unknown operator', one(['modulo', '$price', '2']), 'E_RULE_FORMAT', '/steps/0/value/0'],
  [
    'a name of the object prototype as an operator',
    one(['constructor', '$price', '2']),
    'E_RULE_FORMAT',
    '/steps/0/value/0',
  ],
  ['an unknown kind of object', one({ loop: '$price' }), 'E_RULE_FORMAT', '/steps/0/value'],
  ['a wrong number of operands', one(['subtract', '1', '2', '3']), 'E_RULE_SIZE', '/steps/0/value'],
  ['an unknown name', one('$nothing'), 'E_RULE_NAME', '/steps/0/value'],
  ['a step that looks ahead', one('$result'), 'E_RULE_NAME', '/steps/0/value'],
  ['a step that looks at itself', one(['add', '$x', '1']), 'E_RULE_NAME', '/steps/0/value'],
  ['a name used twice', document([step('price', '1')]), 'E_RULE_NAME', '/steps/0/name'],
  ['an undeclared choice', one(['case', [['is', '$grade', 'C'], '1'], '2']), 'E_RULE_NAME', '/steps/0/value'],
  ['the item of no list', one('$item'), 'E_RULE_NAME', '/steps/0/value'],
  ['a value of one bid for the whole set', one('$price', 'set'), 'E_RULE_TYPE', '/steps/0/value'],
  ['a condition as a number', one(['add', '$flag', '1']), 'E_RULE_TYPE', '/steps/0/value'],
  ['a number as a condition', one(['and', '$price', '$flag']), 'E_RULE_TYPE', '/steps/0/value'],
  ['a gate that is no condition', one('$price', 'gate'), 'E_RULE_TYPE', '/steps/0/value'],
  ['a list as a step', one('$marks'), 'E_RULE_TYPE', '/steps/0/value'],
  ['alternatives of different types', one(['case', ['$flag', '$flag'], '1']), 'E_RULE_TYPE', '/steps/0/value'],
  ['an exponent that is computed', one(['power', '$price', '$price']), 'E_RULE_TYPE', '/steps/0/value'],
  ['a rate per percent used as a plain number', one(['multiply', '$rate', '$price']), 'E_RULE_UNIT', '/steps/0/value'],
  [
    'a rate per percent applied to a ratio',
    one(['perPercent', '$rate', ['divide', '$price', '2']]),
    'E_RULE_UNIT',
    '/steps/0/value',
  ],
  [
    'a plain number applied per percent',
    one(['perPercent', '2', ['percent', '$price', '2']]),
    'E_RULE_UNIT',
    '/steps/0/value',
  ],
  ['a fold over the bids inside another', one({ fold: 'sum', of: { fold: 'count' } }), 'E_RULE_SIZE', '/steps/0/value'],
  [
    'a position where none belongs',
    one({ fold: 'mean', of: '$price', position: '1' }),
    'E_RULE_FORMAT',
    '/steps/0/value',
  ],
  [
    'falling band edges',
    one({
      band: '$price',
      rows: [
        { upTo: '2', value: '1' },
        { upTo: '1', value: '2' },
      ],
      otherwise: '3',
    }),
    'E_RULE_FORMAT',
    '/steps/0/value',
  ],
  ['an unknown rounding', one(['round', '$price', 2, 'nearest']), 'E_RULE_FORMAT', '/steps/0/value/3'],
  ['half a decimal', one(['round', '$price', 0.5, 'up']), 'E_RULE_FORMAT', '/steps/0/value/2'],
  [
    'a result that is no step of a bid',
    document([step('s', '1', 'set')], { result: { step: 's', better: 'higher' } }),
    'E_RULE_NAME',
    '/result/step',
  ],
  ['an array', [], 'E_RULE_FORMAT', ''],
];

for (const [what, value, code, path] of refusals) {
  test(`a rule with ${what} is refused with its place`, (t) => {
    const error = t.throws(() => parseScoringRule(value), { instanceOf: DomainError, code });
    t.is(error?.params['path'], path);
  });
}

test('a rule nested too deeply is refused', (t) => {
  let value: unknown = '$price';
  for (let depth = 0; depth < 30; depth++) value = ['negate', value];
  t.throws(() => parseScoringRule(one(value)), { code: 'E_RULE_SIZE' });
});

const bid = (id: string, price: string) => ({ id, inputs: { price, marks: ['1', '2'], flag: true, grade: 'A' } });

test('a rule that squares its way to huge numbers is stopped', (t) => {
  const steps = Array.from({ length: 60 }, (_, index) => {
    const before = index === 0 ? '$price' : `$s${index - 1}`;
    return step(`s${index}`, ['multiply', before, before]);
  });
  const rule = parseScoringRule(document(steps));
  t.throws(() => runScoringRule(rule, { bids: [bid('a', '3')], parameters: {} }), { code: 'E_RULE_SIZE' });
});

test('division by zero and the mean of nothing are refusals that name the step', (t) => {
  const division = parseScoringRule(one(['divide', '1', ['subtract', '$price', '3']]));
  const error = t.throws(() => runScoringRule(division, { bids: [bid('a', '3')], parameters: {} }), {
    code: 'E_RULE_DIVISION',
  });
  t.is((error as DomainError).params['path'], 'step x');
  const nothing = parseScoringRule(one({ fold: 'mean', of: '$price', where: ['more', '$price', '9'] }, 'set'));
  t.throws(() => runScoringRule(nothing, { bids: [bid('a', '3')], parameters: {} }), { code: 'E_RULE_EMPTY' });
});

test('inputs and parameters are exactly the declared ones', (t) => {
  const rule = parseScoringRule(lowestPriceP1Rule);
  const run = (inputs: Record<string, string | boolean>, parameters: Record<string, string>) =>
    runScoringRule(rule, { bids: [{ id: 'a', inputs }], parameters });
  t.throws(() => run({}, { ceiling: '9' }), { code: 'E_RULE_INPUT' });
  t.throws(() => run({ price: '1.0e2' }, { ceiling: '9' }), { code: 'E_RULE_INPUT' });
  t.throws(() => run({ price: true }, { ceiling: '9' }), { code: 'E_RULE_INPUT' });
  t.throws(() => run({ price: '1', extra: '2' }, { ceiling: '9' }), { code: 'E_RULE_INPUT' });
  t.throws(() => run({ price: '1' }, {}), { code: 'E_RULE_PARAMETER' });
  t.throws(() => run({ price: '1' }, { ceiling: '9', extra: '1' }), { code: 'E_RULE_PARAMETER' });
  t.is(run({ price: '1' }, { ceiling: '9' }).bids[0]?.shownResult, '30.00');
});

test('when every bid has left at a gate there is no result and no refusal', (t) => {
  const run = runScoringRule(parseScoringRule(lowestPriceP1Rule), {
    bids: [{ id: 'a', inputs: { price: '10' } }],
    parameters: { ceiling: '9' },
  });
  t.is(run.bids[0]?.leftAt, 'underCeiling');
  t.is(run.bids[0]?.result, undefined);
});

test('lists, interpolation, ranks and the n-th value work as declared', (t) => {
  const steps = [
    step('marksMean', { fold: 'mean', over: '$marks', of: ['case', [['equal', '$item', '1'], '5'], '$item'] }),
    step('line', {
      interpolate: '$price',
      points: [
        ['0', '0'],
        ['10', '5'],
      ],
    }),
    step('place', { rank: '$price', first: 'highest' }),
    step('second', { fold: 'smallest', of: '$price', position: '2' }, 'set'),
    step('middle', { fold: 'median', of: '$price' }, 'set'),
    step('everybody', { fold: 'all', of: '$flag' }, 'set'),
  ];
  const run = runScoringRule(parseScoringRule(document(steps)), {
    bids: [bid('a', '3'), bid('b', '14'), bid('c', '3')],
    parameters: {},
  });
  const of = (id: string, name: string) =>
    run.bids.find((one1) => one1.id === id)?.steps.find((line) => line.name === name)?.value;
  t.deepEqual([of('a', 'marksMean'), of('a', 'line'), of('b', 'line')], ['3.5', '1.5', '5']);
  t.deepEqual([of('a', 'place'), of('b', 'place'), of('c', 'place')], ['2', '1', '2']);
  t.deepEqual(
    run.set.slice(-3).map(({ value }) => value),
    ['3', '3', 'true'],
  );
});

test('every preset and formula is described in Chinese and English without a bare name', (t) => {
  for (const data of [...presetRules, ...Object.values(priceFormulas)]) {
    const rule = parseScoringRule(data);
    const words = [...ruleInWords(rule).values()];
    t.is(words.length, rule.steps.length);
    for (const { zh, en } of words) {
      t.notRegex(zh, /undefined|\$/);
      t.notRegex(en, /undefined|\$|[一-鿿]/);
    }
  }
});

test('the words of a formula say what it does', (t) => {
  const words = ruleInWords(parseScoringRule(lowestPriceP1Rule)).get('score');
  t.is(words?.zh, '四舍五入((「评标基准价（最低报价）」 ÷ 「投标报价」) × 「价格权值」, 2 位)');
  t.is(words?.en, 'round half up((「benchmark (lowest price)」 ÷ 「bid price」) × 「price weight」, 2 decimals)');
});
