import { DomainError } from '@qej/kernel';
import { isArray, isDict, isName, isRef, isString, type PdfDict, type PdfRef, readText } from '../pdf/objects.ts';
import { catalogOf } from '../pdf/pages.ts';
import { type PdfFile } from '../pdf/revisions.ts';

export const signatureRefusal = (detail: string, cause?: unknown): DomainError =>
  new DomainError('E_PDF_SIGNATURE', { detail, ...(cause === undefined ? {} : { cause }) });

export interface SignatureField {
  readonly ref: PdfRef;
  readonly dict: PdfDict;
  readonly name: string;
  /** Reference to the signature dictionary; undefined for an empty field. */
  readonly value?: PdfRef;
}

/**
 * The signature fields of the form as of a revision. Only flat forms are understood: a field with kids or without a name,
 * a name used twice, or a signature used by two fields is refused.
 */
export function signatureFields(file: PdfFile, revision = file.revisions.length - 1): SignatureField[] {
  const form = file.resolve(catalogOf(file, revision).entries.get('AcroForm'), revision);
  if (!isDict(form)) return [];
  if (form.entries.has('XFA')) throw signatureRefusal('XFA form');
  const fields = file.resolve(form.entries.get('Fields'), revision);
  const found = (isArray(fields) ? fields : []).map((value): SignatureField => {
    const field = file.resolve(value, revision);
    if (!isRef(value) || !isDict(field) || field.entries.has('Kids'))
      throw signatureRefusal('form is not a flat list of fields');
    const type = field.entries.get('FT');
    const label = field.entries.get('T');
    if (!isName(type) || type.value !== 'Sig' || !isString(label))
      throw signatureRefusal('form has a field that is not a signature');
    const signature = field.entries.get('V');
    if (signature !== undefined && !isRef(signature))
      throw signatureRefusal('signature dictionary is not an indirect object');
    return { ref: value, dict: field, name: readText(label), ...(signature === undefined ? {} : { value: signature }) };
  });
  if (new Set(found.map((field) => field.name)).size !== found.length) throw signatureRefusal('field name used twice');
  const values = found.flatMap((field) => (field.value === undefined ? [] : [field.value.number]));
  if (new Set(values).size !== values.length) throw signatureRefusal('one signature in two fields');
  return found;
}

/** The level of DocMDP of a signature dictionary; undefined for an approval signature. */
export function docMdpLevel(file: PdfFile, signature: PdfDict, revision?: number): 1 | 2 | 3 | undefined {
  const references = file.resolve(signature.entries.get('Reference'), revision);
  if (!isArray(references)) return undefined;
  for (const item of references) {
    const reference = file.resolve(item, revision);
    if (!isDict(reference)) throw signatureRefusal('bad signature reference');
    const method = reference.entries.get('TransformMethod');
    if (!isName(method) || method.value !== 'DocMDP') continue;
    const parameters = file.resolve(reference.entries.get('TransformParams'), revision);
    const level = isDict(parameters) ? (parameters.entries.get('P') ?? 2) : 2;
    if (level !== 1 && level !== 2 && level !== 3) throw signatureRefusal('bad DocMDP level');
    return level;
  }
  return undefined;
}
