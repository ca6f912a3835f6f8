import qrcode from 'qrcode';
import { type Flow, type Op, PAGE, CONTENT_WIDTH, put, textOp, COLORS, ensureRoom } from './flow.ts';
import { breakLines } from './line-break.ts';

/** The modules of a QR code as runs of dark cells, drawn as vectors. Error correction M. */
export function qrOp(text: string, x: number, y: number, side: number): Op {
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

/** A QR code at the left with an explanation at its right. */
export function qrBlock(flow: Flow, payload: string, lines: { readonly title: string; readonly text: string }): void {
  const side = payload.length > 300 ? 128 : 92;
  ensureRoom(flow, side + 20);
  flow.y -= side + 10;
  put(flow, qrOp(payload, PAGE.left + 4, flow.y + 4, side - 8));
  const x = PAGE.left + side + 14;
  let y = flow.y + side - 18;
  put(flow, textOp(x, y, lines.title, { size: 10, face: 'bold', color: COLORS.accent }));
  for (const line of breakLines(lines.text, CONTENT_WIDTH - side - 20, 8.5)) {
    y -= 13.5;
    put(flow, textOp(x, y, line.text, { size: 8.5, color: COLORS.muted }));
  }
  flow.y -= 6;
}
