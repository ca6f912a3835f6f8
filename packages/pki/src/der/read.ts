import { DomainError } from '@qej/kernel';

/** One TLV. `bytes` is the whole encoding, `content` what is inside; both are views of the input. */
export interface DerNode {
  readonly tag: number;
  readonly bytes: Uint8Array;
  readonly content: Uint8Array;
  readonly children: readonly DerNode[];
}

/** Identifier octets that the formats of this package use. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const;

const MAX_DEPTH = 24;
const MAX_NODES = 200_000;
const CONSTRUCTED = 0x20;

export const refuseDer = (detail: string): never => {
  throw new DomainError('E_DER', { detail });
};

interface Budget {
  nodes: number;
}

function readLength(bytes: Uint8Array, offset: number): { length: number; start: number } {
  const first = bytes[offset];
  if (first === undefined) return refuseDer('truncated length');
  if (first < 0x80) return { length: first, start: offset + 1 };
  const count = first & 0x7f;
  if (count === 0 || count > 4) return refuseDer('indefinite or oversized length');
  let length = 0;
  for (let i = 1; i <= count; i++) {
    const byte = bytes[offset + i];
    if (byte === undefined) return refuseDer('truncated length');
    length = length * 256 + byte;
  }
  if (length < 0x80 || length < 2 ** (8 * (count - 1))) return refuseDer('length is not minimal');
  return { length, start: offset + 1 + count };
}

function readNode(bytes: Uint8Array, offset: number, depth: number, budget: Budget): { node: DerNode; end: number } {
  if (depth > MAX_DEPTH || ++budget.nodes > MAX_NODES) return refuseDer('nested too deeply or too many elements');
  const tag = bytes[offset];
  if (tag === undefined) return refuseDer('truncated');
  if ((tag & 0x1f) === 0x1f || tag === 0) return refuseDer('tag is not used by these formats');
  const { length, start } = readLength(bytes, offset + 1);
  const end = start + length;
  if (end > bytes.length) return refuseDer('length runs over the end');
  const children: DerNode[] = [];
  if ((tag & CONSTRUCTED) !== 0) {
    const inner = bytes.subarray(0, end);
    for (let at = start; at < end;) {
      const child = readNode(inner, at, depth + 1, budget);
      children.push(child.node);
      at = child.end;
    }
  } else if (tag === TAG.sequence - CONSTRUCTED || tag === TAG.set - CONSTRUCTED) {
    return refuseDer('primitive SEQUENCE or SET');
  }
  return { node: { tag, bytes: bytes.subarray(offset, end), content: bytes.subarray(start, end), children }, end };
}

/**
 * Reads exactly one DER value (X.690 section 10): definite minimal lengths, nothing behind it, bounded depth and size.
 * BER is refused on purpose: one value has one spelling, so a digest names one value.
 * @throws DomainError `E_DER`
 */
export function readDer(bytes: Uint8Array): DerNode {
  const { node, end } = readNode(bytes, 0, 0, { nodes: 0 });
  if (end !== bytes.length) return refuseDer('bytes after the value');
  return node;
}

/** A cursor over the members of a SEQUENCE or SET. `end()` refuses members that nobody asked for. */
export class DerFields {
  readonly #nodes: readonly DerNode[];
  #at = 0;

  constructor(node: DerNode, tag: number = TAG.sequence) {
    if (node.tag !== tag) refuseDer(`expected tag ${tag.toString(16)}, found ${node.tag.toString(16)}`);
    this.#nodes = node.children;
  }

  get more(): boolean {
    return this.#at < this.#nodes.length;
  }

  peek(): DerNode | undefined {
    return this.#nodes[this.#at];
  }

  any(): DerNode {
    return this.#nodes[this.#at++] ?? refuseDer('member missing');
  }

  next(tag: number): DerNode {
    const node = this.any();
    return node.tag === tag ? node : refuseDer(`expected tag ${tag.toString(16)}, found ${node.tag.toString(16)}`);
  }

  optional(tag: number): DerNode | undefined {
    return this.peek()?.tag === tag ? this.any() : undefined;
  }

  end(): void {
    if (this.more) refuseDer('unexpected member');
  }
}

/** The one child of an explicitly tagged value. */
export function onlyChild(node: DerNode): DerNode {
  const [child, ...rest] = node.children;
  return child === undefined || rest.length > 0 ? refuseDer('expected exactly one inner value') : child;
}
