import { COLORS, CONTENT_WIDTH, ensureRoom, type Flow, PAGE, put, textOp } from './flow.ts';
import { textWidth } from './fonts.ts';
import { breakLines } from './line-break.ts';

export interface SignatureBox {
  /** Name of the anchor that prepareSignature takes, unique in the document, e.g. `expert-1`. */
  readonly anchor: string;
  /** Role, Chinese with English, e.g. `评标委员会成员 Member`. */
  readonly role: string;
  /** Who is to sign; empty while unknown. */
  readonly name: string;
}

const HEIGHT = 74;
const GAP = 12;

/** Boxes two in a row, each a place for one electronic signature. */
export function signatureBoxes(flow: Flow, boxes: readonly SignatureBox[]): void {
  const width = (CONTENT_WIDTH - GAP) / 2;
  for (let index = 0; index < boxes.length; index += 2) {
    ensureRoom(flow, HEIGHT + GAP);
    flow.y -= HEIGHT;
    for (const [column, box] of boxes.slice(index, index + 2).entries()) {
      drawBox(flow, box, PAGE.left + column * (width + GAP), width);
    }
    flow.y -= GAP;
  }
}

function drawBox(flow: Flow, box: SignatureBox, x: number, width: number): void {
  const y = flow.y;
  put(flow, { kind: 'rect', x, y, width, height: HEIGHT, stroke: COLORS.rule, thickness: 0.6 });
  put(flow, { kind: 'rect', x, y: y + HEIGHT - 20, width, height: 20, fill: COLORS.tint });
  put(flow, textOp(x + 8, y + HEIGHT - 14, box.role, { size: 8.5, face: 'bold', color: COLORS.accent }));
  const nameAt = x + 14 + textWidth(box.role, 8.5, 'bold');
  const lines = breakLines(box.name, x + width - nameAt - 6, 8.5);
  if (lines.length === 1) put(flow, textOp(nameAt, y + HEIGHT - 14, box.name, { size: 8.5 }));
  else {
    const wrapped = breakLines(box.name, width - 16, 7).slice(0, 2);
    for (const [row, line] of wrapped.entries()) put(flow, textOp(x + 8, y + 4 + (wrapped.length - 1 - row) * 9, line.text, { size: 7, color: COLORS.muted }));
  }
  flow.anchors.push({ name: box.anchor, page: flow.pages.length - 1, rect: [x + 4, y + 3, x + width - 4, y + HEIGHT - 22] });
}

export interface SealPlace {
  readonly anchor: string;
  /** Full name of the organisation that seals. */
  readonly organisation: string;
  /** Line under the name, e.g. the date in words. */
  readonly date: string;
  /** What the organisation is here, e.g. `保证人 Guarantor`. */
  readonly role: string;
}

const SEAL_SIDE = 120;

/** Right-aligned name and date of an organisation with room for its round seal upon them, as on a Chinese public letter. */
export function sealPlace(flow: Flow, place: SealPlace): void {
  ensureRoom(flow, SEAL_SIDE + 20);
  flow.y -= SEAL_SIDE + 10;
  const right = PAGE.left + CONTENT_WIDTH - 20;
  const lines = [place.role, ...breakLines(place.organisation, 260, 10.5, 'bold').map((line) => line.text), place.date];
  const last = lines.length - 1;
  for (const [row, line] of lines.entries()) {
    const middle = row > 0 && row < last;
    const style = middle ? ({ size: 10.5, face: 'bold' } as const) : ({ size: 9.5, color: COLORS.text } as const);
    const y = flow.y + SEAL_SIDE / 2 + (lines.length / 2 - row - 1) * 17 + 4;
    const x = right - 130 - textWidth(line, style.size, middle ? 'bold' : 'regular') / 2;
    put(flow, textOp(x, y, line, style));
  }
  const x = right - 130 - SEAL_SIDE / 2;
  flow.anchors.push({ name: place.anchor, page: flow.pages.length - 1, rect: [x, flow.y, x + SEAL_SIDE, flow.y + SEAL_SIDE] });
  flow.y -= 8;
}
