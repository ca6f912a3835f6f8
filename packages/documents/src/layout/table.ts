import { DomainError } from '@qej/kernel';
import {
  type Align,
  alignedOp,
  COLORS,
  CONTENT_WIDTH,
  ensureRoom,
  type Flow,
  lineOp,
  newPage,
  PAGE,
  put,
  roomLeft,
} from './flow.ts';
import { type BrokenLine, breakLines } from './line-break.ts';
import { type Face } from './fonts.ts';

export interface Column {
  readonly zh: string;
  readonly en?: string;
  /** Share of the width; only the ratio between columns counts. */
  readonly weight: number;
  readonly align?: Align;
  readonly face?: Face;
}

interface TableSpec {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
  /** Rows set in bold on a tint, such as sums. */
  readonly emphasised?: ReadonlySet<number>;
  readonly size?: number;
}

interface Cell {
  readonly x: number;
  readonly width: number;
  readonly column: Column;
}

const PAD_X = 4;
const PAD_Y = 3.5;
const LEAD = 1.45;

function cells(columns: readonly Column[]): Cell[] {
  const total = columns.reduce((sum, column) => sum + column.weight, 0);
  let x: number = PAGE.left;
  return columns.map((column) => {
    const width = (CONTENT_WIDTH * column.weight) / total;
    const cell = { x, width, column };
    x += width;
    return cell;
  });
}

function grid(flow: Flow, layout: readonly Cell[], top: number, bottom: number): void {
  put(flow, lineOp(PAGE.left, bottom, PAGE.left + CONTENT_WIDTH, bottom, COLORS.rule));
  for (const cell of layout) put(flow, lineOp(cell.x, top, cell.x, bottom, COLORS.paleRule));
  const edge = PAGE.left + CONTENT_WIDTH;
  put(flow, lineOp(edge, top, edge, bottom, COLORS.paleRule));
}

interface Head {
  readonly height: number;
  readonly draw: () => void;
}

function head(flow: Flow, layout: readonly Cell[], size: number): Head {
  const small = Math.min(7, size - 1);
  const parts = layout.map(({ width, column }) => ({
    zh: breakLines(column.zh, width - 2 * PAD_X, size, 'bold'),
    en: column.en === undefined ? [] : breakLines(column.en, width - 2 * PAD_X, small),
  }));
  const height = 2 * PAD_Y + Math.max(...parts.map(({ zh, en }) => zh.length * size * LEAD + en.length * small * 1.3));
  const draw = (): void => {
    const top = flow.y;
    flow.y -= height;
    put(flow, { kind: 'rect', x: PAGE.left, y: flow.y, width: CONTENT_WIDTH, height, fill: COLORS.tint });
    put(flow, lineOp(PAGE.left, top, PAGE.left + CONTENT_WIDTH, top, COLORS.accent, 1));
    for (const [index, { x, width, column }] of layout.entries()) {
      const box = { x: x + PAD_X, width: width - 2 * PAD_X };
      const align = column.align ?? 'left';
      let y = top - PAD_Y;
      for (const line of parts[index]?.zh ?? []) {
        y -= size * LEAD;
        put(flow, alignedOp(box, y + size * 0.32, line.text, { size, face: 'bold', color: COLORS.accent, align }));
      }
      for (const line of parts[index]?.en ?? []) {
        y -= small * 1.3;
        put(flow, alignedOp(box, y + small * 0.3, line.text, { size: small, color: COLORS.muted, align }));
      }
    }
    grid(flow, layout, top, flow.y);
  };
  return { height, draw };
}

interface RowStyle {
  readonly size: number;
  readonly bold: boolean;
}

function drawSlice(
  flow: Flow,
  layout: readonly Cell[],
  lines: readonly (readonly BrokenLine[])[],
  style: RowStyle,
): void {
  const leading = style.size * LEAD;
  const count = Math.max(1, ...lines.map((cell) => cell.length));
  const top = flow.y;
  flow.y -= count * leading + 2 * PAD_Y;
  if (style.bold) {
    put(flow, { kind: 'rect', x: PAGE.left, y: flow.y, width: CONTENT_WIDTH, height: top - flow.y, fill: COLORS.tint });
  }
  for (const [index, { x, width, column }] of layout.entries()) {
    const face = style.bold ? 'bold' : (column.face ?? 'regular');
    for (const [row, line] of (lines[index] ?? []).entries()) {
      const y = top - PAD_Y - (row + 1) * leading + style.size * 0.32;
      const box = { x: x + PAD_X, width: width - 2 * PAD_X };
      put(flow, alignedOp(box, y, line.text, { size: style.size, face, align: column.align ?? 'left' }));
    }
  }
  grid(flow, layout, top, flow.y);
}

/**
 * A grid with wrapping cells. The head is repeated on each page; a row moves to the next page whole unless it is higher
 * than a page, then it is cut between lines.
 * @throws DomainError `E_CONTENT` when a row has not as many cells as there are columns
 */
export function table(flow: Flow, spec: TableSpec): void {
  const size = spec.size ?? 9;
  const layout = cells(spec.columns);
  const top = head(flow, layout, size);
  ensureRoom(flow, top.height + 3 * size * LEAD + 2 * PAD_Y);
  flow.y -= 4;
  top.draw();
  for (const [index, row] of spec.rows.entries()) {
    if (row.length !== layout.length)
      throw new DomainError('E_CONTENT', { detail: 'row and columns differ in number' });
    const bold = spec.emphasised?.has(index) === true;
    const face = (column: Column): Face => (bold ? 'bold' : (column.face ?? 'regular'));
    let lines = layout.map(({ width, column }, at) => breakLines(row[at] ?? '', width - 2 * PAD_X, size, face(column)));
    const count = Math.max(...lines.map((cell) => cell.length));
    const whole = count * size * LEAD + 2 * PAD_Y;
    const page = PAGE.height - PAGE.top - PAGE.bottom - top.height;
    if (whole > roomLeft(flow) && (whole <= page || roomLeft(flow) < 80)) {
      newPage(flow);
      top.draw();
    }
    while (lines.some((cell) => cell.length > 0)) {
      const fit = Math.max(1, Math.floor((roomLeft(flow) - 2 * PAD_Y) / (size * LEAD)));
      drawSlice(
        flow,
        layout,
        lines.map((cell) => cell.slice(0, fit)),
        { size, bold },
      );
      lines = lines.map((cell) => cell.slice(fit));
      if (lines.some((cell) => cell.length > 0)) {
        newPage(flow);
        top.draw();
      }
    }
  }
  flow.y -= 8;
}
