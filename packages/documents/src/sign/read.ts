import { createHash } from 'node:crypto';
import { isArray, isDict, isName, isString, type PdfDict, readText } from '../pdf/objects.ts';
import { openPdf, type PdfFile } from '../pdf/revisions.ts';
import { docMdpLevel, type SignatureField, signatureFields, signatureRefusal } from './fields.ts';
import { type ByteRange } from './prepare.ts';

export interface ReadSignature {
  readonly fieldName: string;
  readonly byteRange: ByteRange;
  /** DER without the padding. */
  readonly cms: Uint8Array;
  readonly coversWholeFile: boolean;
  /** Offset at which the signed revision ends. */
  readonly revisionEnd: number;
  /** Index of that revision, oldest 0. */
  readonly revision: number;
  readonly certifyLevel?: 1 | 2 | 3;
  /** SHA-256 over the two ranges. */
  readonly digest: Uint8Array;
  readonly signerName?: string;
  readonly reason?: string;
  /** The claimed time as written, e.g. `D:20261123050000Z`. */
  readonly claimedTime?: string;
}

/** Length of the DER element at the beginning; the rest must be zeros. */
function derOf(contents: Uint8Array): Uint8Array {
  const first = contents[1] ?? 0;
  const count = first < 0x80 ? 0 : first - 0x80;
  if (contents[0] !== 0x30 || count > 4 || first === 0x80) throw signatureRefusal('Contents is not one DER sequence');
  let length = first;
  if (count > 0) length = [...contents.subarray(2, 2 + count)].reduce((sum, byte) => sum * 256 + byte, 0);
  const end = 2 + count + length;
  if (end > contents.length || contents.subarray(end).some((byte) => byte !== 0))
    throw signatureRefusal('Contents is not one DER sequence and zeros');
  return contents.slice(0, end);
}

function byteRangeOf(file: PdfFile, signature: PdfDict): ByteRange {
  const value = file.resolve(signature.entries.get('ByteRange'));
  const contents = signature.entries.get('Contents');
  if (
    !isArray(value) ||
    value.length !== 4 ||
    !value.every((item) => typeof item === 'number' && Number.isInteger(item) && item >= 0)
  ) {
    throw signatureRefusal('ByteRange is not four integers');
  }
  const [a, b, c, d] = value as unknown as ByteRange; // checked in the line above
  if (a !== 0 || c <= b || c + d > file.bytes.length) throw signatureRefusal('ByteRange does not fit the file');
  if (!isString(contents) || contents.start !== b || contents.end !== c)
    throw signatureRefusal('the gap is not exactly this Contents');
  const gap = Buffer.from(file.bytes.subarray(b, c)).toString('latin1');
  if (!/^<(?:[0-9a-f]{2})+>$/.test(gap)) throw signatureRefusal('the gap is not one lower-case hex string');
  return [a, b, c, d];
}

const textOf = (signature: PdfDict, key: string): string | undefined => {
  const value = signature.entries.get(key);
  return isString(value) ? readText(value) : undefined;
};

function readOne(file: PdfFile, field: SignatureField): ReadSignature {
  const signature = field.value === undefined ? null : file.lookup(field.value);
  if (!isDict(signature)) throw signatureRefusal('no signature dictionary');
  const filter = signature.entries.get('SubFilter');
  if (!isName(filter) || filter.value !== 'ETSI.CAdES.detached')
    throw signatureRefusal('SubFilter is not ETSI.CAdES.detached');
  const byteRange = byteRangeOf(file, signature);
  const revisionEnd = byteRange[2] + byteRange[3];
  const revision = file.revisions.findIndex(({ end }) => end === revisionEnd);
  if (revision < 0) throw signatureRefusal('the signed range does not end with a revision');
  const before = file.revisions[revision - 1]?.end ?? 0;
  if (byteRange[1] < before) throw signatureRefusal('Contents lies in an earlier revision than the one signed');
  const contents = signature.entries.get('Contents');
  const { bytes } = file;
  const digest = createHash('sha256')
    .update(bytes.subarray(0, byteRange[1]))
    .update(bytes.subarray(byteRange[2], revisionEnd))
    .digest();
  const certifyLevel = docMdpLevel(file, signature);
  const [signerName, reason, claimedTime] = [
    textOf(signature, 'Name'),
    textOf(signature, 'Reason'),
    textOf(signature, 'M'),
  ];
  return {
    fieldName: field.name,
    byteRange,
    cms: derOf(isString(contents) ? contents.bytes : new Uint8Array()),
    coversWholeFile: revisionEnd === bytes.length,
    revisionEnd,
    revision,
    digest: new Uint8Array(digest),
    ...(certifyLevel === undefined ? {} : { certifyLevel }),
    ...(signerName === undefined ? {} : { signerName }),
    ...(reason === undefined ? {} : { reason }),
    ...(claimedTime === undefined ? {} : { claimedTime }),
  };
}

export function readFrom(file: PdfFile): ReadSignature[] {
  const found = signatureFields(file)
    .filter((field) => field.value !== undefined)
    .map((field) => readOne(file, field))
    .sort((a, b) => a.revisionEnd - b.revisionEnd);
  for (const [index, { revisionEnd }] of found.entries()) {
    if (found[index + 1]?.revisionEnd === revisionEnd) throw signatureRefusal('two signatures over one revision');
  }
  return found;
}

/**
 * The signatures of a file, oldest first. Strict: ByteRange must leave out exactly the Contents of its own dictionary and end
 * with a revision. Nothing is verified here.
 * @throws DomainError `E_PDF_STRUCTURE`, `E_PDF_SIGNATURE`
 */
export const readSignatures = (pdf: Uint8Array): ReadSignature[] => readFrom(openPdf(pdf));
