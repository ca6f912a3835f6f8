/**
 * Every refusal of this package, for the contract's catalogue.
 * - `E_GLYPH_MISSING`: a character has no glyph in the embedded fonts; params `character`, `codePoint`.
 * - `E_PDF_STRUCTURE`: the bytes are not a PDF of the strict kind that we write (classic cross-reference tables).
 * - `E_PDF_SIGNATURE`: a signature dictionary, ByteRange or Contents is malformed, overlaps or does not fit.
 * - `E_PDF_ANCHOR`: the named place for a visible signature does not exist.
 * - `E_QR_PAYLOAD`: the text is not a `qej-g1` payload.
 * - `E_CONTENT`: the content cannot be laid out as asked (empty name, ragged table).
 */
export const documentsErrorCodes = [
  'E_GLYPH_MISSING',
  'E_PDF_STRUCTURE',
  'E_PDF_SIGNATURE',
  'E_PDF_ANCHOR',
  'E_QR_PAYLOAD',
  'E_CONTENT',
] as const;

export type DocumentsErrorCode = (typeof documentsErrorCodes)[number];
