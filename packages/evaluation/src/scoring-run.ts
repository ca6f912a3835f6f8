import { coefficientValues } from './draw-coefficient.ts';
import { formatExact, formatFraction, formatRounded, isDecimal, parseDecimal } from './rational.ts';
import type { Rational } from './rational.ts';
import { evaluate } from './rule-interpreter.ts';
import type { RunContext, RunningBid } from './rule-interpreter.ts';
import { refuse } from './rule-reader.ts';
import type { Value } from './rule-values.ts';
import { ruleInWords } from './rule-words.ts';
import type { Bilingual, RuleInput, RuleParameter, RuleStep, ScoringRule, StepScope } from './rule-syntax.ts';

/** A decimal string, a condition, a list of decimal strings, or one of the declared choices. */
export type InputValue = string | boolean | readonly string[];

export interface RuleBid {
  readonly id: string;
  readonly inputs: Readonly<Record<string, InputValue>>;
}

export interface ScoringInputs {
  /** In any order; the ids differ. */
  readonly bids: readonly RuleBid[];
  /** Decimal strings for every declared parameter. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** One line of the derivation. `value` is for reading (…: it does not end), `exact` is a whole number or n/d. */
export interface TraceStep {
  readonly name: string;
  readonly title: Bilingual;
  readonly scope: StepScope | 'constant' | 'parameter' | 'input';
  readonly formula: Bilingual;
  readonly value: string;
  readonly exact: string;
}

export interface ScoredBid {
  readonly id: string;
  /** The gate that the bid failed; it has no result then. */
  readonly leftAt?: string;
  readonly result?: Rational;
  /** The result as the report prints it: with its decimals, when the last step rounds. */
  readonly shownResult?: string;
  /** Inputs and steps of this bid, in order. */
  readonly steps: readonly TraceStep[];
}

export interface ScoringRun {
  /** Constants, parameters and set steps, in order. */
  readonly set: readonly TraceStep[];
  /** In order of id. */
  readonly bids: readonly ScoredBid[];
}

const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

function readNumber(value: InputValue | undefined, path: string): Rational {
  if (typeof value !== 'string' || !isDecimal(value)) return refuse('E_RULE_INPUT', path, 'expected a decimal string');
  return parseDecimal(value);
}

const INPUT_READERS: Record<
  RuleInput['type'],
  (value: InputValue | undefined, input: RuleInput, path: string) => Value
> = {
  number: (value, _input, path) => readNumber(value, path),
  flag: (value, _input, path) =>
    typeof value === 'boolean' ? value : refuse('E_RULE_INPUT', path, 'expected true or false'),
  list: (value, _input, path) =>
    Array.isArray(value)
      ? value.map((item: string) => readNumber(item, path))
      : refuse('E_RULE_INPUT', path, 'expected a list'),
  choice: (value, input, path) =>
    typeof value === 'string' && input.choices?.includes(value) === true
      ? value
      : refuse('E_RULE_INPUT', path, 'not a declared choice'),
};

function readBid(bid: RuleBid, rule: ScoringRule): RunningBid {
  const names = rule.inputs.map(({ name }) => name);
  const extra = Object.keys(bid.inputs).find((name) => !names.includes(name));
  if (extra !== undefined) refuse('E_RULE_INPUT', `/bids/${bid.id}/${extra}`, 'not an input of the rule');
  const own = (name: string) => (Object.hasOwn(bid.inputs, name) ? bid.inputs[name] : undefined);
  const values = rule.inputs.map((input): [string, Value] => [
    input.name,
    INPUT_READERS[input.type](own(input.name), input, `/bids/${bid.id}/${input.name}`),
  ]);
  return { id: bid.id, values: new Map(values) };
}

function readParameter({ name, drawn }: RuleParameter, given: Readonly<Record<string, string>>): Rational {
  const text = Object.hasOwn(given, name) ? given[name] : undefined;
  if (text === undefined || !isDecimal(text))
    return refuse('E_RULE_PARAMETER', `/parameters/${name}`, 'expected a decimal string');
  const value = parseDecimal(text);
  const isAllowed = drawn === undefined || coefficientValues(drawn).includes(formatExact(value));
  return isAllowed ? value : refuse('E_RULE_PARAMETER', `/parameters/${name}`, 'not in the range of the draw');
}

/** A rounded step is printed with the decimals to which it was rounded. */
function shownStep({ value: expression }: RuleStep, value: Value): { value: string; exact: string } {
  const isRounded = expression.kind === 'round' && typeof value === 'object' && 'numerator' in value;
  return isRounded ? { ...shown(value), value: formatRounded(value, expression.rounding) } : shown(value);
}

function shown(value: Value): { value: string; exact: string } {
  if (typeof value === 'string') return { value, exact: value };
  if (typeof value === 'boolean') return { value: String(value), exact: String(value) };
  if ('numerator' in value) return { value: formatExact(value), exact: formatFraction(value) };
  return { value: value.map(formatExact).join(', '), exact: value.map(formatFraction).join(', ') };
}

interface Line {
  readonly name: string;
  readonly title: Bilingual;
}

const GIVEN: Record<'constant' | 'parameter' | 'input', Bilingual> = {
  constant: { zh: '规则给定', en: 'fixed by the rule' },
  parameter: { zh: '开标时确定', en: 'fixed at the opening' },
  input: { zh: '投标文件', en: 'from the bid' },
};

const givenLine = ({ name, title }: Line, scope: keyof typeof GIVEN, value: Value): TraceStep => ({
  name,
  title,
  scope,
  formula: GIVEN[scope],
  ...shown(value),
});

/** A run in progress: what every step adds to. */
interface Running {
  readonly set: Map<string, Value>;
  readonly setTrace: TraceStep[];
  readonly traces: Map<string, TraceStep[]>;
  readonly left: Map<string, string>;
  live: readonly RunningBid[];
}

function start(rule: ScoringRule, inputs: ScoringInputs): Running {
  const bids = inputs.bids.map((bid) => readBid(bid, rule)).toSorted(byId);
  if (new Set(bids.map(({ id }) => id)).size !== bids.length) refuse('E_RULE_INPUT', '/bids', 'a bid is given twice');
  const declared = rule.parameters.map(({ name }) => name);
  const extra = Object.keys(inputs.parameters).find((name) => !declared.includes(name));
  if (extra !== undefined) refuse('E_RULE_PARAMETER', `/parameters/${extra}`, 'not a parameter of the rule');
  const constants = rule.constants.map((one): [TraceStep, Rational] => [
    givenLine(one, 'constant', one.value),
    one.value,
  ]);
  const parameters = rule.parameters.map((one): [TraceStep, Rational] => {
    const value = readParameter(one, inputs.parameters);
    return [givenLine(one, 'parameter', value), value];
  });
  const given = [...constants, ...parameters];
  const traceOf = (bid: RunningBid) =>
    rule.inputs.map((input) => givenLine(input, 'input', bid.values.get(input.name) ?? ''));
  return {
    set: new Map(given.map(([line, value]) => [line.name, value])),
    setTrace: given.map(([line]) => line),
    traces: new Map(bids.map((bid) => [bid.id, traceOf(bid)])),
    left: new Map(),
    live: bids,
  };
}

function runStep(step: RuleStep, formula: Bilingual, running: Running): void {
  const line = { name: step.name, title: step.title, scope: step.scope, formula };
  const context: RunContext = { set: running.set, bids: running.live, path: `step ${step.name}` };
  if (step.scope === 'set') {
    const value = evaluate(step.value, context);
    running.set.set(step.name, value);
    running.setTrace.push({ ...line, ...shownStep(step, value) });
    return;
  }
  const values = running.live.map((bid) => evaluate(step.value, { ...context, bid }));
  for (const [index, bid] of running.live.entries()) {
    const value = values[index] ?? false;
    bid.values.set(step.name, value);
    running.traces.get(bid.id)?.push({ ...line, ...shownStep(step, value) });
    if (step.scope === 'gate' && value === false) running.left.set(bid.id, step.name);
  }
  running.live = running.live.filter(({ id }) => !running.left.has(id));
}

/**
 * Runs a rule over the bids. Exact; the same for any order of the bids; rounds only where the rule says so. Stops when
 * the last bid has left at a gate.
 * @throws DomainError `E_RULE_INPUT`, `E_RULE_PARAMETER`, `E_RULE_DIVISION`, `E_RULE_EMPTY`, `E_RULE_SIZE`; `params.path` names the place.
 */
export function runScoringRule(rule: ScoringRule, inputs: ScoringInputs): ScoringRun {
  const running = start(rule, inputs);
  const words = ruleInWords(rule);
  for (const step of rule.steps) {
    if (running.live.length === 0) break;
    runStep(step, words.get(step.name) ?? step.title, running);
  }
  const results = new Map(running.live.map((bid) => [bid.id, bid.values.get(rule.result.step)]));
  const bids = [...running.traces].map(([id, steps]): ScoredBid => {
    const leftAt = running.left.get(id);
    if (leftAt !== undefined) return { id, leftAt, steps };
    const result = results.get(id);
    if (typeof result !== 'object' || !('numerator' in result)) throw new TypeError('the checker let a result through');
    return { id, result, shownResult: steps.find(({ name }) => name === rule.result.step)?.value ?? '', steps };
  });
  return { set: running.setTrace, bids };
}
