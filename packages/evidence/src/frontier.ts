import { foldRight, hashNode, rangeNodes, type NodeId } from './merkle.ts';

/** A complete subtree with its hash, as {@link MemoryFrontier.append} finishes it. */
export interface NodeHash extends NodeId {
  readonly hash: Uint8Array;
}

/**
 * The right edge of a tree: one hash per set bit of its size. Appending and the root cost O(log n) and
 * need nothing else of the log.
 */
export class MemoryFrontier {
  #size: number;
  /** Highest subtree first, as {@link rangeNodes}(0, size) lists them. */
  readonly #hashes: Uint8Array[];

  private constructor(size: number, hashes: readonly Uint8Array[]) {
    this.#size = size;
    this.#hashes = [...hashes];
  }

  static empty(): MemoryFrontier {
    return new MemoryFrontier(0, []);
  }

  /** @param hashes of the nodes that {@link frontierNodes}(size) names, in that order. */
  static restore(size: number, hashes: readonly Uint8Array[]): MemoryFrontier {
    if (hashes.length !== frontierNodes(size).length)
      throw new Error('a frontier needs one hash per set bit of its size');
    return new MemoryFrontier(size, hashes);
  }

  get size(): number {
    return this.#size;
  }

  get hashes(): readonly Uint8Array[] {
    return [...this.#hashes];
  }

  clone(): MemoryFrontier {
    return new MemoryFrontier(this.#size, this.#hashes);
  }

  root(): Uint8Array {
    return foldRight(this.#hashes);
  }

  /** Adds a leaf hash; returns the subtrees that it completes, the leaf itself first, upwards. */
  append(leafHash: Uint8Array): NodeHash[] {
    let node: NodeHash = { level: 0, index: this.#size, hash: leafHash };
    const completed = [node];
    while (node.index % 2 === 1) {
      const left = this.#hashes.pop();
      if (left === undefined) throw new Error('a frontier lost its left neighbour');
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash: hashNode(left, node.hash) };
      completed.push(node);
    }
    this.#hashes.push(node.hash);
    this.#size += 1;
    return completed;
  }
}

/** The nodes whose hashes restore the frontier of a tree of `size` leaves. */
export const frontierNodes = (size: number): NodeId[] => rangeNodes(0, size);
