import { COLORS, CONTENT_WIDTH, type Flow, lineOp, newPage, PAGE, put, roomLeft, textOp } from './flow.ts';
import { textWidth } from './fonts.ts';
import { breakLines } from './line-break.ts';

interface Entry {
  readonly zh: string;
  readonly en?: string;
  /** Line feeds begin new lines. */
  readonly value: string;
}

const LABEL = 118;
const SIZE = 9.5;
const LEADING = SIZE * 1.5;
const ENGLISH = 7;

interface Label {
  readonly zh: readonly string[];
  readonly en: readonly string[];
  /** English on the same line as Chinese: the usual, short case. */
  readonly beside: boolean;
}

function label({ zh, en = '' }: Entry): Label {
  const width = LABEL - 14;
  const beside = textWidth(zh, SIZE, 'bold') + 5 + textWidth(en, ENGLISH) <= width;
  const lines = (text: string, size: number, bold: boolean): string[] =>
    text === '' ? [] : breakLines(text, width, size, bold ? 'bold' : 'regular').map((line) => line.text);
  return { zh: lines(zh, SIZE, true), en: lines(en, ENGLISH, false), beside };
}

function drawLabel(flow: Flow, { zh, en, beside }: Label, top: number): void {
  const x = PAGE.left + 8;
  let y = top - 3.5;
  for (const text of zh)
    put(flow, textOp(x, (y -= LEADING) + 3.6, text, { size: SIZE, face: 'bold', color: COLORS.accent }));
  const small = { size: ENGLISH, color: COLORS.muted };
  if (beside) put(flow, textOp(x + 5 + textWidth(zh[0] ?? '', SIZE, 'bold'), y + 3.6, en[0] ?? '', small));
  else for (const text of en) put(flow, textOp(x, (y -= 9) + 2.4, text, small));
}

/** Label and value in two columns, without a head: the facts at the beginning of a document. */
export function keyValues(flow: Flow, entries: readonly Entry[]): void {
  flow.y -= 4;
  for (const [index, entry] of entries.entries()) {
    const head = label(entry);
    const lines = breakLines(entry.value, CONTENT_WIDTH - LABEL - 16, SIZE);
    const height =
      Math.max(head.zh.length * LEADING + (head.beside ? 0 : head.en.length * 9), lines.length * LEADING) + 7;
    if (roomLeft(flow) < height) newPage(flow);
    const top = flow.y;
    flow.y -= height;
    put(flow, { kind: 'rect', x: PAGE.left, y: flow.y, width: LABEL, height, fill: COLORS.tint });
    if (index === 0) put(flow, lineOp(PAGE.left, top, PAGE.left + CONTENT_WIDTH, top, COLORS.accent, 1));
    drawLabel(flow, head, top);
    let y = top - 3.5;
    for (const line of lines) put(flow, textOp(PAGE.left + LABEL + 8, (y -= LEADING) + 3.6, line.text, { size: SIZE }));
    put(flow, lineOp(PAGE.left, flow.y, PAGE.left + CONTENT_WIDTH, flow.y, COLORS.paleRule));
  }
  flow.y -= 8;
}
