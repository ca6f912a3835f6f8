import type { Json } from '@qej/kernel';

/** Rules as data. The same documents are printed into the tender document; docs/formats/scoring-rule.md explains them. */

const price = { name: 'price', title: { zh: '投标报价', en: 'bid price' }, type: 'number' } as const;
const ceiling = { name: 'ceiling', title: { zh: '最高投标限价', en: 'ceiling price' }, unit: 'plain' } as const;
const underCeiling = {
  name: 'underCeiling',
  title: { zh: '报价不高于最高投标限价', en: 'price not above the ceiling' },
  scope: 'gate',
  value: ['atMost', '$price', '$ceiling'],
} as const;

/** 综合评估法的价格分：去极值均值下浮为基准价，偏离扣分。Technical 60 + price 40; formula P-2. */
export const comprehensiveP2Rule: Json = {
  format: 'qej-scoring-rule',
  v: 1,
  id: 'comprehensive-p2',
  title: {
    zh: '综合评估法：去极值均值下浮基准价，价格分 40',
    en: 'Comprehensive evaluation: trimmed-mean benchmark, price 40',
  },
  inputs: [price],
  parameters: [ceiling],
  constants: [
    { name: 'full', title: { zh: '价格分满分', en: 'full price mark' }, unit: 'plain', value: '40' },
    { name: 'discount', title: { zh: '下浮率', en: 'discount rate' }, unit: 'plain', value: '0.05' },
    { name: 'below', title: { zh: '每低 1% 扣分', en: 'points off per 1 % below' }, unit: 'perPercent', value: '0.8' },
    { name: 'above', title: { zh: '每高 1% 扣分', en: 'points off per 1 % above' }, unit: 'perPercent', value: '1.2' },
  ],
  steps: [
    underCeiling,
    {
      name: 'count',
      title: { zh: '有效报价个数', en: 'number of valid prices' },
      scope: 'set',
      value: { fold: 'count' },
    },
    {
      name: 'dropHigh',
      title: { zh: '去掉最高价个数', en: 'highest prices dropped' },
      scope: 'set',
      value: { band: '$count', rows: [{ upTo: '5', value: '0' }], otherwise: '1' },
    },
    {
      name: 'dropLow',
      title: { zh: '去掉最低价个数', en: 'lowest prices dropped' },
      scope: 'set',
      value: { band: '$count', rows: [{ upTo: '6', value: '0' }], otherwise: '1' },
    },
    {
      name: 'mean',
      title: { zh: '去极值平均价', en: 'trimmed mean price' },
      scope: 'set',
      value: { fold: 'mean', of: '$price', dropLow: '$dropLow', dropHigh: '$dropHigh' },
    },
    {
      name: 'benchmark',
      title: { zh: '评标基准价', en: 'benchmark price' },
      scope: 'set',
      value: ['multiply', '$mean', ['subtract', '1', '$discount']],
    },
    {
      name: 'deviation',
      title: { zh: '偏离百分点', en: 'deviation in percent' },
      scope: 'bid',
      value: ['percent', ['absolute', ['subtract', '$price', '$benchmark']], '$benchmark'],
    },
    {
      name: 'hundredScore',
      title: { zh: '百分制得分', en: 'score out of 100' },
      scope: 'bid',
      value: [
        'subtract',
        '100',
        ['perPercent', ['case', [['atMost', '$price', '$benchmark'], '$below'], '$above'], '$deviation'],
      ],
    },
    {
      name: 'score',
      title: { zh: '价格分', en: 'price score' },
      scope: 'bid',
      value: [
        'round',
        ['clamp', ['divide', ['multiply', '$full', '$hundredScore'], '100'], '0', '$full'],
        2,
        'half-up',
      ],
    },
  ],
  result: { step: 'score', better: 'higher', max: '40' },
};

/** 低价优先法：最低报价为满分。Formula P-1, price 30; no price is dropped. */
export const lowestPriceP1Rule: Json = {
  format: 'qej-scoring-rule',
  v: 1,
  id: 'lowest-price-p1',
  title: { zh: '低价优先法：最低报价 ÷ 报价 × 30', en: 'Lowest price first: lowest price ÷ price × 30' },
  inputs: [price],
  parameters: [ceiling],
  constants: [{ name: 'weight', title: { zh: '价格权值', en: 'price weight' }, unit: 'plain', value: '30' }],
  steps: [
    underCeiling,
    {
      name: 'benchmark',
      title: { zh: '评标基准价（最低报价）', en: 'benchmark (lowest price)' },
      scope: 'set',
      value: { fold: 'min', of: '$price' },
    },
    {
      name: 'score',
      title: { zh: '价格分', en: 'price score' },
      scope: 'bid',
      value: ['round', ['multiply', ['divide', '$benchmark', '$price'], '$weight'], 2, 'half-up'],
    },
  ],
  result: { step: 'score', better: 'higher', max: '30' },
};

export const presetRules = [comprehensiveP2Rule, lowestPriceP1Rule] as const;
