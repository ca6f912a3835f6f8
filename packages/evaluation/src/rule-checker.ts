import { refuse } from './rule-reader.ts';
import type { Path } from './rule-reader.ts';
import type { CallOperator, Expression, Fold, Kept, Rank, Unit, ValueType } from './rule-syntax.ts';

/** What is known of a name at some step. */
export interface KnownName {
  readonly type: ValueType;
  readonly unit: Unit;
  readonly level: 'set' | 'bid';
  readonly choices?: readonly string[];
}

export interface CheckContext {
  readonly names: ReadonlyMap<string, KnownName>;
  readonly level: 'set' | 'bid';
  /** Inside a fold over the bids: another one would multiply the work. */
  readonly isInBids?: boolean;
  /** Inside a fold over a list: `$item` is known. */
  readonly isInList?: boolean;
  readonly path: Path;
}

export interface CheckedType {
  readonly type: ValueType;
  readonly unit: Unit;
}

const NUMBER: CheckedType = { type: 'number', unit: 'plain' };
const FLAG: CheckedType = { type: 'flag', unit: 'plain' };
const FLAG_OPERATORS: readonly CallOperator[] = ['and', 'or', 'not'];
const COMPARISONS: readonly CallOperator[] = ['less', 'atMost', 'more', 'atLeast', 'equal'];
const KEEPS_PERCENT: readonly CallOperator[] = ['add', 'subtract', 'negate', 'absolute', 'minimum', 'maximum', 'clamp'];
const MAX_EXPONENT = 8;

function expectNumber(expression: Expression, context: CheckContext): Unit {
  const { type, unit } = checkExpression(expression, context);
  if (type !== 'number') refuse('E_RULE_TYPE', context.path, `expected a number, found a ${type}`);
  return unit;
}

function expectFlag(expression: Expression, context: CheckContext): void {
  const { type } = checkExpression(expression, context);
  if (type !== 'flag') refuse('E_RULE_TYPE', context.path, `expected a condition, found a ${type}`);
}

/** A number that is not a rate per percent: such a rate may only meet a percentage, through `perPercent`. */
function expectAmount(expression: Expression, context: CheckContext): Unit {
  const unit = expectNumber(expression, context);
  return unit === 'perPercent'
    ? refuse('E_RULE_UNIT', context.path, 'a rate per percent is used as a plain number')
    : unit;
}

function checkPerPercent(operands: readonly Expression[], context: CheckContext): CheckedType {
  const found = operands.map((operand) => expectNumber(operand, context));
  if (found[0] !== 'perPercent') refuse('E_RULE_UNIT', context.path, 'the first operand is a rate per percent');
  if (found[1] !== 'percent') refuse('E_RULE_UNIT', context.path, 'the second operand is a percentage');
  return NUMBER;
}

function checkExponent(exponent: Expression | undefined, context: CheckContext): void {
  const value = exponent?.kind === 'number' ? exponent.value : undefined;
  const isSmall =
    value !== undefined && value.denominator === 1n && value.numerator >= 0n && value.numerator <= BigInt(MAX_EXPONENT);
  if (!isSmall) refuse('E_RULE_TYPE', context.path, `an exponent is a literal from 0 to ${MAX_EXPONENT}`);
}

function checkCall({ operator, operands }: Extract<Expression, { kind: 'call' }>, context: CheckContext): CheckedType {
  if (FLAG_OPERATORS.includes(operator)) {
    for (const operand of operands) expectFlag(operand, context);
    return FLAG;
  }
  if (operator === 'perPercent') return checkPerPercent(operands, context);
  const found = operands.map((operand) => expectAmount(operand, context));
  if (COMPARISONS.includes(operator)) return FLAG;
  if (operator === 'percent') return { type: 'number', unit: 'percent' };
  if (operator === 'power') checkExponent(operands[1], context);
  const staysPercent = KEEPS_PERCENT.includes(operator) && found.includes('percent');
  return { type: 'number', unit: staysPercent ? 'percent' : 'plain' };
}

/** Alternatives have one type, and rates per percent never mix with anything else. */
function joinAlternatives(found: readonly CheckedType[], context: CheckContext): CheckedType {
  const [first = NUMBER] = found;
  if (first.type === 'list' || first.type === 'choice')
    refuse('E_RULE_TYPE', context.path, 'alternatives are numbers or conditions');
  if (found.some(({ type }) => type !== first.type)) refuse('E_RULE_TYPE', context.path, 'alternatives differ in type');
  const rates = found.filter(({ unit }) => unit === 'perPercent').length;
  if (rates !== 0 && rates !== found.length) refuse('E_RULE_UNIT', context.path, 'alternatives differ in unit');
  if (rates !== 0) return { type: 'number', unit: 'perPercent' };
  return { type: first.type, unit: found.some(({ unit }) => unit === 'percent') ? 'percent' : 'plain' };
}

function checkCase(expression: Extract<Expression, { kind: 'case' }>, context: CheckContext): CheckedType {
  for (const [condition] of expression.branches) expectFlag(condition, context);
  const values = [...expression.branches.map(([, value]) => value), expression.otherwise];
  return joinAlternatives(
    values.map((value) => checkExpression(value, context)),
    context,
  );
}

function checkBand(expression: Extract<Expression, { kind: 'band' }>, context: CheckContext): CheckedType {
  expectAmount(expression.of, context);
  const [edges, values] = [expression.rows.map(({ edge }) => edge), expression.rows.map(({ value }) => value)];
  checkRising(edges, context, { allowsEqual: true });
  return joinAlternatives(
    [...values, expression.otherwise].map((value) => checkExpression(value, context)),
    context,
  );
}

