import { type Face, textWidth } from './fonts.ts';

/** May not begin a line (GB/T 15834 and JIS X 4051 practice). */
const NOT_AT_START = new Set('。，、；：！？）》」』】〕〉”’％…—·.,;:!?)]}%‰℃°');
/** May not end a line. */
const NOT_AT_END = new Set('（《「『【〔〈“‘([{¥￥#');
const WORD = /[\p{Script=Latin}\p{Nd}'’_@&+=/\\.,:%#¥$~-]/u;

interface Atom {
  text: string;
  readonly space: boolean;
}

const isCjk = (character: string): boolean =>
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef\u2014\u2018-\u201d\u2026]/u.test(
    character,
  );

/** Splits into what may not be broken inside: a CJK character, a run of Latin letters and digits, spaces. */
function atoms(text: string): Atom[] {
  const found: Atom[] = [];
  let previous = '';
  for (const character of text) {
    const last = found.at(-1);
    const space = character === ' ';
    const sameWord =
      last !== undefined &&
      !last.space &&
      !space &&
      !isCjk(character) &&
      !isCjk(previous) &&
      WORD.test(character) &&
      WORD.test(previous);
    const sticks =
      last !== undefined && !last.space && !space && (NOT_AT_START.has(character) || NOT_AT_END.has(previous));
    if (last !== undefined && (sameWord || sticks || (space && last.space))) last.text += character;
    else found.push({ text: character, space });
    previous = character;
  }
  return found;
}

/** Cuts an atom that is wider than a whole line: a hash, a long address. */
function cut(text: string, width: number, size: number, face: Face): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (piece !== '' && textWidth(piece + character, size, face) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return [...pieces, piece];
}

export interface BrokenLine {
  readonly text: string;
  /** False for the last line of a paragraph, which is never justified. */
  readonly wrapped: boolean;
}

function breakParagraph(text: string, width: number, size: number, face: Face): BrokenLine[] {
  const lines: BrokenLine[] = [];
  let line = '';
  let used = 0;
  const close = (): void => {
    lines.push({ text: line.trimEnd(), wrapped: true });
    line = '';
    used = 0;
  };
  for (const atom of atoms(text)) {
    if (atom.space && line === '') continue;
    const wide = textWidth(atom.text, size, face);
    if (line !== '' && used + wide > width + 0.01 && !atom.space) close();
    if (wide <= width) {
      line += atom.text;
      used += wide;
      continue;
    }
    const pieces = cut(atom.text, width, size, face);
    for (const piece of pieces.slice(0, -1)) lines.push({ text: piece, wrapped: false });
    line = pieces.at(-1) ?? '';
    used = textWidth(line, size, face);
  }
  lines.push({ text: line.trimEnd(), wrapped: false });
  return lines;
}

/**
 * Breaks text into lines no wider than `width` points. Line feeds start new paragraphs; no line begins with closing
 * punctuation or ends with an opening bracket; Latin words and numbers stay whole unless wider than a line.
 */
export const breakLines = (text: string, width: number, size: number, face: Face = 'regular'): BrokenLine[] =>
  text.split('\n').flatMap((paragraph) => breakParagraph(paragraph, width, size, face));
