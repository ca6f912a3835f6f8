import {
  isArray,
  isDict,
  isName,
  isRef,
  isString,
  type PdfDict,
  type PdfRef,
  readText,
  structureRefusal,
} from './objects.ts';
import { type PdfFile } from './revisions.ts';

export function rootRef(file: PdfFile, revision = file.revisions.length - 1): PdfRef {
  const root = file.revisions[revision]?.trailer.entries.get('Root');
  if (!isRef(root)) throw structureRefusal('no /Root');
  return root;
}

export function catalogOf(file: PdfFile, revision = file.revisions.length - 1): PdfDict {
  const catalog = file.lookup(rootRef(file, revision), revision);
  if (!isDict(catalog)) throw structureRefusal('no catalog');
  return catalog;
}

/** The leaves of the page tree in order. */
export function pageRefs(file: PdfFile, revision = file.revisions.length - 1): PdfRef[] {
  const found: PdfRef[] = [];
  const seen = new Set<number>();
  const visit = (value: unknown, depth: number): void => {
    if (!isRef(value as PdfRef) || depth > 20) throw structureRefusal('bad page tree');
    const reference = value as PdfRef; // checked in the line above
    if (seen.has(reference.number)) throw structureRefusal('page tree has a cycle');
    seen.add(reference.number);
    const node = file.lookup(reference, revision);
    if (!isDict(node)) throw structureRefusal('bad page tree node');
    const type = node.entries.get('Type');
    if (isName(type) && type.value === 'Page') {
      found.push(reference);
      return;
    }
    const kids = file.resolve(node.entries.get('Kids'), revision);
    if (!isArray(kids)) throw structureRefusal('bad page tree node');
    for (const kid of kids) visit(kid, depth + 1);
  };
  visit(catalogOf(file, revision).entries.get('Pages'), 0);
  return found;
}

/** A named place for a visible signature, as the renderer wrote it. */
interface SignatureAnchor {
  readonly name: string;
  /** Zero-based. */
  readonly page: number;
  readonly rect: readonly [number, number, number, number];
}

/** The places for visible signatures that the first revision declares. */
export function anchorsOf(file: PdfFile): SignatureAnchor[] {
  const list = file.resolve(catalogOf(file, 0).entries.get('QEJAnchors'), 0);
  if (!isArray(list)) return [];
  return list.map((value) => {
    const [label, page, ...rect] = isArray(value) ? value : [];
    const [a, b, c, d] = rect;
    if (
      !isString(label) ||
      typeof page !== 'number' ||
      typeof a !== 'number' ||
      typeof b !== 'number' ||
      typeof c !== 'number' ||
      typeof d !== 'number'
    ) {
      throw structureRefusal('bad /QEJAnchors');
    }
    return { name: readText(label), page, rect: [a, b, c, d] as const };
  });
}
