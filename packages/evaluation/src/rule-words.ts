import { formatExact } from './rational.ts';
import type { RoundingMode } from './rational.ts';
import type { Bilingual, CallOperator, Expression, Fold, FoldName, ScoringRule } from './rule-syntax.ts';

type Language = 'zh' | 'en';

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

/** For whom a formula is written. */
interface Writing {
  readonly titles: ReadonlyMap<string, Bilingual>;
  readonly language: Language;
}

type Of<Kind extends Expression['kind']> = Extract<Expression, { kind: Kind }>;

const word = ({ language }: Writing, zh: string, en: string): string => (language === 'zh' ? zh : en);
const nameOf = (name: string, to: Writing): string => `「${to.titles.get(name)?.[to.language] ?? name}」`;

/** Brackets only where an operand is itself an infix term. */
function bracket(expression: Expression, to: Writing): string {
  const isInfix = expression.kind === 'call' && INFIX[expression.operator] !== undefined;
  return isInfix || expression.kind === 'case' ? `(${write(expression, to)})` : write(expression, to);
}

function writeCall({ operator, operands }: Of<'call'>, to: Writing): string {
  const [first, second] = operands;
  if (first === undefined) return operator;
  if (operator === 'negate') return `−${bracket(first, to)}`;
  if (operator === 'absolute') return `|${write(first, to)}|`;
  if (operator === 'not') return word(to, `非(${write(first, to)})`, `not (${write(first, to)})`);
  if (operator === 'percent' && second !== undefined) return `${bracket(first, to)} ÷ ${bracket(second, to)} × 100`;
  const infix = INFIX[operator];
  if (infix !== undefined) return operands.map((operand) => bracket(operand, to)).join(infix[to.language]);
  const title =
    operator === 'minimum' || operator === 'maximum' || operator === 'clamp'
      ? FUNCTIONS[operator][to.language]
      : operator;
  return `${title}(${operands.map((operand) => write(operand, to)).join(', ')})`;
}

/** What a fold, `kept` or `rank` leaves out before it starts. */
function writeLimits(
  given: { where?: Expression; dropLow?: Expression; dropHigh?: Expression },
  to: Writing,
): string[] {
  const limit = (
    expression: Expression | undefined,
    zh: (text: string) => string,
    en: (text: string) => string,
  ): string[] => {
    if (expression === undefined) return [];
    const text = write(expression, to);
    return [word(to, zh(text), en(text))];
  };
  return [
    ...limit(
      given.where,
      (text) => `仅限 ${text}`,
      (text) => `where ${text}`,
    ),
    ...limit(
      given.dropHigh,
      (text) => `去掉最高 ${text} 个`,
      (text) => `without the highest ${text}`,
    ),
    ...limit(
      given.dropLow,
      (text) => `去掉最低 ${text} 个`,
      (text) => `without the lowest ${text}`,
    ),
  ];
}

function writeFold(fold: Fold, to: Writing): string {
  const over = fold.over === undefined ? word(to, '各投标', 'all bids') : nameOf(fold.over, to);
  const parts = [fold.of === undefined ? over : `${over}: ${write(fold.of, to)}`, ...writeLimits(fold, to)];
  if (fold.position !== undefined)
    parts.push(word(to, `第 ${write(fold.position, to)} 个`, `number ${write(fold.position, to)}`));
  if (fold.ifNone !== undefined)
    parts.push(word(to, `无则 ${write(fold.ifNone, to)}`, `if none ${write(fold.ifNone, to)}`));
  return `${FOLDS[fold.fold][to.language]}(${parts.join('; ')})`;
}

function writeAlternatives(
  rows: readonly (readonly [string, Expression])[],
  otherwise: Expression,
  to: Writing,
): string {
  const parts = rows.map(([condition, value]) =>
    word(to, `${condition} 时 ${write(value, to)}`, `${write(value, to)} if ${condition}`),
  );
  return [...parts, word(to, `否则 ${write(otherwise, to)}`, `otherwise ${write(otherwise, to)}`)].join('; ');
}

function writeBand({ of, rows, otherwise }: Of<'band'>, to: Writing): string {
  const value = bracket(of, to);
  const written = rows.map(
    (row) => [`${value} ${row.bound === 'below' ? '<' : '≤'} ${formatExact(row.edge)}`, row.value] as const,
  );
  return writeAlternatives(written, otherwise, to);
}

function writeRank(rank: Of<'rank'>, to: Writing): string {
  const order = rank.first === 'lowest' ? word(to, '低者在前', 'lowest first') : word(to, '高者在前', 'highest first');
  return `${word(to, '名次', 'rank')}(${[write(rank.of, to), ...writeLimits(rank, to), order].join('; ')})`;
}

function writeRound({ value, rounding }: Of<'round'>, to: Writing): string {
  return `${ROUNDING[rounding.mode][to.language]}(${write(value, to)}, ${rounding.decimals}${word(to, ' 位', ' decimals')})`;
}

function writeInterpolate({ of, points }: Of<'interpolate'>, to: Writing): string {
  const through = points.map(([x, y]) => `${formatExact(x)}→${formatExact(y)}`).join(', ');
  return `${word(to, '直线内插', 'interpolate')}(${write(of, to)}: ${through})`;
}

function write(expression: Expression, to: Writing): string {
  switch (expression.kind) {
    case 'number':
      return formatExact(expression.value);
    case 'item':
      return word(to, '每个', 'each');
    case 'reference':
      return nameOf(expression.name, to);
    case 'call':
      return writeCall(expression, to);
    case 'round':
      return writeRound(expression, to);
    case 'case': {
      const rows = expression.branches.map(([condition, value]) => [write(condition, to), value] as const);
      return writeAlternatives(rows, expression.otherwise, to);
    }
    case 'band':
      return writeBand(expression, to);
    case 'interpolate':
      return writeInterpolate(expression, to);
    case 'is':
      return `${nameOf(expression.name, to)} = ${expression.choice}`;
    case 'fold':
      return writeFold(expression, to);
    case 'kept':
      return `${word(to, '保留', 'kept')}(${[write(expression.of, to), ...writeLimits(expression, to)].join('; ')})`;
    case 'rank':
      return writeRank(expression, to);
  }
}

/** The formula of every step in words, by step name: what the report prints beside each value. */
export function ruleInWords(rule: ScoringRule): ReadonlyMap<string, Bilingual> {
  const named = [...rule.inputs, ...rule.parameters, ...rule.constants, ...rule.steps];
  const titles = new Map(named.map(({ name, title }) => [name, title]));
  const inWords = (value: Expression): Bilingual => ({
    zh: write(value, { titles, language: 'zh' }),
    en: write(value, { titles, language: 'en' }),
  });
  return new Map(rule.steps.map((step) => [step.name, inWords(step.value)]));
}
