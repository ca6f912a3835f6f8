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
    for (const [row, line] of wrapped.entries())
      put(flow, textOp(x + 8, y + 4 + (wrapped.length - 1 - row) * 9, line.text, { size: 7, color: COLORS.muted }));
  }
  flow.anchors.push({
    name: box.anchor,
    page: flow.pages.length - 1,
    rect: [x + 4, y + 3, x + width - 4, y + HEIGHT - 22],
  });
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

export const SEAL_SIDE = 120;
/** Width of the block that one of the {@link sealPlaces} takes at the right margin. */
export const SEAL_WIDTH = 200;

function drawSealPlace(flow: Flow, place: SealPlace, middleX: number): void {
  const names = breakLines(place.organisation, SEAL_WIDTH, 10.5, 'bold').map((line) => line.text);
  const lines = [place.role, ...names, place.date];
  for (const [row, line] of lines.entries()) {
    const isName = row > 0 && row <= names.length;
    const style = isName ? ({ size: 10.5, face: 'bold' } as const) : ({ size: 9.5, face: 'regular' } as const);
    const y = flow.y + SEAL_SIDE / 2 + (lines.length / 2 - row - 1) * 17 + 4;
    put(flow, textOp(middleX - textWidth(line, style.size, style.face) / 2, y, line, style));
  }
  const x = middleX - SEAL_SIDE / 2;
  flow.anchors.push({
    name: place.anchor,
    page: flow.pages.length - 1,
    rect: [x, flow.y, x + SEAL_SIDE, flow.y + SEAL_SIDE],
  });
}

/**
 * Names and dates of one or two organisations, the last at the right margin, with room for their round seals upon them, as on a
 * Chinese public letter.
 */
export function sealPlaces(flow: Flow, places: readonly SealPlace[]): void {
  ensureRoom(flow, SEAL_SIDE + 12);
  flow.y -= SEAL_SIDE + 6;
  const right = PAGE.left + CONTENT_WIDTH;
  for (const [index, place] of places.entries()) {
    drawSealPlace(flow, place, right - SEAL_WIDTH / 2 - (places.length - 1 - index) * (SEAL_WIDTH + 36));
  }
  flow.y -= 6;
}
