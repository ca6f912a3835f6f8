import { concatBytes } from '@qej/kernel';
import { isArray, isDict, isName, isRef, isStream, isString, type PdfObject, structureRefusal } from './objects.ts';
import { type PdfFile } from './revisions.ts';

const escapeName = (value: string): string =>
  value.replace(
    /[^\x21-\x7e]|[#()<>[\]{}/%]/g,
    (character) => `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

function number(value: number): string {
  if (Number.isInteger(value)) return String(value);
  return value.toFixed(6).replace(/0+$/, '').replace(/\.$/, '');
}

/** The spelling of an object that is not a stream. Strings are written in hex: no escape rules to get wrong. */
export function spell(value: PdfObject): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') return number(value);
  if (isArray(value)) return `[${value.map(spell).join(' ')}]`;
  if (isName(value)) return `/${escapeName(value.value)}`;
  if (isString(value)) return `<${Buffer.from(value.bytes).toString('hex')}>`;
  if (isRef(value)) return `${value.number} ${value.generation} R`;
  if (isDict(value))
    return `<<${[...value.entries].map(([key, item]) => `/${escapeName(key)} ${spell(item)}`).join('\n')}>>`;
  throw structureRefusal('a stream cannot stand inside another object');
}

function spellObject(value: PdfObject): Uint8Array {
  if (!isStream(value)) return Buffer.from(spell(value), 'latin1');
  const head = spell({ kind: 'dict', entries: new Map([...value.dict.entries, ['Length', value.bytes.length]]) });
  return concatBytes(Buffer.from(`${head}\nstream\n`, 'latin1'), value.bytes, Buffer.from('\nendstream', 'latin1'));
}

/** An object spelled by the caller, byte for byte. */
export interface RawObject {
  readonly raw: string;
}

interface Increment {
  readonly bytes: Uint8Array;
  /** Where each written object's text begins, after `N 0 obj`. */
  readonly bodyAt: ReadonlyMap<number, number>;
}

function tableText(offsets: ReadonlyMap<number, number>): string {
  const numbers = [...offsets.keys()].sort((a, b) => a - b);
  let text = 'xref\n';
  for (let index = 0; index < numbers.length;) {
    let end = index + 1;
    while (end < numbers.length && numbers[end] === (numbers[end - 1] ?? 0) + 1) end += 1;
    text += `${numbers[index]} ${end - index}\n`;
    for (const object of numbers.slice(index, end))
      text += `${String(offsets.get(object)).padStart(10, '0')} 00000 n \n`;
    index = end;
  }
  return text;
}

/**
 * Appends one revision with the given objects (number → object): body, classic table with /Prev, trailer with the right /Size.
 * The bytes before it are not touched.
 */
export function appendIncrement(file: PdfFile, objects: ReadonlyMap<number, PdfObject | RawObject>): Increment {
  const last = file.revisions.at(-1);
  if (last === undefined) throw structureRefusal('no revision');
  const parts: Uint8Array[] = [file.bytes];
  let at = file.bytes.length;
  const push = (bytes: Uint8Array): void => {
    parts.push(bytes);
    at += bytes.length;
  };
  if (file.bytes[at - 1] !== 10) push(Uint8Array.of(10));
  const offsets = new Map<number, number>();
  const bodyAt = new Map<number, number>();
  for (const [object, value] of objects) {
    offsets.set(object, at);
    push(Buffer.from(`${object} 0 obj\n`, 'latin1'));
    bodyAt.set(object, at);
    push(
      typeof value === 'object' && value !== null && 'raw' in value
        ? Buffer.from(value.raw, 'latin1')
        : spellObject(value),
    );
    push(Buffer.from('\nendobj\n', 'latin1'));
  }
  const size = Math.max(nextNumber(file), ...[...objects.keys()].map((object) => object + 1));
  const trailer = new Map(last.trailer.entries).set('Size', size).set('Prev', last.xrefAt);
  const xrefAt = at;
  push(
    Buffer.from(
      `${tableText(offsets)}trailer\n${spell({ kind: 'dict', entries: trailer })}\nstartxref\n${xrefAt}\n%%EOF\n`,
      'latin1',
    ),
  );
  return { bytes: concatBytes(...parts), bodyAt };
}

/** The first object number that no revision uses. */
export function nextNumber(file: PdfFile): number {
  const size = file.revisions.at(-1)?.trailer.entries.get('Size');
  const used = file.revisions
    .flatMap(({ offsets }) => [...offsets.keys()])
    .reduce((max, object) => Math.max(max, object), 0);
  if (typeof size !== 'number' || size <= used) throw structureRefusal('/Size is smaller than an object number');
  return size;
}
