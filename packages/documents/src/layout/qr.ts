import qrcode from 'qrcode';
import { COLORS, CONTENT_WIDTH, ensureRoom, type Flow, type Op, PAGE, put, textOp } from './flow.ts';
import { breakLines } from './line-break.ts';
import { SEAL_SIDE, SEAL_WIDTH, type SealPlace, sealPlaces } from './signature-boxes.ts';

/** The modules of a QR code as runs of dark cells, drawn as vectors. Error correction M. */
function qrOp(text: string, x: number, y: number, side: number): Op {
  const { modules } = qrcode.create(text, { errorCorrectionLevel: 'M' });
  const rows: [number, number][][] = [];
  for (let row = 0; row < modules.size; row++) {
    const runs: [number, number][] = [];
    for (let column = 0; column < modules.size; column++) {
      if (!modules.get(row, column)) continue;
      const last = runs.at(-1);
      if (last !== undefined && last[0] + last[1] === column) last[1] += 1;
      else runs.push([column, 1]);
    }
    rows.push(runs);
  }
  return { kind: 'modules', x, y, side, rows };
}

/** A QR code with its explanation at the left and the place for a round seal at the right. */
export function qrWithSeal(
  flow: Flow,
  qr: { readonly payload: string; readonly title: string; readonly text: string },
  seal: SealPlace,
): void {
  const side = qr.payload.length > 300 ? 132 : 96;
  const width = CONTENT_WIDTH - side - SEAL_WIDTH - 24;
  const lines = breakLines(qr.text, width, 8);
  const height = Math.max(side, 30 + lines.length * 12.5, SEAL_SIDE) + 14;
  ensureRoom(flow, height);
  const top = flow.y - 10;
  put(flow, qrOp(qr.payload, PAGE.left + 4, top - side + 4, side - 8));
  const x = PAGE.left + side + 10;
  let y = top - 14;
  put(flow, textOp(x, y, qr.title, { size: 9.5, face: 'bold', color: COLORS.accent }));
  for (const line of lines) put(flow, textOp(x, (y -= 12.5), line.text, { size: 8, color: COLORS.muted }));
  sealPlaces(flow, [seal]);
  flow.y = top + 10 - height;
}