function checkRising(
  values: readonly { numerator: bigint; denominator: bigint }[],
  context: CheckContext,
  { allowsEqual }: { allowsEqual: boolean },
): void {
  for (const [index, value] of values.entries()) {
    const before = values[index - 1];
    if (before === undefined) continue;
    const difference = value.numerator * before.denominator - before.numerator * value.denominator;
    if (difference < 0n || (difference === 0n && !allowsEqual))
      refuse('E_RULE_FORMAT', context.path, 'edges do not rise');
  }
}

function checkReference(name: string, context: CheckContext): CheckedType {
  const known = context.names.get(name);
  if (known === undefined) return refuse('E_RULE_NAME', context.path, `$${name} is not known here`);
  if (known.level === 'bid' && context.level === 'set') {
    return refuse('E_RULE_TYPE', context.path, `$${name} differs by bid: a fold is needed`);
  }
  return known;
}

function checkChoice({ name, choice }: Extract<Expression, { kind: 'is' }>, context: CheckContext): CheckedType {
  checkReference(name, context);
  const choices = context.names.get(name)?.choices;
  if (choices === undefined) return refuse('E_RULE_TYPE', context.path, `$${name} is not a choice`);
  return choices.includes(choice) ? FLAG : refuse('E_RULE_NAME', context.path, `${choice} is not a declared choice`);
}

function overBids(context: CheckContext): CheckContext {
  if (context.isInBids === true || context.isInList === true) {
    return refuse('E_RULE_SIZE', context.path, 'a fold over the bids inside another fold: make it a step');
  }
  return { ...context, level: 'bid', isInBids: true };
}

function overList(name: string, context: CheckContext): CheckContext {
  if (checkReference(name, context).type !== 'list') refuse('E_RULE_TYPE', context.path, `$${name} is not a list`);
  if (context.isInList === true) refuse('E_RULE_SIZE', context.path, 'a list fold inside a list fold');
  return { ...context, isInList: true };
}

/** Which members of a fold must be there, and whether its `of` is a number. */
function checkFoldShape(fold: Fold, context: CheckContext): void {
  const takesCondition = fold.fold === 'all' || fold.fold === 'any';
  const takesPosition = fold.fold === 'smallest' || fold.fold === 'largest';
  const hasDrops = fold.dropLow !== undefined || fold.dropHigh !== undefined;
  if ((fold.position !== undefined) !== takesPosition)
    refuse('E_RULE_FORMAT', context.path, `position and ${fold.fold}`);
  if (fold.fold === 'count' && (fold.of !== undefined || hasDrops))
    refuse('E_RULE_FORMAT', context.path, 'count takes only where');
  if (fold.fold !== 'count' && fold.of === undefined && fold.over === undefined)
    refuse('E_RULE_FORMAT', context.path, 'of is missing');
  if (takesCondition && (hasDrops || fold.ifNone !== undefined))
    refuse('E_RULE_FORMAT', context.path, `${fold.fold} takes only of and where`);
}

function checkFold(fold: Fold, context: CheckContext): CheckedType {
  checkFoldShape(fold, context);
  const inner = fold.over === undefined ? overBids(context) : overList(fold.over, context);
  if (fold.where !== undefined) expectFlag(fold.where, inner);
  for (const outer of [fold.dropLow, fold.dropHigh, fold.position]) {
    if (outer !== undefined) expectAmount(outer, context);
  }
  const alternatives: CheckedType[] = fold.ifNone === undefined ? [] : [checkExpression(fold.ifNone, context)];
  if (fold.fold === 'count') return NUMBER;
  if (fold.fold === 'all' || fold.fold === 'any') {
    expectFlag(fold.of ?? { kind: 'item' }, inner);
    return FLAG;
  }
  const unit = expectAmount(fold.of ?? { kind: 'item' }, inner);
  return joinAlternatives([{ type: 'number', unit }, ...alternatives], context);
}

function checkAgainstOthers(expression: Kept | Rank, context: CheckContext): CheckedType {
  if (context.level !== 'bid') refuse('E_RULE_TYPE', context.path, `${expression.kind} is asked of a bid`);
  const inner = overBids(context);
  expectAmount(expression.of, inner);
  if (expression.where !== undefined) expectFlag(expression.where, inner);
  if (expression.kind === 'rank') return NUMBER;
  expectAmount(expression.dropLow, context);
  expectAmount(expression.dropHigh, context);
  return FLAG;
}

function checkRound(value: Expression, context: CheckContext): CheckedType {
  return { type: 'number', unit: expectAmount(value, context) };
}

/**
 * Type and unit of an expression; every name is known and no work is nested.
 * @throws DomainError `E_RULE_NAME`, `E_RULE_TYPE`, `E_RULE_UNIT`, `E_RULE_SIZE`, `E_RULE_FORMAT` with the path of the step.
 */
export function checkExpression(expression: Expression, context: CheckContext): CheckedType {
  switch (expression.kind) {
    case 'number':
      return NUMBER;
    case 'item':
      return context.isInList === true
        ? NUMBER
        : refuse('E_RULE_NAME', context.path, '$item is known only inside a list fold');
    case 'reference':
      return checkReference(expression.name, context);
    case 'call':
      return checkCall(expression, context);
    case 'round':
      return checkRound(expression.value, context);
    case 'case':
      return checkCase(expression, context);
    case 'band':
      return checkBand(expression, context);
    case 'interpolate':
      checkRising(
        expression.points.map(([x]) => x),
        context,
        { allowsEqual: false },
      );
      expectAmount(expression.of, context);
      return NUMBER;
    case 'is':
      return checkChoice(expression, context);
    case 'fold':
      return checkFold(expression, context);
    case 'kept':
    case 'rank':
      return checkAgainstOthers(expression, context);
  }
}
