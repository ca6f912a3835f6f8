import {
  alignedOp,
  COLORS,
  CONTENT_WIDTH,
  ensureRoom,
  type Flow,
  lineOp,
  PAGE,
  put,
  type TextStyle,
  textOp,
} from './flow.ts';
import { type Face, textWidth } from './fonts.ts';
import { breakLines } from './line-break.ts';

const BODY = 10;
const LEADING = 1.65;

/** The title of the document, centred, English under it, and a short line of facts (code, project). */
export function title(flow: Flow, facts?: string): void {
  const box = { x: PAGE.left, width: CONTENT_WIDTH };
  const { zh, en } = flow.titles;
  flow.y -= 26;
  put(flow, alignedOp(box, flow.y, zh, { size: 22, face: 'bold', color: COLORS.text, align: 'center' }));
  flow.y -= 18;
  put(flow, alignedOp(box, flow.y, en, { size: 10, color: COLORS.muted, align: 'center' }));
  if (facts !== undefined) {
    flow.y -= 4;
    for (const line of breakLines(facts, CONTENT_WIDTH, 9.5)) {
      flow.y -= 14;
      put(flow, alignedOp(box, flow.y, line.text, { size: 9.5, color: COLORS.text, align: 'center' }));
    }
  }
  flow.y -= 12;
  put(flow, lineOp(PAGE.left, flow.y, PAGE.left + CONTENT_WIDTH, flow.y, COLORS.accent, 1.2));
  flow.y -= 10;
}

/** A section head, Chinese with small English beside it; never the last line of a page. */
export function heading(flow: Flow, zh: string, en: string): void {
  ensureRoom(flow, 112);
  flow.y -= 24;
  put(flow, { kind: 'rect', x: PAGE.left, y: flow.y - 2.5, width: 3, height: 14, fill: COLORS.accent });
  put(flow, textOp(PAGE.left + 10, flow.y, zh, { size: 12.5, face: 'bold', color: COLORS.accent }));
  const x = PAGE.left + 18 + textWidth(zh, 12.5, 'bold');
  put(flow, textOp(x, flow.y, en, { size: 8.5, color: COLORS.muted }));
  flow.y -= 8;
}

export function subheading(flow: Flow, text: string): void {
  ensureRoom(flow, 60);
  for (const line of breakLines(text, CONTENT_WIDTH, BODY, 'bold')) {
    flow.y -= 17;
    put(flow, textOp(PAGE.left, flow.y, line.text, { size: BODY, face: 'bold' }));
  }
  flow.y -= 5;
}

interface ParagraphStyle extends TextStyle {
  /** Points before each line. */
  readonly inset?: number;
  /** Two characters before the first line, as Chinese letters have it. */
  readonly indent?: boolean;
  readonly gap?: number;
}

/** Space between characters that brings a wrapped line to full width; none when the line is too short for it. */
function justification(text: string, width: number, size: number, face: Face): number {
  const gaps = Array.from(text).length - 1;
  const slack = width - textWidth(text, size, face);
  return gaps > 8 && slack > 0 && slack <= size * 1.6 ? slack / gaps : 0;
}

export function paragraph(flow: Flow, text: string, style: Partial<ParagraphStyle> = {}): void {
  const size = style.size ?? BODY;
  const face = style.face ?? 'regular';
  const inset = style.inset ?? 0;
  const width = CONTENT_WIDTH - inset;
  const leading = size * LEADING;
  for (const part of text.split('\n')) {
    const lines = breakLines(style.indent === true ? `\u3000\u3000${part}` : part, width, size, face);
    for (const [index, line] of lines.entries()) {
      const rest = lines.length - index;
      ensureRoom(flow, index === 0 && rest > 1 ? 2 * leading : leading);
      flow.y -= leading;
      const spacing = line.wrapped ? justification(line.text, width, size, face) : 0;
      const color = style.color ?? COLORS.text;
      put(flow, textOp(PAGE.left + inset, flow.y + (leading - size) / 2, line.text, { size, face, color, spacing }));
    }
    flow.y -= style.gap ?? 4;
  }
}

/** Numbered sentences with a hanging number: 1. 2. 3. or （一）（二）. */
export function numbered(
  flow: Flow,
  items: readonly string[],
  label: (index: number) => string = (i) => `${i + 1}.`,
): void {
  for (const [index, item] of items.entries()) {
    const mark = label(index);
    const inset = Math.max(18, textWidth(mark, BODY) + 5);
    ensureRoom(flow, 2 * BODY * LEADING);
    const before = flow.pages.length;
    const top = flow.y;
    paragraph(flow, item, { inset, gap: 2 });
    const page = flow.pages[before - 1];
    page?.push(textOp(PAGE.left, top - BODY * LEADING + (BODY * LEADING - BODY) / 2, mark, { size: BODY }));
  }
  flow.y -= 2;
}

/** A tinted box with one important sentence. */
export function notice(flow: Flow, text: string, tone: 'calm' | 'warn' = 'calm'): void {
  const size = BODY;
  const lines = breakLines(text, CONTENT_WIDTH - 24, size, 'bold');
  const height = lines.length * size * LEADING + 14;
  ensureRoom(flow, height + 8);
  flow.y -= 6 + height;
  const calm = tone === 'calm';
  const fill = calm ? COLORS.tint : COLORS.amberTint;
  put(flow, { kind: 'rect', x: PAGE.left, y: flow.y, width: CONTENT_WIDTH, height, fill });
  put(flow, { kind: 'rect', x: PAGE.left, y: flow.y, width: 3, height, fill: calm ? COLORS.accent : COLORS.amber });
  for (const [index, line] of lines.entries()) {
    const y = flow.y + height - 7 - (index + 1) * size * LEADING + (size * LEADING - size) / 2 + 1;
    put(flow, textOp(PAGE.left + 14, y, line.text, { size, face: 'bold', color: calm ? COLORS.accent : COLORS.amber }));
  }
  flow.y -= 8;
}
