import { coefficientValues } from './draw-coefficient.ts';
import { checkExpression } from './rule-checker.ts';
import type { KnownName } from './rule-checker.ts';
import { readExpression } from './rule-expression-parser.ts';
import {
  isObject,
  readArray,
  readBilingual,
  readDecimal,
  readName,
  readObject,
  readOneOf,
  readText,
  refuse,
} from './rule-reader.ts';
import type { Path } from './rule-reader.ts';
import { stepScopes, units } from './rule-syntax.ts';
import type { RuleConstant, RuleInput, RuleParameter, RuleResult, RuleStep, ScoringRule } from './rule-syntax.ts';

export const scoringRuleFormat = 'qej-scoring-rule';
export const scoringRuleVersion = 1;

const MAX_STEPS = 200;
const MAX_NAMES = 64;

function readConstant(value: unknown, path: Path): RuleConstant {
  const item = readObject(value, path, { required: ['name', 'title', 'unit', 'value'] });
  return {
    name: readName(item['name'], `${path}/name`),
    title: readBilingual(item['title'], `${path}/title`),
    unit: readOneOf(item['unit'], `${path}/unit`, units),
    value: readDecimal(item['value'], `${path}/value`),
  };
}

function readDrawn(value: unknown, path: Path): NonNullable<RuleParameter['drawn']> {
  const isList = isObject(value) && 'values' in value;
  const item = readObject(value, path, { required: isList ? ['values'] : ['from', 'to', 'step'] });
  const text = (name: string) => {
    readDecimal(item[name], `${path}/${name}`);
    return readText(item[name], `${path}/${name}`);
  };
  const range = isList
    ? {
        values: readArray(item['values'], `${path}/values`, { min: 1, max: 10_000 }).map((one, i) =>
          readText(one, `${path}/values/${i}`),
        ),
      }
    : { from: text('from'), to: text('to'), step: text('step') };
  coefficientValues(range);
  return range;
}

function readParameter(value: unknown, path: Path): RuleParameter {
  const item = readObject(value, path, { required: ['name', 'title', 'unit'], optional: ['drawn'] });
  const parameter = {
    name: readName(item['name'], `${path}/name`),
    title: readBilingual(item['title'], `${path}/title`),
    unit: readOneOf(item['unit'], `${path}/unit`, units),
  };
  return Object.hasOwn(item, 'drawn') ? { ...parameter, drawn: readDrawn(item['drawn'], `${path}/drawn`) } : parameter;
}

function readInput(value: unknown, path: Path): RuleInput {
  const item = readObject(value, path, { required: ['name', 'title', 'type'], optional: ['choices'] });
  const input = {
    name: readName(item['name'], `${path}/name`),
    title: readBilingual(item['title'], `${path}/title`),
    type: readOneOf(item['type'], `${path}/type`, ['number', 'flag', 'list', 'choice'] as const),
  };
  if ((input.type === 'choice') !== Object.hasOwn(item, 'choices'))
    refuse('E_RULE_FORMAT', path, 'a choice, and only a choice, lists its choices');
  if (input.type !== 'choice') return input;
  const choices = readArray(item['choices'], `${path}/choices`, { min: 2, max: MAX_NAMES });
  return { ...input, choices: choices.map((choice, index) => readText(choice, `${path}/choices/${index}`)) };
}

function learn(names: Map<string, KnownName>, path: Path, [name, known]: [string, KnownName]): void {
  if (names.has(name) || name === 'item') refuse('E_RULE_NAME', path, `${name} is used twice`);
  names.set(name, known);
}

