import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { concatBytes, DomainError, formatInstant, type Instant } from '@qej/kernel';
import { appendIncrement, nextNumber, type RawObject, spell } from '../pdf/increment.ts';
import {
  dict,
  isArray,
  isDict,
  isRef,
  name,
  type PdfDict,
  type PdfObject,
  type PdfRef,
  ref,
  structureRefusal,
  textString,
  withEntries,
} from '../pdf/objects.ts';
import { anchorsOf, catalogOf, pageRefs, rootRef } from '../pdf/pages.ts';
import { openPdf, type PdfFile } from '../pdf/revisions.ts';
import { appearance, type SignatureLook } from './appearance.ts';
import { docMdpLevel, signatureFields, signatureRefusal } from './fields.ts';

export type ByteRange = readonly [number, number, number, number];

/** By name, or by page (zero-based) and rectangle in points. */
export type SignaturePlace =
  | { readonly anchor: string }
  | { readonly page: number; readonly rect: readonly [number, number, number, number] };

export interface SignatureRequest {
  /** Unique in the document. */
  readonly fieldName: string;
  readonly signerName: string;
  readonly reason: string;
  readonly location?: string;
  /** Claimed signing time: PAdES keeps it in /M, never in the CMS. */
  readonly at: Instant;
  /** Makes this the certification signature with that DocMDP level; only for the first signature. */
  readonly certify?: 1 | 2 | 3;
  /** Written into the same revision, so that nothing has to follow the signature. DER. */
  readonly dss?: { readonly certs: readonly Uint8Array[]; readonly crls: readonly Uint8Array[] };
  readonly visible?: { readonly place: SignaturePlace; readonly look: SignatureLook };
  /** Bytes kept for the CMS; 16 384 by default. */
  readonly reserve?: number;
}

export interface PreparedSignature {
  readonly prepared: Uint8Array;
  readonly byteRange: ByteRange;
  /** SHA-256 over the two ranges: the CMS messageDigest. */
  readonly digest: Uint8Array;
}

const DEFAULT_RESERVE = 16_384;

const pdfDate = (at: Instant): string => `D:${formatInstant(at).replace(/[-:T]/g, '').slice(0, 14)}Z`;

function placeOf(file: PdfFile, place: SignaturePlace): { page: number; rect: readonly number[] } {
  if (!('anchor' in place)) return place;
  const anchor = anchorsOf(file).find((candidate) => candidate.name === place.anchor);
  if (anchor === undefined)
    throw new DomainError('E_PDF_ANCHOR', { detail: `no anchor ${place.anchor}`, params: { anchor: place.anchor } });
  return anchor;
}

/** The page dictionary or its /Annots array with one more widget: whichever is an object of its own. */
function addAnnotation(file: PdfFile, page: PdfRef, widget: PdfRef, objects: Map<number, PdfObject | RawObject>): void {
  const leaf = file.lookup(page);
  if (!isDict(leaf)) throw structureRefusal('page is not a dictionary');
  const annotations = leaf.entries.get('Annots');
  const list = file.resolve(annotations);
  const extended = [...(isArray(list) ? list : []), widget];
  if (isRef(annotations)) objects.set(annotations.number, extended);
  else objects.set(page.number, withEntries(leaf, { Annots: extended }));
}

function extendedForm(file: PdfFile, catalog: PdfDict, widget: PdfRef): PdfDict {
  const form = file.resolve(catalog.entries.get('AcroForm'));
  const base = isDict(form) ? form : dict({});
  const fields = file.resolve(base.entries.get('Fields'));
  return withEntries(base, { Fields: [...(isArray(fields) ? fields : []), widget], SigFlags: 3 });
}

function checkMaySign(file: PdfFile, request: SignatureRequest): void {
  const fields = signatureFields(file);
  if (fields.some((field) => field.name === request.fieldName)) throw signatureRefusal('field name is taken');
  const signed = fields.flatMap((field) => (field.value === undefined ? [] : [file.lookup(field.value)]));
  if (request.certify !== undefined && signed.length > 0)
    throw signatureRefusal('only the first signature can certify');
  if (signed.some((signature) => isDict(signature) && docMdpLevel(file, signature) === 1))
    throw signatureRefusal('the document is certified: nothing may follow');
}

const derStream = (der: Uint8Array): PdfObject => ({
  kind: 'stream',
  dict: dict({ Filter: name('FlateDecode') }),
  bytes: deflateSync(der),
});

/** Everything of the signature dictionary but /ByteRange and /Contents, which are spelled apart to know their places. */
function signatureEntries(request: SignatureRequest): PdfDict {
  const mdp = dict({
    Type: name('SigRef'),
    TransformMethod: name('DocMDP'),
    TransformParams: dict({ Type: name('TransformParams'), P: request.certify ?? 1, V: name('1.2') }),
  });
  return dict({
    Type: name('Sig'),
    Filter: name('Adobe.PPKLite'),
    SubFilter: name('ETSI.CAdES.detached'),
    M: textString(pdfDate(request.at)),
    Name: textString(request.signerName),
    Reason: textString(request.reason),
    ...(request.location === undefined ? {} : { Location: textString(request.location) }),
    ...(request.certify === undefined ? {} : { Reference: [mdp] }),
  });
}

interface Plan {
  readonly objects: Map<number, PdfObject | RawObject>;
  readonly signature: number;
  readonly rangeOffset: number;
  readonly contentsOffset: number;
}

const RANGE_WIDTH = 46;

interface Draft {
  readonly objects: Map<number, PdfObject | RawObject>;
  readonly take: () => PdfRef;
}

