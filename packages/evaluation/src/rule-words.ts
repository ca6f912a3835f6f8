import { formatExact } from './rational.ts';
import type { RoundingMode } from './rational.ts';
import type { Bilingual, CallOperator, Expression, Fold, FoldName, ScoringRule } from './rule-syntax.ts';

type Language = 'zh' | 'en';
type Titles = ReadonlyMap<string, Bilingual>;

const INFIX: Partial<Record<CallOperator, Bilingual>> = {
  add: { zh: ' + ', en: ' + ' },
  subtract: { zh: ' − ', en: ' − ' },
  multiply: { zh: ' × ', en: ' × ' },
  perPercent: { zh: ' × ', en: ' × ' },
  divide: { zh: ' ÷ ', en: ' ÷ ' },
  power: { zh: ' ^ ', en: ' ^ ' },
  less: { zh: ' < ', en: ' < ' },
  atMost: { zh: ' ≤ ', en: ' ≤ ' },
  more: { zh: ' > ', en: ' > ' },
  atLeast: { zh: ' ≥ ', en: ' ≥ ' },
  equal: { zh: ' = ', en: ' = ' },
  and: { zh: ' 且 ', en: ' and ' },
  or: { zh: ' 或 ', en: ' or ' },
};

const FUNCTIONS: Record<'minimum' | 'maximum' | 'clamp', Bilingual> = {
  minimum: { zh: '取小', en: 'smaller of' },
  maximum: { zh: '取大', en: 'larger of' },
  clamp: { zh: '限于区间', en: 'limit to range' },
};

const ROUNDING: Record<RoundingMode, Bilingual> = {
  'half-up': { zh: '四舍五入', en: 'round half up' },
  'half-even': { zh: '四舍六入五成双', en: 'round half to even' },
  truncate: { zh: '截尾', en: 'truncate' },
  up: { zh: '进位', en: 'round up' },
  floor: { zh: '向下取整', en: 'round towards −∞' },
  ceiling: { zh: '向上取整', en: 'round towards +∞' },
};

const FOLDS: Record<FoldName, Bilingual> = {
  count: { zh: '个数', en: 'count' },
  sum: { zh: '合计', en: 'sum' },
  mean: { zh: '算术平均值', en: 'mean' },
  median: { zh: '中位数', en: 'median' },
  min: { zh: '最小值', en: 'lowest' },
  max: { zh: '最大值', en: 'highest' },
  smallest: { zh: '由低到高第几个', en: 'nth lowest' },
  largest: { zh: '由高到低第几个', en: 'nth highest' },
  all: { zh: '全部满足', en: 'all satisfy' },
  any: { zh: '至少一个满足', en: 'any satisfies' },
};

const word = (language: Language, zh: string, en: string): string => (language === 'zh' ? zh : en);

