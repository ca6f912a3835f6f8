import {
  drawObject,
  type PDFFont,
  type PDFPage,
  type PDFRef,
  popGraphicsState,
  pushGraphicsState,
  rgb,
  scale,
  setCharacterSpacing,
  translate,
} from 'pdf-lib';
import { type Color, COLORS, type Op, type Picture } from './flow.ts';
import { type Face } from './fonts.ts';

const paint = (color: Color): ReturnType<typeof rgb> => rgb(...color);

interface Tools {
  readonly fonts: Readonly<Record<Face, PDFFont>>;
  readonly images: ReadonlyMap<Picture, PDFRef>;
}

type OpOf<Kind extends Op['kind']> = Extract<Op, { readonly kind: Kind }>;

function text(page: PDFPage, op: OpOf<'text'>, { fonts }: Tools): void {
  if (op.spacing !== 0) page.pushOperators(pushGraphicsState(), setCharacterSpacing(op.spacing));
  page.drawText(op.text, { x: op.x, y: op.y, size: op.size, font: fonts[op.face], color: paint(op.color) });
  if (op.spacing !== 0) page.pushOperators(popGraphicsState());
}

function line(page: PDFPage, op: OpOf<'line'>): void {
  const [start, end] = [
    { x: op.x1, y: op.y1 },
    { x: op.x2, y: op.y2 },
  ];
  page.drawLine({ start, end, thickness: op.thickness, color: paint(op.color) });
}

function rect(page: PDFPage, { x, y, width, height, fill, stroke, thickness }: OpOf<'rect'>): void {
  page.drawRectangle({
    x,
    y,
    width,
    height,
    ...(fill === undefined ? {} : { color: paint(fill) }),
    ...(stroke === undefined ? {} : { borderColor: paint(stroke), borderWidth: thickness ?? 0.5 }),
  });
}

function modules(page: PDFPage, op: OpOf<'modules'>): void {
  const runs = op.rows.flatMap((row, index) =>
    row.map(([from, length]) => `M${from} ${index}h${length}v1h-${length}z`),
  );
  const color = paint(COLORS.black);
  page.drawSvgPath(runs.join(''), { x: op.x, y: op.y + op.side, scale: op.side / op.rows.length, color });
}

function image(page: PDFPage, op: OpOf<'image'>, { images }: Tools): void {
  const embedded = images.get(op.picture);
  if (embedded === undefined) throw new Error('picture was not embedded');
  const key = page.node.newXObject('Image', embedded);
  const placed = [translate(op.x, op.y), scale(op.width, op.height), drawObject(key)];
  page.pushOperators(pushGraphicsState(), ...placed, popGraphicsState());
}

/** Draws one recorded operation on a page. */
export function play(page: PDFPage, op: Op, tools: Tools): void {
  if (op.kind === 'text') text(page, op, tools);
  else if (op.kind === 'line') line(page, op);
  else if (op.kind === 'rect') rect(page, op);
  else if (op.kind === 'modules') modules(page, op);
  else image(page, op, tools);
}