function startDraft(file: PdfFile): Draft {
  let next = nextNumber(file);
  return { objects: new Map(), take: () => ref(next++) };
}

function addPicture({ objects, take }: Draft, look: SignatureLook, rect: readonly number[]): { AP: PdfDict } {
  const picture = take();
  const [left = 0, bottom = 0, right = 0, top = 0] = rect;
  objects.set(picture.number, appearance(look, right - left, top - bottom));
  return { AP: dict({ N: picture }) };
}

/** The document security store (ETSI EN 319 142-1, 5.4.2.2). */
function addStore({ objects, take }: Draft, { certs, crls }: NonNullable<SignatureRequest['dss']>): PdfDict {
  const store = (items: readonly Uint8Array[]): PdfRef[] =>
    items.map((der) => {
      const reference = take();
      objects.set(reference.number, derStream(der));
      return reference;
    });
  return dict({ Type: name('DSS'), Certs: store(certs), CRLs: store(crls) });
}

function plan(file: PdfFile, request: SignatureRequest, reserve: number): Plan {
  const draft = startDraft(file);
  const { objects, take } = draft;
  const [widget, signature] = [take(), take()];
  const spot = request.visible === undefined ? { page: 0, rect: [0, 0, 0, 0] } : placeOf(file, request.visible.place);
  const page = pageRefs(file)[spot.page];
  if (page === undefined) throw new DomainError('E_PDF_ANCHOR', { detail: 'no such page' });
  const picture = request.visible === undefined ? {} : addPicture(draft, request.visible.look, spot.rect);
  objects.set(
    widget.number,
    dict({
      Type: name('Annot'),
      Subtype: name('Widget'),
      FT: name('Sig'),
      T: textString(request.fieldName),
      TU: textString(`${request.signerName} ${request.reason}`),
      V: signature,
      P: page,
      Rect: [...spot.rect],
      F: 132,
      ...picture,
    }),
  );
  const catalog = catalogOf(file);
  const changes: Record<string, PdfObject> = { AcroForm: extendedForm(file, catalog, widget) };
  if (request.certify !== undefined) changes['Perms'] = dict({ DocMDP: signature });
  if (request.dss !== undefined) changes['DSS'] = addStore(draft, request.dss);
  objects.set(rootRef(file).number, withEntries(catalog, changes));
  addAnnotation(file, page, widget, objects);
  const head = `${spell(signatureEntries(request)).slice(0, -2)}\n/ByteRange `;
  const middle = `${head}${' '.repeat(RANGE_WIDTH)}\n/Contents `;
  objects.set(signature.number, { raw: `${middle}<${'0'.repeat(2 * reserve)}>>>` });
  return { objects, signature: signature.number, rangeOffset: head.length, contentsOffset: middle.length };
}

/** The two ranges of the file joined: what is signed. */
export const signedBytes = (pdf: Uint8Array, [a, b, c, d]: ByteRange): Uint8Array =>
  concatBytes(pdf.subarray(a, a + b), pdf.subarray(c, c + d));

/**
 * Appends one revision with a signature field whose CMS is still zeros (ISO 32000-2, 12.8; ETSI EN 319 142-1).
 * The bytes before it stay as they are, so that earlier signatures keep their validity.
 * @throws DomainError `E_PDF_SIGNATURE` field name taken, certification not first, document certified with P=1;
 * `E_PDF_ANCHOR`; `E_PDF_STRUCTURE`; `E_GLYPH_MISSING`
 */
export function prepareSignature(pdf: Uint8Array, request: SignatureRequest): PreparedSignature {
  const file = openPdf(pdf);
  checkMaySign(file, request);
  const reserve = request.reserve ?? DEFAULT_RESERVE;
  if (!Number.isInteger(reserve) || reserve < 256 || reserve > 1_000_000) throw signatureRefusal('bad reserve');
  const { objects, signature, rangeOffset, contentsOffset } = plan(file, request, reserve);
  const { bytes, bodyAt } = appendIncrement(file, objects);
  const start = bodyAt.get(signature) ?? 0;
  const open = start + contentsOffset;
  const close = open + 2 * reserve + 2;
  const byteRange = [0, open, close, bytes.length - close] as const;
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).write(
    `[${byteRange.join(' ')}]`.padEnd(RANGE_WIDTH),
    start + rangeOffset,
    'latin1',
  );
  const digest = createHash('sha256').update(bytes.subarray(0, open)).update(bytes.subarray(close)).digest();
  return { prepared: bytes, byteRange, digest: new Uint8Array(digest) };
}

/**
 * Writes the CMS (DER) into the reserved place.
 * @throws DomainError `E_PDF_SIGNATURE` when it does not fit or the range does not point at a reserved place
 */
export function completeSignature(prepared: Uint8Array, byteRange: ByteRange, cms: Uint8Array): Uint8Array {
  const [, open, close] = byteRange;
  const room = close - open - 2;
  if (prepared[open] !== 0x3c || prepared[close - 1] !== 0x3e || close + byteRange[3] !== prepared.length)
    throw signatureRefusal('range does not fit the file');
  if (cms.length === 0 || 2 * cms.length > room)
    throw signatureRefusal(`CMS of ${cms.length} bytes does not fit into ${room / 2}`);
  if (!prepared.subarray(open + 1, close - 1).every((byte) => byte === 0x30)) throw signatureRefusal('already signed');
  const signed = Uint8Array.from(prepared);
  Buffer.from(signed.buffer).write(Buffer.from(cms).toString('hex'), open + 1, 'latin1');
  return signed;
}
