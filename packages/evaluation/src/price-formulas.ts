import type { Json } from '@qej/kernel';

/**
 * Price formulas seen in tender documents, as data, out of 100 points: a tender document takes one and sets its own
 * constants. P-1 … P-8 are the numbers of the collection from which they come.
 */

const PRICE = { name: 'price', title: { zh: '投标报价', en: 'bid price' }, type: 'number' } as const;
const FULL = { name: 'full', title: { zh: '满分', en: 'full mark' }, unit: 'plain', value: '100' } as const;
const COUNT = {
  name: 'count',
  title: { zh: '有效报价个数', en: 'number of valid prices' },
  scope: 'set',
  value: { fold: 'count' },
} as const;
const DEVIATION = {
  name: 'deviation',
  title: { zh: '偏离百分点', en: 'deviation in percent' },
  scope: 'bid',
  value: ['percent', ['absolute', ['subtract', '$price', '$benchmark']], '$benchmark'],
} as const;
const SCORE = {
  name: 'score',
  title: { zh: '价格分', en: 'price score' },
  scope: 'bid',
  value: [
    'round',
    [
      'clamp',
      [
        'subtract',
        '$full',
        ['perPercent', ['case', [['atMost', '$price', '$benchmark'], '$below'], '$above'], '$deviation'],
      ],
      '0',
      '$full',
    ],
    2,
    'half-up',
  ],
} as const;

const rates = (below: string, above: string): Json[] => [
  { name: 'below', title: { zh: '每低 1% 扣分', en: 'points off per 1 % below' }, unit: 'perPercent', value: below },
  { name: 'above', title: { zh: '每高 1% 扣分', en: 'points off per 1 % above' }, unit: 'perPercent', value: above },
];
const constant = (name: string, value: string, title: Json): Json => ({ name, title, unit: 'plain', value });
const set = (name: string, title: Json, value: Json): Json => ({ name, title, scope: 'set', value });
const drops = (rows: Json, otherwise: string): Json[] => [
  set('drop', { zh: '两端各去掉个数', en: 'dropped at each end' }, { band: '$count', rows, otherwise }),
];
const mean: Json = set(
  'mean',
  { zh: '平均价', en: 'mean price' },
  { fold: 'mean', of: '$price', dropLow: '$drop', dropHigh: '$drop' },
);

function formula(id: string, title: Json, parts: { constants: Json[]; parameters?: Json[]; steps: Json[] }): Json {
  const { constants, parameters = [], steps } = parts;
  const result = { step: 'score', better: 'higher', max: id === 'p3' ? '60' : '100' };
  return { format: 'qej-scoring-rule', v: 1, id, title, inputs: [PRICE], parameters, constants, steps, result };
}

const BENCHMARK = { zh: '评标基准价', en: 'benchmark price' };

/** 低价优先: lowest ÷ price × full mark, nothing dropped. */
const p1 = formula(
  'p1',
  { zh: '低价优先', en: 'lowest price first' },
  {
    constants: [FULL],
    steps: [
      set('benchmark', BENCHMARK, { fold: 'min', of: '$price' }),
      {
        name: 'score',
        title: SCORE.title,
        scope: 'bid',
        value: ['round', ['multiply', ['divide', '$benchmark', '$price'], '$full'], 2, 'half-up'],
      },
    ],
  },
);

/** 去极值均值 + 下浮: N = 6 loses its highest, N ≥ 7 one at each end; 5 % down. */
const p2 = formula(
  'p2',
  { zh: '去极值均值下浮', en: 'trimmed mean less a discount' },
  {
    constants: [FULL, constant('discount', '0.05', { zh: '下浮率', en: 'discount rate' }), ...rates('0.8', '1.2')],
    steps: [
      COUNT,
      set(
        'dropHigh',
        { zh: '去掉最高价个数', en: 'highest dropped' },
        { band: '$count', rows: [{ upTo: '5', value: '0' }], otherwise: '1' },
      ),
      set(
        'dropLow',
        { zh: '去掉最低价个数', en: 'lowest dropped' },
        { band: '$count', rows: [{ upTo: '6', value: '0' }], otherwise: '1' },
      ),
      set(
        'mean',
        { zh: '去极值平均价', en: 'trimmed mean' },
        { fold: 'mean', of: '$price', dropLow: '$dropLow', dropHigh: '$dropHigh' },
      ),
      set('benchmark', BENCHMARK, ['multiply', '$mean', ['subtract', '1', '$discount']]),
      DEVIATION,
      SCORE,
    ],
  },
);

