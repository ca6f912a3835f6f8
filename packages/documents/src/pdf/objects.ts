import { DomainError } from '@qej/kernel';

/** PDF objects (ISO 32000-2, 7.3) as read from a file or made for an increment. */
export type PdfObject =
  | null
  | boolean
  | number
  | PdfName
  | PdfString
  | PdfRef
  | readonly PdfObject[]
  | PdfDict
  | PdfStream;

export interface PdfName {
  readonly kind: 'name';
  readonly value: string;
}

export interface PdfString {
  readonly kind: 'string';
  readonly bytes: Uint8Array;
  /** Offsets of the token in the file, brackets included; −1 when made by us. */
  readonly start: number;
  readonly end: number;
}

export interface PdfRef {
  readonly kind: 'ref';
  readonly number: number;
  readonly generation: number;
}

export interface PdfDict {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<string, PdfObject>;
}

export interface PdfStream {
  readonly kind: 'stream';
  readonly dict: PdfDict;
  readonly bytes: Uint8Array;
}

export const structureRefusal = (detail: string, cause?: unknown): DomainError =>
  new DomainError('E_PDF_STRUCTURE', { detail, ...(cause === undefined ? {} : { cause }) });

const hasKind = <K extends string>(
  value: PdfObject | undefined,
  kind: K,
): value is Extract<PdfObject, { readonly kind: K }> =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;

export const isRef = (value: PdfObject | undefined): value is PdfRef => hasKind(value, 'ref');
export const isDict = (value: PdfObject | undefined): value is PdfDict => hasKind(value, 'dict');
export const isName = (value: PdfObject | undefined): value is PdfName => hasKind(value, 'name');
export const isString = (value: PdfObject | undefined): value is PdfString => hasKind(value, 'string');
export const isStream = (value: PdfObject | undefined): value is PdfStream => hasKind(value, 'stream');
export const isArray = (value: PdfObject | undefined): value is readonly PdfObject[] => Array.isArray(value);

export const name = (value: string): PdfName => ({ kind: 'name', value });
export const ref = (number: number, generation = 0): PdfRef => ({ kind: 'ref', number, generation });
export const dict = (entries: Readonly<Record<string, PdfObject>>): PdfDict => ({
  kind: 'dict',
  entries: new Map(Object.entries(entries)),
});
export const withEntries = (base: PdfDict, entries: Readonly<Record<string, PdfObject>>): PdfDict => ({
  kind: 'dict',
  entries: new Map([...base.entries, ...Object.entries(entries)]),
});
const bytesString = (bytes: Uint8Array): PdfString => ({ kind: 'string', bytes, start: -1, end: -1 });

/** A text string: ASCII as it is, else UTF-16BE with a byte order mark (7.9.2.2). */
export function textString(text: string): PdfString {
  if (/^[\x20-\x7e]*$/.test(text)) return bytesString(Buffer.from(text, 'latin1'));
  const units = Buffer.from(`\ufeff${text}`, 'utf16le');
  return bytesString(units.swap16());
}

/** Reads a text string in either of the two spellings above, or UTF-8 with its mark. */
export function readText({ bytes }: PdfString): string {
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return Buffer.from(bytes).swap16().toString('utf16le').slice(1);
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return Buffer.from(bytes).toString('utf8').slice(1);
  return Buffer.from(bytes).toString('latin1');
}
