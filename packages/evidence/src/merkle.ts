import { sha256 } from '@noble/hashes/sha2.js';

/** SHA-256 output length in bytes. */
export const HASH_LENGTH = 32;

/** A complete subtree: it covers the leaves from index·2^level up to (index+1)·2^level, exclusive. */
export interface NodeId {
  readonly level: number;
  readonly index: number;
}

/** The root of the empty tree (RFC 6962, 2.1). */
export const emptyRoot = (): Uint8Array => sha256(new Uint8Array());

/** RFC 6962, 2.1: SHA-256(0x00 ‖ leaf data). */
export function hashLeaf(leafData: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + leafData.length);
  input.set(leafData, 1);
  return sha256(input);
}

/** RFC 6962, 2.1: SHA-256(0x01 ‖ left ‖ right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  const input = new Uint8Array(1 + 2 * HASH_LENGTH);
  input[0] = 1;
  input.set(left, 1);
  input.set(right, 1 + HASH_LENGTH);
  return sha256(input);
}

/** The largest power of two smaller than `size` (size ≥ 2): where RFC 6962 splits a tree. */
export function splitPoint(size: number): number {
  let power = 1;
  while (power * 2 < size) power *= 2;
  return power;
}

/**
 * The complete subtrees that make up MTH(D[begin:end]), left to right; {@link foldRight} joins them.
 * `begin` is a place where a subtree of RFC 6962 may start.
 */
export function rangeNodes(begin: number, end: number): NodeId[] {
  const nodes: NodeId[] = [];
  let at = begin;
  while (at < end) {
    let level = 0;
    let width = 1;
    while (width * 2 <= end - at && at % (width * 2) === 0) {
      width *= 2;
      level += 1;
    }
    nodes.push({ level, index: at / width });
    at += width;
  }
  return nodes;
}

/** Joins the hashes of {@link rangeNodes} into the hash of their range; no hashes give the empty root. */
export function foldRight(hashes: readonly Uint8Array[]): Uint8Array {
  let joined: Uint8Array | undefined;
  for (let i = hashes.length - 1; i >= 0; i--) {
    const hash = hashes[i];
    if (hash === undefined) break;
    joined = joined === undefined ? hash : hashNode(hash, joined);
  }
  return joined ?? emptyRoot();
}

/** MTH over leaf hashes (not leaf data), computed directly. For tiles, ticks and checks of small trees. */
export function rootOfLeafHashes(leafHashes: readonly Uint8Array[]): Uint8Array {
  let row = leafHashes;
  if (row.length === 0) return emptyRoot();
  while (row.length > 1) {
    const next: Uint8Array[] = [];
    for (let i = 0; i < row.length; i += 2) {
      const [left, right] = [row[i], row[i + 1]];
      if (left !== undefined) next.push(right === undefined ? left : hashNode(left, right));
    }
    row = next;
  }
  return row[0] ?? emptyRoot();
}
