import { readFileSync } from 'node:fs';
import fontkit, { type Font as ParsedFont, type Path } from '@pdf-lib/fontkit';
import { DomainError } from '@qej/kernel';
import subsetFont from 'subset-font';

export type Face = 'regular' | 'bold';

interface LoadedFont {
  readonly bytes: Buffer;
  readonly parsed: ParsedFont;
  readonly advances: Map<number, number>;
}

const FILES = { regular: 'NotoSansSC-Regular.ttf', bold: 'NotoSansSC-Bold.ttf' } as const;
const loaded = new Map<Face, LoadedFont>();

/** Parsed once per process on first use: 10 MB each, about 20 ms. */
function font(face: Face): LoadedFont {
  const known = loaded.get(face);
  if (known !== undefined) return known;
  const bytes = readFileSync(new URL(`../../fonts/${FILES[face]}`, import.meta.url));
  const fresh = { bytes, parsed: fontkit.create(bytes), advances: new Map<number, number>() };
  loaded.set(face, fresh);
  return fresh;
}

/** @throws DomainError `E_GLYPH_MISSING`: a character that the font lacks is refused, never drawn as a box. */
function advance(face: Face, codePoint: number): number {
  const { parsed, advances } = font(face);
  const known = advances.get(codePoint);
  if (known !== undefined) return known;
  if (!parsed.hasGlyphForCodePoint(codePoint)) {
    const name = `U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}`;
    throw new DomainError('E_GLYPH_MISSING', {
      detail: `no glyph for ${name}`,
      params: { character: String.fromCodePoint(codePoint), codePoint: name },
    });
  }
  const width = parsed.glyphForCodePoint(codePoint).advanceWidth / parsed.unitsPerEm;
  advances.set(codePoint, width);
  return width;
}

/**
 * Width in points of one line of text without kerning or ligatures, as it is drawn.
 * @throws DomainError `E_GLYPH_MISSING`
 */
export function textWidth(text: string, size: number, face: Face = 'regular'): number {
  let ems = 0;
  for (const character of text) ems += advance(face, character.codePointAt(0) ?? 0);
  return ems * size;
}

/** The outline of one character in font units (1000 per em) with its advance in ems. */
export function outline(character: string, face: Face): { path: Path; advance: number; unitsPerEm: number } {
  const codePoint = character.codePointAt(0) ?? 0;
  const width = advance(face, codePoint);
  const { parsed } = font(face);
  return { path: parsed.glyphForCodePoint(codePoint).path, advance: width, unitsPerEm: parsed.unitsPerEm };
}

/**
 * A TrueType file with only the glyphs of `characters` and no layout tables: pdf-lib's own `subset: true` loses CJK glyphs
 * on the page, and fontkit's shaping spreads digits and splits ligatures.
 */
export async function subsetFace(face: Face, characters: ReadonlySet<string>): Promise<Uint8Array> {
  const text = [...characters].join('');
  return subsetFont(font(face).bytes, text, {
    targetFormat: 'truetype',
    keepFeatures: [],
    noLayoutClosure: true,
    noHinting: true,
    dropTables: ['GSUB', 'GPOS', 'GDEF'],
  });
}

/** Handed to embedFont with {@link subsetFace}: nothing may substitute or move a glyph. */
export const NO_FEATURES = {
  liga: false,
  clig: false,
  calt: false,
  ccmp: false,
  locl: false,
  kern: false,
  palt: false,
  halt: false,
} as const;

export { fontkit };
