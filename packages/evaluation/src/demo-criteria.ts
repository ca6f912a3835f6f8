import type { Json } from '@qej/kernel';

/** 综合评估法 (技术 60 + 价格 40) as the demo uses it: three pass/fail items, one objective and three subjective ones. */
export const comprehensiveCriteria: Json = {
  format: 'qej-lot-criteria',
  v: 1,
  items: [
    {
      id: 'signature',
      title: { zh: '投标函签字盖章', en: 'Bid letter signed and sealed' },
      clause: '初步评审 1',
      kind: 'pass-fail',
    },
    { id: 'qualification', title: { zh: '资质条件', en: 'Qualification' }, clause: '初步评审 2', kind: 'pass-fail' },
    {
      id: 'responsiveness',
      title: { zh: '实质性响应', en: 'Substantive response' },
      clause: '初步评审 3',
      kind: 'pass-fail',
    },
    {
      id: 'record',
      title: { zh: '类似业绩', en: 'Similar contracts' },
      clause: '详细评审 1',
      kind: 'objective',
      max: '10',
      step: '1',
    },
    {
      id: 'method',
      title: { zh: '施工组织设计', en: 'Construction method' },
      clause: '详细评审 2',
      kind: 'subjective',
      max: '25',
      step: '0.5',
    },
    {
      id: 'quality',
      title: { zh: '质量与安全措施', en: 'Quality and safety' },
      clause: '详细评审 3',
      kind: 'subjective',
      max: '15',
      step: '0.5',
    },
    {
      id: 'team',
      title: { zh: '项目班子', en: 'Project team' },
      clause: '详细评审 4',
      kind: 'subjective',
      max: '10',
      step: '0.5',
    },
  ],
  full: '100',
  priceMax: '40',
  total: 'technical-plus-price',
  aggregation: {
    method: 'drop-extremes',
    over: 'criterion',
    roundAt: 'technical',
    rounding: { decimals: 2, mode: 'half-up' },
  },
  tieBreak: ['lower-price', 'higher-technical', 'draw'],
  maxCandidates: 3,
  abnormal: { meanPercent: '30', madFactor: '3', madFloorPercent: '10' },
  lowPrice: { ofMean: '0.5', ofNextLowest: '0.5', ofCeiling: '0.45' },
};
