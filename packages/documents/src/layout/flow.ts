import { type Instant } from '@qej/kernel';
import { type Face, textWidth } from './fonts.ts';

/** RGB, each 0–1. */
export type Color = readonly [number, number, number];

const hex = (text: string): Color => {
  const value = Number.parseInt(text, 16);
  return [(value >> 16) / 255, ((value >> 8) & 255) / 255, (value & 255) / 255];
};

/** The colours of the house on paper; red belongs to seals and the demo banner alone. */
export const COLORS = {
  text: hex('1F2A33'),
  muted: hex('5B6872'),
  accent: hex('084C55'),
  tint: hex('E6F3F4'),
  rule: hex('B9C6CE'),
  paleRule: hex('D9E1E6'),
  seal: hex('B3261E'),
  amber: hex('9A6700'),
  amberTint: hex('FFF4DC'),
  white: hex('FFFFFF'),
  black: hex('000000'),
} as const;

/** A4 in points. */
export const PAGE = { width: 595.28, height: 841.89, left: 60, right: 60, top: 78, bottom: 70 } as const;
export const CONTENT_WIDTH = PAGE.width - PAGE.left - PAGE.right;

/** Uncompressed RGB, 8 bits a component, rows from the top. */
export interface Picture {
  readonly columns: number;
  readonly rows: number;
  readonly rgb: Uint8Array;
}

export type Op =
  | {
      readonly kind: 'text';
      readonly x: number;
      readonly y: number;
      readonly text: string;
      readonly size: number;
      readonly face: Face;
      readonly color: Color;
      readonly spacing: number;
    }
  | {
      readonly kind: 'line';
      readonly x1: number;
      readonly y1: number;
      readonly x2: number;
      readonly y2: number;
      readonly thickness: number;
      readonly color: Color;
    }
  | {
      readonly kind: 'rect';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly fill?: Color;
      readonly stroke?: Color;
      readonly thickness?: number;
    }
  | {
      readonly kind: 'modules';
      readonly x: number;
      readonly y: number;
      readonly side: number;
      readonly rows: readonly (readonly [start: number, length: number][])[];
    }
  | {
      readonly kind: 'image';
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
      readonly picture: Picture;
    };

/** A named place for a visible signature; written into the PDF so that signing needs no coordinates. */
export interface Anchor {
  readonly name: string;
  /** Zero-based. */
  readonly page: number;
  /** Lower left x, lower left y, upper right x, upper right y, in points. */
  readonly rect: readonly [number, number, number, number];
}

/** What every document of the platform states about itself. */
export interface DocumentFrame {
  /** Code of this document, e.g. `QD-2026-0007-KB-01`; printed in the footer. */
  readonly code: string;
  /** Name of the platform, printed on each page. */
  readonly platform: string;
  readonly issuedAt: Instant;
  /** Lower-case hex SHA-256 of the data that the document was made from. */
  readonly dataHash: string;
  /** IANA zone in which times are printed; Asia/Shanghai by default. */
  readonly zone?: string;
}

export interface RenderOptions {
  /** Prints the banner "demo rules, not the law" on each page. */
  readonly demo: boolean;
}

export interface Flow {
  readonly frame: DocumentFrame;
  readonly titles: { readonly zh: string; readonly en: string };
  readonly demo: boolean;
  readonly pages: Op[][];
  readonly anchors: Anchor[];
  /** Upper edge of the free space on the last page, in points from the bottom. */
  y: number;
}

const TOP = PAGE.height - PAGE.top;

export function startFlow(frame: DocumentFrame, titles: { zh: string; en: string }, options: RenderOptions): Flow {
  return { frame, titles, demo: options.demo, pages: [[]], anchors: [], y: TOP };
}

export function newPage(flow: Flow): void {
  flow.pages.push([]);
  flow.y = TOP;
}

export const roomLeft = (flow: Flow): number => flow.y - PAGE.bottom;

/** Starts a new page unless `height` points are free; what is higher than a page starts on a fresh one. */
export function ensureRoom(flow: Flow, height: number): void {
  if (roomLeft(flow) < height && flow.y < TOP) newPage(flow);
}

export function put(flow: Flow, ...ops: readonly Op[]): void {
  flow.pages.at(-1)?.push(...ops);
}

export interface TextStyle {
  readonly size: number;
  readonly face?: Face;
  readonly color?: Color;
  readonly spacing?: number;
}

export const textOp = (x: number, y: number, text: string, style: TextStyle): Op => ({
  kind: 'text',
  x,
  y,
  text,
  size: style.size,
  face: style.face ?? 'regular',
  color: style.color ?? COLORS.text,
  spacing: style.spacing ?? 0,
});

export type Align = 'left' | 'center' | 'right';

/** Text set against the left edge, the middle or the right edge of a box that begins at `x`. */
export function alignedOp(
  box: { x: number; width: number },
  y: number,
  text: string,
  style: TextStyle & { align: Align },
): Op {
  const slack = box.width - textWidth(text, style.size, style.face);
  const shift = style.align === 'right' ? slack : style.align === 'center' ? slack / 2 : 0;
  return textOp(box.x + shift, y, text, style);
}

export const lineOp = (
  x1: number,
  y1: number,
  x2: number,
  y2: number,
  color: Color = COLORS.rule,
  thickness = 0.5,
): Op => ({
  kind: 'line',
  x1,
  y1,
  x2,
  y2,
  color,
  thickness,
});
