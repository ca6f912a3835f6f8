import { isDict, isRef, type PdfDict, type PdfObject, type PdfRef, structureRefusal } from './objects.ts';
import { PdfParser } from './parser.ts';

/** One incremental save (ISO 32000-2, 7.5.6). */
export interface Revision {
  /** Object number → offset in the file; null for a freed object. */
  readonly offsets: ReadonlyMap<number, number | null>;
  readonly trailer: PdfDict;
  /** Offset of the keyword `xref`. */
  readonly xrefAt: number;
  /** Offset just after `%%EOF` and its line end. */
  readonly end: number;
}

const MAX_REVISIONS = 256;
const MAX_OBJECTS = 1_000_000;

function tableAt(bytes: Uint8Array, xrefAt: number): Revision {
  const parser = new PdfParser(bytes, xrefAt);
  if (parser.word() !== 'xref') throw structureRefusal('no classic cross-reference table where startxref points');
  const offsets = new Map<number, number | null>();
  for (;;) {
    parser.skipSpace();
    const mark = parser.at;
    if (parser.word() === 'trailer') break;
    parser.at = mark;
    section(parser, offsets);
  }
  const trailer = parser.object();
  if (!isDict(trailer)) throw structureRefusal('trailer is not a dictionary');
  for (const key of ['XRefStm', 'Encrypt']) if (trailer.entries.has(key)) throw structureRefusal(`trailer has ${key}`);
  parser.expect('startxref');
  if (parser.integer() !== xrefAt) throw structureRefusal('startxref does not point to its own table');
  return { offsets, trailer, xrefAt, end: endOfFileMark(bytes, parser.at) };
}

function section(parser: PdfParser, offsets: Map<number, number | null>): void {
  const first = parser.integer();
  const count = parser.integer();
  parser.skipSpace();
  if (first + count > MAX_OBJECTS) throw structureRefusal('too many objects');
  for (let index = 0; index < count; index++) {
    const entry = String.fromCharCode(...parser.bytes.subarray(parser.at, parser.at + 20));
    const match = /^(\d{10}) (\d{5}) ([nf])(?: \n| \r|\r\n)$/.exec(entry);
    if (match === null) throw structureRefusal('cross-reference entry is not 20 bytes of the standard form');
    if (offsets.has(first + index)) throw structureRefusal('object listed twice in one table');
    if (match[3] === 'n' && match[2] !== '00000') throw structureRefusal('generation other than 0');
    offsets.set(first + index, match[3] === 'n' ? Number(match[1]) : null);
    parser.at += 20;
  }
}

function endOfFileMark(bytes: Uint8Array, from: number): number {
  const text = String.fromCharCode(...bytes.subarray(from, from + 16));
  const match = /^\r?\n%%EOF(?:\r\n|\n|\r)?/.exec(text);
  if (match === null) throw structureRefusal('no %%EOF after startxref');
  return from + match[0].length;
}

/** Follows /Prev from the end of the file; oldest first. Each table must lie behind the revision before it. */
function revisionsOf(bytes: Uint8Array): Revision[] {
  const tail = Buffer.from(bytes.subarray(-64)).toString('latin1');
  const match = /startxref\r?\n(\d{1,12})\r?\n%%EOF(?:\r\n|\n|\r)?$/.exec(tail);
  if (match === null) throw structureRefusal('file does not end with startxref and %%EOF');
  const found: Revision[] = [];
  let at: number | undefined = Number(match[1]);
  while (at !== undefined) {
    const revision = tableAt(bytes, at);
    const next = found[0];
    if (next !== undefined && revision.end > next.xrefAt) throw structureRefusal('revisions overlap');
    found.unshift(revision);
    if (found.length > MAX_REVISIONS) throw structureRefusal('too many revisions');
    const previous: PdfObject | undefined = revision.trailer.entries.get('Prev');
    if (previous !== undefined && (typeof previous !== 'number' || previous >= at)) throw structureRefusal('bad /Prev');
    at = previous;
  }
  if (found.at(-1)?.end !== bytes.length) throw structureRefusal('bytes after the last %%EOF');
  return found;
}

/** A file whose every object can be looked up as of each of its revisions. */
export interface PdfFile {
  readonly bytes: Uint8Array;
  readonly revisions: readonly Revision[];
  /** The object as of the revision (latest by default); null when absent or freed. */
  readonly lookup: (reference: PdfRef, revision?: number) => PdfObject;
  /** Follows a reference, once; anything else comes back as it is. */
  readonly resolve: (value: PdfObject | undefined, revision?: number) => PdfObject;
}

function checkOffsets(revisions: readonly Revision[]): void {
  let from = 0;
  for (const { offsets, xrefAt, end } of revisions) {
    for (const offset of offsets.values()) {
      if (offset !== null && (offset < from || offset >= xrefAt))
        throw structureRefusal('object lies outside its revision');
    }
    from = end;
  }
}

/**
 * Opens a PDF of the strict kind that we write: classic tables, generation 0, no encryption, no hybrid or compressed
 * cross-references, each revision's objects inside it. Nothing is guessed or repaired: two readers must see the same objects.
 * @throws DomainError `E_PDF_STRUCTURE`
 */
export function openPdf(bytes: Uint8Array): PdfFile {
  if (!/^%PDF-[12]\.\d/.test(String.fromCharCode(...bytes.subarray(0, 8)))) throw structureRefusal('no PDF header');
  const revisions = revisionsOf(bytes);
  checkOffsets(revisions);
  const parsed = new Map<number, PdfObject>();

  const objectAt = (offset: number, reference: PdfRef, revision: number): PdfObject => {
    const known = parsed.get(offset);
    if (known !== undefined) return known;
    const parser = new PdfParser(bytes, offset);
    if (parser.integer() !== reference.number || parser.integer() !== 0)
      throw structureRefusal(`object ${reference.number} is not where the table says`);
    parser.expect('obj');
    const value = body(parser, (length) => (isRef(length) ? lookup(length, revision) : (length ?? null)));
    parsed.set(offset, value);
    return value;
  };

  const lookup = (reference: PdfRef, revision = revisions.length - 1): PdfObject => {
    if (reference.generation !== 0) throw structureRefusal('generation other than 0');
    for (let index = revision; index >= 0; index--) {
      const offset = revisions[index]?.offsets.get(reference.number);
      if (offset !== undefined) return offset === null ? null : objectAt(offset, reference, revision);
    }
    return null;
  };

  return {
    bytes,
    revisions,
    lookup,
    resolve: (value, revision) => (isRef(value) ? lookup(value, revision) : (value ?? null)),
  };
}

function body(parser: PdfParser, lengthOf: (length: PdfObject | undefined) => PdfObject): PdfObject {
  const value = parser.object();
  parser.skipSpace();
  const keyword = parser.word();
  if (keyword === 'endobj') return value;
  if (keyword !== 'stream' || !isDict(value)) throw structureRefusal('object is not closed');
  const { bytes } = parser;
  const start = parser.at + (bytes[parser.at] === 13 && bytes[parser.at + 1] === 10 ? 2 : 1);
  const length = lengthOf(value.entries.get('Length'));
  if (typeof length !== 'number' || !Number.isInteger(length) || start + length > bytes.length)
    throw structureRefusal('bad stream length');
  parser.at = start + length;
  parser.expect('endstream');
  parser.expect('endobj');
  return { kind: 'stream', dict: value, bytes: bytes.subarray(start, start + length) };
}
