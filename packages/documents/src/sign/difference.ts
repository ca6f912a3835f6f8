import { spell } from '../pdf/increment.ts';
import { isArray, isDict, isName, isRef, isStream, type PdfDict, type PdfObject } from '../pdf/objects.ts';
import { anchorsOf, catalogOf, pageRefs, rootRef } from '../pdf/pages.ts';
import { type PdfFile } from '../pdf/revisions.ts';
import { signatureFields } from './fields.ts';

const same = (a: PdfObject, b: PdfObject): boolean => {
  if (isStream(a) || isStream(b))
    return isStream(a) && isStream(b) && spell(a.dict) === spell(b.dict) && Buffer.from(a.bytes).equals(b.bytes);
  return spell(a) === spell(b);
};

const without = (value: PdfDict, ...keys: readonly string[]): PdfDict => ({
  kind: 'dict',
  entries: new Map([...value.entries].filter(([key]) => !keys.includes(key))),
});

const listOf = (value: PdfObject): readonly PdfObject[] => (isArray(value) ? value : []);

/** `after` is `before` with exactly `extra` at the end. */
function extendedBy(before: readonly PdfObject[], after: readonly PdfObject[], extra: PdfObject): boolean {
  return after.length === before.length + 1 && same([...before, extra], after);
}

function touchesAnchor(file: PdfFile, page: number, rect: PdfObject): boolean {
  const [left, bottom, right, top] = listOf(rect);
  if (typeof left !== 'number' || typeof bottom !== 'number' || typeof right !== 'number' || typeof top !== 'number')
    return false;
  if (left === right && bottom === top) return true;
  const slack = 0.5;
  return anchorsOf(file).some(
    (anchor) =>
      anchor.page === page &&
      left >= anchor.rect[0] - slack &&
      bottom >= anchor.rect[1] - slack &&
      right <= anchor.rect[2] + slack &&
      top <= anchor.rect[3] + slack,
  );
}

const WIDGET_KEYS = new Set(['Type', 'Subtype', 'FT', 'T', 'TU', 'V', 'P', 'Rect', 'F', 'AP']);

/** The picture of a widget: one form XObject without fonts, images or actions. */
function plainPicture(file: PdfFile, widget: PdfDict, revision: number): number | undefined | false {
  const states = file.resolve(widget.entries.get('AP'), revision);
  if (states === null) return undefined;
  const normal = isDict(states) && states.entries.size === 1 ? states.entries.get('N') : undefined;
  const picture = file.resolve(normal, revision);
  if (!isRef(normal) || !isStream(picture)) return false;
  const resources = file.resolve(picture.dict.entries.get('Resources'), revision);
  if (!isDict(resources) || [...resources.entries.keys()].some((key) => key !== 'ExtGState')) return false;
  return normal.number;
}

/**
 * Why revision `index` is more than one added signature; undefined when it is exactly that: one new field that lies in an
 * anchor or is invisible, its dictionary and picture, the form, the page's /Annots. Everything else must be as before.
 */
export function unlawfulChange(file: PdfFile, index: number): string | undefined {
  const revision = file.revisions[index];
  const previous = file.revisions[index - 1];
  if (revision === undefined || previous === undefined) return 'no such revision';
  const trailer = (value: PdfDict): PdfDict => without(value, 'Size', 'Prev');
  if (!same(trailer(revision.trailer), trailer(previous.trailer))) return 'trailer changed';
  const before = signatureFields(file, index - 1);
  const field = signatureFields(file, index).at(-1);
  if (field?.value === undefined) return 'no signature was added';
  const { ref: widgetRef, dict: widget, value } = field;
  if (before.some(({ name }) => name === field.name)) return 'a field was reused';
  if ([...widget.entries.keys()].some((key) => !WIDGET_KEYS.has(key))) return 'the new field has other entries';
  const picture = plainPicture(file, widget, index);
  if (picture === false) return 'the new field has another picture than a plain one';
  const pageRef = widget.entries.get('P');
  const pages = pageRefs(file, index - 1);
  const page = isRef(pageRef) ? pages.findIndex(({ number }) => number === pageRef.number) : -1;
  if (!isRef(pageRef) || page < 0) return 'the new field has no page';
  if (!touchesAnchor(file, page, file.resolve(widget.entries.get('Rect'), index)))
    return 'the new field lies outside the places for signatures';
  const expected = new Set([widgetRef.number, value.number, ...(picture === undefined ? [] : [picture])]);
  for (const object of expected)
    if (file.lookup({ kind: 'ref', number: object, generation: 0 }, index - 1) !== null)
      return 'an object was replaced';
  return (
    catalogChange(file, index, widgetRef) ??
    pageChange(file, index, { page: pageRef.number, widget: widgetRef, expected })
  );
}

