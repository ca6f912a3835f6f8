import { roundingModes } from './rational.ts';
import { isObject, readArray, readDecimal, readName, readObject, readOneOf, readText, refuse } from './rule-reader.ts';
import type { JsonObject, Path } from './rule-reader.ts';
import { callOperators, foldNames } from './rule-syntax.ts';
import type { BandRow, CallOperator, Expression, Fold } from './rule-syntax.ts';

const MAX_DEPTH = 24;
const MAX_ITEMS = 64;
const MAX_DECIMALS = 12;

/** How many operands each operator takes. */
const ARITY: Record<CallOperator, { min: number; max: number }> = {
  add: { min: 2, max: MAX_ITEMS },
  subtract: { min: 2, max: 2 },
  multiply: { min: 2, max: MAX_ITEMS },
  divide: { min: 2, max: 2 },
  negate: { min: 1, max: 1 },
  absolute: { min: 1, max: 1 },
  minimum: { min: 2, max: MAX_ITEMS },
  maximum: { min: 2, max: MAX_ITEMS },
  clamp: { min: 3, max: 3 },
  power: { min: 2, max: 2 },
  percent: { min: 2, max: 2 },
  perPercent: { min: 2, max: 2 },
  less: { min: 2, max: 2 },
  atMost: { min: 2, max: 2 },
  more: { min: 2, max: 2 },
  atLeast: { min: 2, max: 2 },
  equal: { min: 2, max: 2 },
  and: { min: 2, max: MAX_ITEMS },
  or: { min: 2, max: MAX_ITEMS },
  not: { min: 1, max: 1 },
};

function readLeaf(text: string, path: Path): Expression {
  if (text === '$item') return { kind: 'item' };
  if (text.startsWith('$')) return { kind: 'reference', name: readName(text.slice(1), path) };
  return { kind: 'number', value: readDecimal(text, path) };
}

function readDecimals(value: unknown, path: Path): number {
  const isDecimals = typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_DECIMALS;
  return isDecimals ? value : refuse('E_RULE_FORMAT', path, `expected −${MAX_DECIMALS} to ${MAX_DECIMALS} decimals`);
}

function readRound(items: readonly unknown[], path: Path, depth: number): Expression {
  readArray(items, path, { min: 4, max: 4 });
  return {
    kind: 'round',
    value: readExpression(items[1], `${path}/1`, depth + 1),
    rounding: { decimals: readDecimals(items[2], `${path}/2`), mode: readOneOf(items[3], `${path}/3`, roundingModes) },
  };
}

function readIs(items: readonly unknown[], path: Path): Expression {
  readArray(items, path, { min: 3, max: 3 });
  const reference = readText(items[1], `${path}/1`);
  if (!reference.startsWith('$')) refuse('E_RULE_FORMAT', `${path}/1`, 'expected a reference');
  return { kind: 'is', name: readName(reference.slice(1), `${path}/1`), choice: readText(items[2], `${path}/2`) };
}

/** `["case", [condition, value], …, otherwise]` */
function readCase(items: readonly unknown[], path: Path, depth: number): Expression {
  readArray(items, path, { min: 3, max: MAX_ITEMS });
  const branches = items.slice(1, -1).map((item, index): readonly [Expression, Expression] => {
    const place = `${path}/${index + 1}`;
    const pair = readArray(item, place, { min: 2, max: 2 });
    return [readExpression(pair[0], `${place}/0`, depth + 1), readExpression(pair[1], `${place}/1`, depth + 1)];
  });
  return { kind: 'case', branches, otherwise: readExpression(items.at(-1), `${path}/${items.length - 1}`, depth + 1) };
}

function readList(items: readonly unknown[], path: Path, depth: number): Expression {
  const head = readText(items[0], `${path}/0`);
  if (head === 'round') return readRound(items, path, depth);
  if (head === 'is') return readIs(items, path);
  if (head === 'case') return readCase(items, path, depth);
  const operator = readOneOf(head, `${path}/0`, callOperators);
  const { min, max } = ARITY[operator];
  const operands = readArray(items.slice(1), path, { min, max });
  return {
    kind: 'call',
    operator,
    operands: operands.map((item, index) => readExpression(item, `${path}/${index + 1}`, depth + 1)),
  };
}

function readBand(value: JsonObject, path: Path, depth: number): Expression {
  readObject(value, path, { required: ['band', 'rows', 'otherwise'] });
  const rows = readArray(value['rows'], `${path}/rows`, { min: 1, max: MAX_ITEMS }).map((item, index): BandRow => {
    const place = `${path}/rows/${index}`;
    const bound = isObject(item) && 'below' in item ? 'below' : 'upTo';
    const row = readObject(item, place, { required: [bound, 'value'] });
    return {
      bound,
      edge: readDecimal(row[bound], `${place}/${bound}`),
      value: readExpression(row['value'], `${place}/value`, depth + 1),
    };
  });
  const of = readExpression(value['band'], `${path}/band`, depth + 1);
  return { kind: 'band', of, rows, otherwise: readExpression(value['otherwise'], `${path}/otherwise`, depth + 1) };
}

