import { deflateSync } from 'node:zlib';
import { type Instant } from '@qej/kernel';
import { shortDateTime } from '../layout/dates.ts';
import { type Color, COLORS } from '../layout/flow.ts';
import { type Face, outline, textWidth } from '../layout/fonts.ts';
import { breakLines } from '../layout/line-break.ts';
import { dict, name, type PdfStream } from '../pdf/objects.ts';

/**
 * What is drawn at the place of a visible signature. `seal`: the round red seal of an organisation, its name on an arc around
 * a star. `person`: a box with a name chop, name and time. Glyphs are drawn as outlines: no font enters the increment.
 */
export type SignatureLook =
  | { readonly kind: 'seal'; readonly organisation: string; readonly caption?: string }
  | { readonly kind: 'person'; readonly name: string; readonly at: Instant; readonly zone?: string };

const n = (value: number): string => String(Math.round(value * 1000) / 1000);
const fill = (color: Color): string => `${color.map(n).join(' ')} rg`;
const stroke = (color: Color): string => `${color.map(n).join(' ')} RG`;

/** One glyph's outline in font units under the matrix [a b c d e f]; quadratic curves become cubic. */
function glyph(character: string, face: Face, matrix: readonly number[]): string {
  const { path } = outline(character, face);
  const commands = (path as unknown as { commands: { command: string; args: number[] }[] }).commands; // present at run time, missing in the types
  let [x, y] = [0, 0];
  const ops = commands.map(({ command, args }) => {
    const [a = 0, b = 0, c = 0, d = 0] = args;
    if (command === 'closePath') return 'h';
    if (command === 'quadraticCurveTo') {
      const text = `${Math.round(x + (2 / 3) * (a - x))} ${Math.round(y + (2 / 3) * (b - y))} ${Math.round(c + (2 / 3) * (a - c))} ${Math.round(d + (2 / 3) * (b - d))} ${c} ${d} c`;
      [x, y] = [c, d];
      return text;
    }
    [x, y] = [a, b];
    return `${a} ${b} ${command === 'moveTo' ? 'm' : 'l'}`;
  });
  return ops.length === 0
    ? ''
    : `q ${matrix.map((value) => String(Math.round(value * 1e6) / 1e6)).join(' ')} cm ${ops.join(' ')} f Q`;
}

function line(text: string, x: number, y: number, size: number, face: Face = 'regular'): string {
  let at = x;
  const scale = size / 1000;
  return Array.from(text)
    .map((character) => {
      const drawn = glyph(character, face, [scale, 0, 0, scale, at, y]);
      at += textWidth(character, size, face);
      return drawn;
    })
    .join('\n');
}

function circle(x: number, y: number, radius: number): string {
  const k = radius * 0.552285;
  const p = (a: number, b: number): string => `${n(x + a)} ${n(y + b)}`;
  return [
    `${p(radius, 0)} m`,
    `${p(radius, k)} ${p(k, radius)} ${p(0, radius)} c`,
    `${p(-k, radius)} ${p(-radius, k)} ${p(-radius, 0)} c`,
    `${p(-radius, -k)} ${p(-k, -radius)} ${p(0, -radius)} c`,
    `${p(k, -radius)} ${p(radius, -k)} ${p(radius, 0)} c h`,
  ].join(' ');
}

function star(x: number, y: number, radius: number): string {
  const points = Array.from({ length: 10 }, (_, index) => {
    const angle = Math.PI / 2 + (index * Math.PI) / 5;
    const length = index % 2 === 0 ? radius : radius * 0.381966;
    return `${n(x + length * Math.cos(angle))} ${n(y + length * Math.sin(angle))}`;
  });
  return `${points.map((point, index) => `${point} ${index === 0 ? 'm' : 'l'}`).join(' ')} h f`;
}

