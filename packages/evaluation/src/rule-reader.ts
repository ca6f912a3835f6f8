import { DomainError } from '@qej/kernel';
import type { EvaluationErrorCode } from './error-codes.ts';
import { isDecimal, parseDecimal } from './rational.ts';
import type { Rational } from './rational.ts';
import type { Bilingual } from './rule-syntax.ts';

/** A place in the document, as a JSON pointer (RFC 6901), that every refusal names. */
export type Path = string;
export type JsonObject = Readonly<Record<string, unknown>>;
export type RuleErrorCode = Extract<EvaluationErrorCode, `E_RULE_${string}`>;

const NAME = /^[a-z][A-Za-z0-9]{0,39}$/;
const MAX_TEXT = 400;

export function refuse(code: RuleErrorCode, path: Path, detail: string): never {
  throw new DomainError(code, { detail: `${detail} at ${path === '' ? '/' : path}`, params: { path } });
}

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A closed object: every required member, nothing beyond the optional ones. */
export function readObject(
  value: unknown,
  path: Path,
  members: { required: readonly string[]; optional?: readonly string[] },
): JsonObject {
  if (!isObject(value)) return refuse('E_RULE_FORMAT', path, 'expected an object');
  for (const name of members.required) {
    if (!Object.hasOwn(value, name)) refuse('E_RULE_FORMAT', path, `member ${name} is missing`);
  }
  for (const name of Object.keys(value)) {
    const isKnown = members.required.includes(name) || members.optional?.includes(name) === true;
    if (!isKnown) refuse('E_RULE_FORMAT', `${path}/${name}`, 'unknown member');
  }
  return value;
}

export function readArray(value: unknown, path: Path, limits: { min: number; max: number }): readonly unknown[] {
  if (!Array.isArray(value)) return refuse('E_RULE_FORMAT', path, 'expected an array');
  if (value.length < limits.min) refuse('E_RULE_FORMAT', path, `expected at least ${limits.min} items`);
  if (value.length > limits.max) refuse('E_RULE_SIZE', path, `expected at most ${limits.max} items`);
  return value;
}

export function readText(value: unknown, path: Path): string {
  if (typeof value !== 'string' || value.length === 0) return refuse('E_RULE_FORMAT', path, 'expected text');
  if (value.length > MAX_TEXT) refuse('E_RULE_SIZE', path, 'text is too long');
  return value;
}

export function readName(value: unknown, path: Path): string {
  if (typeof value !== 'string' || !NAME.test(value)) return refuse('E_RULE_FORMAT', path, 'expected a camelCase name');
  return value;
}

export function readDecimal(value: unknown, path: Path): Rational {
  if (typeof value !== 'string' || !isDecimal(value)) return refuse('E_RULE_FORMAT', path, 'expected a decimal string');
  return parseDecimal(value);
}

export function readOneOf<Choice extends string>(value: unknown, path: Path, choices: readonly Choice[]): Choice {
  const found = choices.find((choice) => choice === value);
  return found ?? refuse('E_RULE_FORMAT', path, `expected one of ${choices.join(', ')}`);
}

export function readBilingual(value: unknown, path: Path): Bilingual {
  const { zh, en } = readObject(value, path, { required: ['zh', 'en'] });
  return { zh: readText(zh, `${path}/zh`), en: readText(en, `${path}/en`) };
}