/** 有效平均价: five or more lose one at each end; out of 60. */
const p3 = formula(
  'p3',
  { zh: '有效平均价', en: 'mean of valid prices' },
  {
    constants: [{ ...FULL, value: '60' }, ...rates('0.1', '0.2')],
    steps: [
      COUNT,
      ...drops([{ upTo: '4', value: '0' }], '1'),
      set('benchmark', BENCHMARK, { fold: 'mean', of: '$price', dropLow: '$drop', dropHigh: '$drop' }),
      DEVIATION,
      SCORE,
    ],
  },
);

/** 区间中间值: trimmed, then without those more than 20 % off; coefficient drawn from 0.90 to 0.99. */
const p4 = formula(
  'p4',
  { zh: '区间中间值', en: 'mean of the middle range with a drawn coefficient' },
  {
    parameters: [
      {
        name: 'coefficient',
        title: { zh: '抽取系数', en: 'drawn coefficient' },
        unit: 'plain',
        drawn: { from: '0.90', to: '0.99', step: '0.01' },
      },
    ],
    constants: [FULL, constant('range', '0.2', { zh: '有效范围', en: 'valid range' }), ...rates('0.5', '1')],
    steps: [
      COUNT,
      ...drops([{ upTo: '5', value: '0' }], '1'),
      mean,
      {
        name: 'isKept',
        title: { zh: '未去掉', en: 'kept' },
        scope: 'bid',
        value: { kept: '$price', dropLow: '$drop', dropHigh: '$drop' },
      },
      {
        name: 'isNear',
        title: { zh: '未偏离 20% 以上', en: 'within the range' },
        scope: 'bid',
        value: [
          'and',
          '$isKept',
          ['atMost', ['absolute', ['subtract', '$price', '$mean']], ['multiply', '$range', '$mean']],
        ],
      },
      set('near', { zh: '范围内个数', en: 'prices in the range' }, { fold: 'count', where: '$isNear' }),
      set('middle', { zh: '中间值', en: 'middle value' }, [
        'case',
        [['or', ['atMost', '$count', '5'], ['equal', '$near', '0']], '$mean'],
        { fold: 'mean', of: '$price', where: '$isNear' },
      ]),
      set('benchmark', BENCHMARK, ['multiply', '$middle', '$coefficient']),
      DEVIATION,
      SCORE,
    ],
  },
);

/** 分级去极值: more bids lose more; the benchmark is rounded before anything else. */
const p5 = formula(
  'p5',
  { zh: '分级去极值', en: 'graded trimming' },
  {
    constants: [FULL, ...rates('0.5', '1')],
    steps: [
      COUNT,
      ...drops(
        [
          { upTo: '5', value: '0' },
          { upTo: '10', value: '1' },
          { upTo: '20', value: '2' },
        ],
        '3',
      ),
      mean,
      set('benchmark', BENCHMARK, ['round', '$mean', 2, 'half-up']),
      DEVIATION,
      SCORE,
    ],
  },
);

/** 合理低价法: no technical score; twice as many points off above as below. */
const p8 = formula(
  'p8',
  { zh: '合理低价法', en: 'reasonable low price' },
  {
    parameters: [
      {
        name: 'coefficient',
        title: { zh: '下浮系数', en: 'coefficient' },
        unit: 'plain',
        drawn: { values: ['0.95', '0.96', '0.97', '0.98'] },
      },
    ],
    constants: [FULL, ...rates('1', '2')],
    steps: [
      COUNT,
      ...drops([{ upTo: '5', value: '0' }], '1'),
      mean,
      set('benchmark', BENCHMARK, ['multiply', '$mean', '$coefficient']),
      DEVIATION,
      SCORE,
    ],
  },
);

export const priceFormulas = { p1, p2, p3, p4, p5, p8 } as const;