/** Names of up to 60 characters: the arc widens, then the characters narrow, as engravers do. */
function arc(organisation: string, x: number, y: number, radius: number): string {
  const characters = Array.from(organisation.replace(/\s+/g, ''));
  const count = characters.length;
  const span = Math.min(300, 100 + 12 * count) * (Math.PI / 180);
  const step = count > 1 ? span / (count - 1) : 0;
  const height = Math.min(radius * 0.27, Math.max(radius * 0.15, radius * step * 1.35));
  const foot = radius * 0.92 - height;
  const width = Math.min(height, foot * (count > 1 ? step : 1) * 1.02);
  return characters
    .map((character, index) => {
      const turn = span / 2 - index * step;
      const scaleX = width / 1000;
      const scaleY = height / 1000;
      const half = (textWidth(character, 1, 'bold') * width) / 2;
      const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
      const base = foot + height * 0.12;
      const cx = x - base * sin - half * cos;
      const cy = y + base * cos - half * sin;
      return glyph(character, 'bold', [scaleX * cos, scaleX * sin, -scaleY * sin, scaleY * cos, cx, cy]);
    })
    .join('\n');
}

function seal(organisation: string, caption: string, width: number, height: number): string {
  const [x, y] = [width / 2, height / 2];
  const radius = Math.min(width, height) / 2 - 2;
  const size = radius * 0.17;
  return [
    '/M gs',
    stroke(COLORS.seal),
    fill(COLORS.seal),
    `${n(radius * 0.045)} w ${circle(x, y, radius * 0.97)} S`,
    star(x, y + radius * 0.02, radius * 0.3),
    arc(organisation, x, y, radius * 0.94),
    line(caption, x - textWidth(caption, size, 'bold') / 2, y - radius * 0.62, size, 'bold'),
  ].join('\n');
}

/** A square name chop for names of two to four characters, read from the right column to the left. */
function chop(person: string, x: number, y: number, side: number): string {
  const characters = Array.from(person);
  if (
    characters.length < 2 ||
    characters.length > 4 ||
    !characters.every((character) => /\p{Script=Han}/u.test(character))
  )
    return '';
  const cells =
    characters.length === 2
      ? ['', characters[0], '', characters[1]]
      : characters.length === 3
        ? [characters[2], characters[0], '印', characters[1]]
        : [characters[2], characters[0], characters[3], characters[1]];
  const two = characters.length === 2;
  const size = side * 0.42;
  const drawn = cells.map((character, index) => {
    if (character === undefined || character === '') return '';
    const column = two ? 0.5 : index % 2;
    const row = Math.floor(index / 2);
    return line(character, x + side * 0.08 + column * size, y + side * 0.5 - row * size + side * 0.05, size, 'bold');
  });
  return [
    `${stroke(COLORS.seal)} ${fill(COLORS.seal)} 1.4 w ${n(x + 0.7)} ${n(y + 0.7)} ${n(side - 1.4)} ${n(side - 1.4)} re S`,
    ...drawn,
  ].join('\n');
}

function person(look: Extract<SignatureLook, { kind: 'person' }>, width: number, height: number): string {
  const side = Math.min(height - 6, 40);
  const mark = chop(look.name, 6, (height - side) / 2, side);
  const x = mark === '' ? 8 : side + 16;
  const size =
    [12, 9.5, 7.5, 6].find((candidate) => breakLines(look.name, width - x - 4, candidate, 'bold').length <= 2) ?? 5;
  const lines = breakLines(look.name, width - x - 4, size, 'bold');
  const top = height / 2 + (lines.length === 1 ? 8 : 13);
  const under = top - (lines.length - 1) * size * 1.15;
  return [
    mark,
    fill(COLORS.text),
    ...lines.map(({ text }, index) => line(text, x, top - index * size * 1.15, size, 'bold')),
    fill(COLORS.muted),
    line('电子签名 Signed electronically', x, under - 13, 7),
    line(shortDateTime(look.at, look.zone), x, under - 23, 7),
  ].join('\n');
}

/** The form XObject for a widget of the given size. @throws DomainError `E_GLYPH_MISSING` */
export function appearance(look: SignatureLook, width: number, height: number): PdfStream {
  const content =
    look.kind === 'seal'
      ? seal(look.organisation, look.caption ?? '电子印章', width, height)
      : person(look, width, height);
  return {
    kind: 'stream',
    bytes: deflateSync(Buffer.from(content, 'latin1')),
    dict: dict({
      Type: name('XObject'),
      Subtype: name('Form'),
      BBox: [0, 0, width, height],
      Resources: dict({ ExtGState: dict({ M: dict({ Type: name('ExtGState'), BM: name('Multiply') }) }) }),
      Filter: name('FlateDecode'),
    }),
  };
}