function readInterpolate(value: JsonObject, path: Path, depth: number): Expression {
  readObject(value, path, { required: ['interpolate', 'points'] });
  const points = readArray(value['points'], `${path}/points`, { min: 2, max: MAX_ITEMS }).map((item, index) => {
    const place = `${path}/points/${index}`;
    const pair = readArray(item, place, { min: 2, max: 2 });
    return [readDecimal(pair[0], `${place}/0`), readDecimal(pair[1], `${place}/1`)] as const;
  });
  return { kind: 'interpolate', of: readExpression(value['interpolate'], `${path}/interpolate`, depth + 1), points };
}

/** The members that are expressions, where present. */
function readMembers<Name extends string>(
  value: JsonObject,
  names: readonly Name[],
  place: { path: Path; depth: number },
) {
  const read: { [N in Name]?: Expression } = {};
  for (const name of names) {
    if (Object.hasOwn(value, name)) read[name] = readExpression(value[name], `${place.path}/${name}`, place.depth + 1);
  }
  return read;
}

function readFold(value: JsonObject, path: Path, depth: number): Fold {
  const expressions = ['of', 'where', 'dropLow', 'dropHigh', 'position', 'ifNone'] as const;
  readObject(value, path, { required: ['fold'], optional: ['over', ...expressions] });
  const fold = readOneOf(value['fold'], `${path}/fold`, foldNames);
  const read: Fold = { kind: 'fold', fold, ...readMembers(value, expressions, { path, depth }) };
  if (!Object.hasOwn(value, 'over')) return read;
  const over = readText(value['over'], `${path}/over`);
  if (!over.startsWith('$')) refuse('E_RULE_FORMAT', `${path}/over`, 'expected a reference to a list');
  return { ...read, over: readName(over.slice(1), `${path}/over`) };
}

function readKept(value: JsonObject, path: Path, depth: number): Expression {
  readObject(value, path, { required: ['kept', 'dropLow', 'dropHigh'], optional: ['where'] });
  const zero: Expression = { kind: 'number', value: { numerator: 0n, denominator: 1n } };
  const {
    kept,
    where,
    dropLow = zero,
    dropHigh = zero,
  } = readMembers(value, ['kept', 'where', 'dropLow', 'dropHigh'], { path, depth });
  const of = kept ?? refuse('E_RULE_FORMAT', path, 'nothing to keep');
  return where === undefined ? { kind: 'kept', of, dropLow, dropHigh } : { kind: 'kept', of, where, dropLow, dropHigh };
}

function readRank(value: JsonObject, path: Path, depth: number): Expression {
  readObject(value, path, { required: ['rank', 'first'], optional: ['where'] });
  const first = readOneOf(value['first'], `${path}/first`, ['lowest', 'highest'] as const);
  const { rank, where } = readMembers(value, ['rank', 'where'], { path, depth });
  const of = rank ?? refuse('E_RULE_FORMAT', path, 'nothing to rank');
  return where === undefined ? { kind: 'rank', of, first } : { kind: 'rank', of, where, first };
}

const OBJECT_READERS: Record<string, (value: JsonObject, path: Path, depth: number) => Expression> = {
  fold: readFold,
  kept: readKept,
  rank: readRank,
  band: readBand,
  interpolate: readInterpolate,
};

/**
 * A decimal string, `"$name"`, `["operator", …]` or one of the objects fold, kept, rank, band, interpolate.
 * @throws DomainError `E_RULE_FORMAT` or `E_RULE_SIZE` with the path.
 */
export function readExpression(value: unknown, path: Path, depth: number): Expression {
  if (depth > MAX_DEPTH) return refuse('E_RULE_SIZE', path, 'nested too deeply');
  if (typeof value === 'string') return readLeaf(value, path);
  if (Array.isArray(value)) return readList(readArray(value, path, { min: 1, max: MAX_ITEMS }), path, depth);
  if (!isObject(value)) return refuse('E_RULE_FORMAT', path, 'expected an expression');
  const kind = Object.keys(OBJECT_READERS).find((name) => Object.hasOwn(value, name));
  const read = kind === undefined ? undefined : OBJECT_READERS[kind];
  return read === undefined ? refuse('E_RULE_FORMAT', path, 'unknown expression') : read(value, path, depth);
}