function catalogChange(file: PdfFile, index: number, widget: PdfObject): string | undefined {
  const [older, newer] = [catalogOf(file, index - 1), catalogOf(file, index)];
  if (!same(without(older, 'AcroForm'), without(newer, 'AcroForm'))) return 'the catalog changed';
  const forms = [
    file.resolve(older.entries.get('AcroForm'), index - 1),
    file.resolve(newer.entries.get('AcroForm'), index),
  ];
  const [oldForm, newForm] = forms.map((form) => (isDict(form) ? form : undefined));
  if (newForm === undefined) return 'the form vanished';
  const rest = (form: PdfDict | undefined): PdfObject =>
    form === undefined ? null : without(form, 'Fields', 'SigFlags');
  if (oldForm !== undefined && !same(rest(oldForm), rest(newForm))) return 'the form changed';
  const fields = (form: PdfDict | undefined, at: number): readonly PdfObject[] =>
    listOf(file.resolve(form?.entries.get('Fields'), at));
  return extendedBy(fields(oldForm, index - 1), fields(newForm, index), widget) ? undefined : 'other fields changed';
}

interface Addition {
  readonly page: number;
  readonly widget: PdfObject;
  readonly expected: ReadonlySet<number>;
}

function pageChange(file: PdfFile, index: number, { page, widget, expected }: Addition): string | undefined {
  const reference = { kind: 'ref', number: page, generation: 0 } as const;
  const [older, newer] = [file.lookup(reference, index - 1), file.lookup(reference, index)];
  if (!isDict(older) || !isDict(newer)) return 'the page vanished';
  if (!same(without(older, 'Annots'), without(newer, 'Annots'))) return 'the page changed';
  const [oldList, newList] = [older.entries.get('Annots'), newer.entries.get('Annots')];
  if (!extendedBy(listOf(file.resolve(oldList, index - 1)), listOf(file.resolve(newList, index)), widget))
    return 'other annotations changed';
  const form = catalogOf(file, index).entries.get('AcroForm');
  const allowed = new Set([
    ...expected,
    page,
    rootRef(file, index).number,
    ...(isRef(form) ? [form.number] : []),
    ...(isRef(newList) ? [newList.number] : []),
  ]);
  for (const [object, offset] of file.revisions[index]?.offsets ?? []) {
    if (offset === null || !allowed.has(object)) return `object ${object} was changed or added`;
  }
  return undefined;
}

const ACTIVE = new Set([
  'OpenAction',
  'AA',
  'JS',
  'JavaScript',
  'Launch',
  'XFA',
  'RichMedia',
  'ImportData',
  'SubmitForm',
  'GoToR',
  'GoToE',
  'URI',
]);

/** A key or name that makes a reader act; such a file is never called valid. */
export function activeContent(file: PdfFile): string | undefined {
  const search = (value: PdfObject): string | undefined => {
    if (isName(value)) return ACTIVE.has(value.value) ? value.value : undefined;
    if (isArray(value)) return value.map(search).find((found) => found !== undefined);
    if (isStream(value)) return search(value.dict);
    if (!isDict(value)) return undefined;
    for (const [key, item] of value.entries) {
      const found = ACTIVE.has(key) ? key : search(item);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const [index, { offsets }] of file.revisions.entries()) {
    for (const object of offsets.keys()) {
      const found = search(file.lookup({ kind: 'ref', number: object, generation: 0 }, index));
      if (found !== undefined) return found;
    }
  }
  return undefined;
}
