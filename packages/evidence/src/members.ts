import type { EvidenceErrorCode } from './errors.ts';
import { refuse } from './errors.ts';

/** A JSON object that has exactly these members, some of them optional; anything else is refused. */
export function closedObject(
  value: unknown,
  members: { readonly required: readonly string[]; readonly optional?: readonly string[] },
  code: EvidenceErrorCode,
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) refuse(code, 'expected an object');
  const object = value as Readonly<Record<string, unknown>>; // narrowed just above
  for (const name of members.required) {
    if (!Object.hasOwn(object, name)) refuse(code, `member ${name} is missing`);
  }
  const known = new Set([...members.required, ...(members.optional ?? [])]);
  for (const name of Object.keys(object)) {
    if (!known.has(name)) refuse(code, `member ${name} is unknown`);
  }
  return object;
}

export function textMember(object: Readonly<Record<string, unknown>>, name: string, code: EvidenceErrorCode): string {
  const value = object[name];
  return typeof value === 'string' ? value : refuse(code, `member ${name} is not text`);
}

export function countMember(object: Readonly<Record<string, unknown>>, name: string, code: EvidenceErrorCode): number {
  const value = object[name];
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? value
    : refuse(code, `member ${name} is not a count`);
}

/** Runs a kernel parser and gives its refusal this format's own code. */
export function parsed<T>(parse: () => T, code: EvidenceErrorCode, detail: string): T {
  try {
    return parse();
  } catch (cause) {
    return refuse(code, detail, cause);
  }
}