/** Writes expressions in words of one language; brackets only where an operand is itself an infix term. */
function writer(titles: Titles, language: Language) {
  const name = (text: string): string => `「${titles.get(text)?.[language] ?? text}」`;
  const bracket = (expression: Expression): string => {
    const text = write(expression);
    const isInfix = expression.kind === 'call' && INFIX[expression.operator] !== undefined;
    return isInfix || expression.kind === 'case' ? `(${text})` : text;
  };
  const call = ({ operator, operands }: Extract<Expression, { kind: 'call' }>): string => {
    const [first, second] = operands;
    if (first === undefined) return operator;
    if (operator === 'negate') return `−${bracket(first)}`;
    if (operator === 'absolute') return `|${write(first)}|`;
    if (operator === 'not') return word(language, `非(${write(first)})`, `not (${write(first)})`);
    if (operator === 'percent' && second !== undefined) return `${bracket(first)} ÷ ${bracket(second)} × 100`;
    const infix = INFIX[operator];
    if (infix !== undefined) return operands.map(bracket).join(infix[language]);
    const title = operator === 'minimum' || operator === 'maximum' || operator === 'clamp' ? FUNCTIONS[operator][language] : operator;
    return `${title}(${operands.map(write).join(', ')})`;
  };
  const drops = ({ dropLow, dropHigh }: { dropLow?: Expression; dropHigh?: Expression }): string[] => {
    const parts: string[] = [];
    if (dropHigh !== undefined) parts.push(word(language, `去掉最高 ${write(dropHigh)} 个`, `without the highest ${write(dropHigh)}`));
    if (dropLow !== undefined) parts.push(word(language, `去掉最低 ${write(dropLow)} 个`, `without the lowest ${write(dropLow)}`));
    return parts;
  };
  const fold = (expression: Fold): string => {
    const over = expression.over === undefined ? word(language, '各投标', 'all bids') : name(expression.over);
    const parts = [expression.of === undefined ? over : `${over}: ${write(expression.of)}`];
    if (expression.where !== undefined) parts.push(word(language, `仅限 ${write(expression.where)}`, `where ${write(expression.where)}`));
    parts.push(...drops(expression));
    if (expression.position !== undefined) parts.push(word(language, `第 ${write(expression.position)} 个`, `number ${write(expression.position)}`));
    if (expression.ifNone !== undefined) parts.push(word(language, `无则 ${write(expression.ifNone)}`, `if none ${write(expression.ifNone)}`));
    return `${FOLDS[expression.fold][language]}(${parts.join('; ')})`;
  };
  const alternatives = (rows: readonly (readonly [string, Expression])[], otherwise: Expression): string => {
    const parts = rows.map(([condition, value]) => word(language, `${condition} 时 ${write(value)}`, `${write(value)} if ${condition}`));
    return [...parts, word(language, `否则 ${write(otherwise)}`, `otherwise ${write(otherwise)}`)].join('; ');
  };
  const others = (expression: Extract<Expression, { kind: 'kept' | 'rank' }>): string => {
    const where = expression.where === undefined ? [] : [word(language, `仅限 ${write(expression.where)}`, `where ${write(expression.where)}`)];
    const isKept = expression.kind === 'kept';
    const first = isKept ? drops(expression) : [expression.first === 'lowest' ? word(language, '低者在前', 'lowest first') : word(language, '高者在前', 'highest first')];
    const title = isKept ? word(language, '保留', 'kept') : word(language, '名次', 'rank');
    return `${title}(${[write(expression.of), ...where, ...first].join('; ')})`;
  };
  function write(expression: Expression): string {
    switch (expression.kind) {
      case 'number': return formatExact(expression.value);
      case 'item': return word(language, '每个', 'each');
      case 'reference': return name(expression.name);
      case 'call': return call(expression);
      case 'round': return `${ROUNDING[expression.rounding.mode][language]}(${write(expression.value)}, ${expression.rounding.decimals}${word(language, '位', ' decimals')})`;
      case 'case': return alternatives(expression.branches.map(([condition, value]) => [write(condition), value]), expression.otherwise);
      case 'band': {
        const of = bracket(expression.of);
        const rows = expression.rows.map(({ bound, edge, value }) => [`${of} ${bound === 'below' ? '<' : '≤'} ${formatExact(edge)}`, value] as const);
        return alternatives(rows, expression.otherwise);
      }
      case 'interpolate': {
        const points = expression.points.map(([x, y]) => `${formatExact(x)}→${formatExact(y)}`).join(', ');
        return `${word(language, '直线内插', 'interpolate')}(${write(expression.of)}: ${points})`;
      }
      case 'is': return `${name(expression.name)} = ${expression.choice}`;
      case 'fold': return fold(expression);
      case 'kept':
      case 'rank': return others(expression);
    }
  }
  return write;
}

/** The formula of every step in words, by step name: what the report prints beside each value. */
export function ruleInWords(rule: ScoringRule): ReadonlyMap<string, Bilingual> {
  const named = [...rule.inputs, ...rule.parameters, ...rule.constants, ...rule.steps];
  const titles = new Map(named.map(({ name, title }) => [name, title]));
  const [zh, en] = [writer(titles, 'zh'), writer(titles, 'en')];
  return new Map(rule.steps.map((step) => [step.name, { zh: zh(step.value), en: en(step.value) }]));
}