function readStep(value: unknown, path: Path, names: Map<string, KnownName>): RuleStep {
  const item = readObject(value, path, { required: ['name', 'title', 'scope', 'value'] });
  const name = readName(item['name'], `${path}/name`);
  const scope = readOneOf(item['scope'], `${path}/scope`, stepScopes);
  const expression = readExpression(item['value'], `${path}/value`, 0);
  const level = scope === 'set' ? 'set' : 'bid';
  const { type, unit } = checkExpression(expression, { names, level, path: `${path}/value` });
  if (type !== 'number' && type !== 'flag')
    return refuse('E_RULE_TYPE', `${path}/value`, 'a step is a number or a condition');
  if (scope === 'gate' && type !== 'flag') refuse('E_RULE_TYPE', `${path}/value`, 'a gate is a condition');
  learn(names, `${path}/name`, [name, { type, unit, level }]);
  return { name, title: readBilingual(item['title'], `${path}/title`), scope, type, value: expression };
}

function readResult(value: unknown, steps: readonly RuleStep[]): RuleResult {
  const item = readObject(value, '/result', { required: ['step', 'better'], optional: ['max'] });
  const name = readName(item['step'], '/result/step');
  const found = steps.find((step) => step.name === name && step.scope === 'bid' && step.type === 'number');
  if (found === undefined) refuse('E_RULE_NAME', '/result/step', 'expected the name of a number step of scope bid');
  const result = { step: name, better: readOneOf(item['better'], '/result/better', ['higher', 'lower'] as const) };
  return Object.hasOwn(item, 'max') ? { ...result, max: readDecimal(item['max'], '/result/max') } : result;
}

function readNamed<Part extends { name: string }>(
  value: unknown,
  path: Path,
  {
    names,
    read,
    known,
  }: { names: Map<string, KnownName>; read: (item: unknown, path: Path) => Part; known: (part: Part) => KnownName },
): Part[] {
  return readArray(value, path, { min: 0, max: MAX_NAMES }).map((item, index) => {
    const part = read(item, `${path}/${index}`);
    learn(names, `${path}/${index}/name`, [part.name, known(part)]);
    return part;
  });
}

function knownInput({ type, choices }: RuleInput): KnownName {
  const known: KnownName = { type, unit: 'plain', level: 'bid' };
  return choices === undefined ? known : { ...known, choices };
}

/**
 * Reads a scoring rule (docs/formats/scoring-rule.md) from parsed JSON. Strict: closed objects, decimal strings, known
 * names, fitting types and units, no step that looks ahead. What passes always ends when it is run.
 * @throws DomainError `E_RULE_FORMAT`, `E_RULE_NAME`, `E_RULE_TYPE`, `E_RULE_UNIT`, `E_RULE_SIZE`, `params.path` = JSON pointer;
 * `E_DRAW_RANGE` for a bad range of a drawn parameter.
 */
export function parseScoringRule(document: unknown): ScoringRule {
  const members = ['format', 'v', 'id', 'title', 'inputs', 'parameters', 'constants', 'steps', 'result'];
  const rule = readObject(document, '', { required: members, optional: ['source'] });
  if (rule['format'] !== scoringRuleFormat) refuse('E_RULE_FORMAT', '/format', `expected ${scoringRuleFormat}`);
  if (rule['v'] !== scoringRuleVersion) refuse('E_RULE_FORMAT', '/v', 'unknown version');
  const names = new Map<string, KnownName>();
  const inputs = readNamed(rule['inputs'], '/inputs', { names, read: readInput, known: knownInput });
  const set = ({ unit }: { unit: KnownName['unit'] }): KnownName => ({ type: 'number', unit, level: 'set' });
  const parameters = readNamed(rule['parameters'], '/parameters', { names, read: readParameter, known: set });
  const constants = readNamed(rule['constants'], '/constants', { names, read: readConstant, known: set });
  const steps = readArray(rule['steps'], '/steps', { min: 1, max: MAX_STEPS }).map((item, index) =>
    readStep(item, `/steps/${index}`, names),
  );
  const head = { id: readText(rule['id'], '/id'), title: readBilingual(rule['title'], '/title') };
  const parsed = { ...head, inputs, parameters, constants, steps, result: readResult(rule['result'], steps) };
  return Object.hasOwn(rule, 'source') ? { ...parsed, source: readText(rule['source'], '/source') } : parsed;
}
