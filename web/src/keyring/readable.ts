import { fromUtf8 } from '@qej/kernel';

/** What the person is shown of bytes: a tree of canonical JSON, plain text, or nothing readable. */
export type Readable =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes' };

// Characters that could reorder or hide what is shown.
const UNSHOWABLE = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/;

export function readable(content: Uint8Array): Readable {
  let text: string;
  try {
    text = fromUtf8(content);
  } catch (error) {
    if (error instanceof TypeError) return { kind: 'bytes' };
    throw error;
  }
  if (UNSHOWABLE.test(text)) return { kind: 'bytes' };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return { kind: 'json', value };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { kind: 'text', text };
}

/** Lines of a tree: depth, key, value of a leaf. */
export interface TreeLine {
  readonly depth: number;
  readonly key: string;
  readonly value?: string;
}

export function treeLines(value: unknown, depth = 0): readonly TreeLine[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]): TreeLine[] =>
    typeof member === 'object' && member !== null
      ? [{ depth, key }, ...treeLines(member, depth + 1)]
      : [{ depth, key, value: typeof member === 'string' ? member : JSON.stringify(member) }],
  );
}
