import { equalBytes } from '@qej/kernel';
import { refuse } from './errors.ts';
import { foldRight, hashNode, rangeNodes, splitPoint, HASH_LENGTH, type NodeId } from './merkle.ts';

/** One list of complete subtrees per proof element; a list of several is joined by folding from the right. */
export type ProofPlan = readonly (readonly NodeId[])[];
/** Reads hashes of complete subtrees, in the order asked. */
export type ReadNodes = (nodes: readonly NodeId[]) => Promise<readonly Uint8Array[]>;

/** RFC 6962, 2.1.1 PATH(index, D[size]). */
export function planInclusion(index: number, size: number): ProofPlan {
  if (index < 0 || index >= size) refuse('E_LOG_INCLUSION', `leaf ${index} is not in a tree of ${size}`);
  const plan: NodeId[][] = [];
  let [begin, end] = [0, size];
  while (end - begin > 1) {
    const middle = begin + splitPoint(end - begin);
    if (index < middle) {
      plan.push(rangeNodes(middle, end));
      end = middle;
    } else {
      plan.push(rangeNodes(begin, middle));
      begin = middle;
    }
  }
  return plan.reverse();
}

/** RFC 6962, 2.1.2 PROOF(oldSize, D[size]). Empty from 0 and between equal sizes. */
export function planConsistency(oldSize: number, size: number): ProofPlan {
  if (oldSize < 0 || oldSize > size) refuse('E_LOG_CONSISTENCY', `no proof from ${oldSize} to ${size}`);
  if (oldSize === 0 || oldSize === size) return [];
  const plan: NodeId[][] = [];
  let [begin, end] = [0, size];
  while (end !== oldSize) {
    const middle = begin + splitPoint(end - begin);
    if (oldSize <= middle) {
      plan.push(rangeNodes(middle, end));
      end = middle;
    } else {
      plan.push(rangeNodes(begin, middle));
      begin = middle;
    }
  }
  if (begin > 0) plan.push(rangeNodes(begin, end));
  return plan.reverse();
}

/** Turns a plan into proof hashes with one read. */
export async function readProof(plan: ProofPlan, readNodes: ReadNodes): Promise<Uint8Array[]> {
  const hashes = await readNodes(plan.flat());
  let at = 0;
  return plan.map((nodes) => {
    const own = hashes.slice(at, at + nodes.length);
    at += nodes.length;
    if (own.length !== nodes.length) throw new Error('readNodes returned too few hashes');
    return foldRight(own);
  });
}

export interface InclusionInput {
  /** hashLeaf(leaf data), not the data. */
  readonly leafHash: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

const wellFormed = (hashes: readonly Uint8Array[]): boolean => hashes.every((hash) => hash.length === HASH_LENGTH);

/**
 * RFC 9162, 2.1.3.2 (the same tree as RFC 6962).
 * @throws DomainError `E_LOG_INCLUSION`
 */
export function verifyInclusion({ leafHash, index, size, proof, root }: InclusionInput): void {
  const bad = (why: string): never => refuse('E_LOG_INCLUSION', why);
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size)
    bad('index outside the tree');
  if (!wellFormed([leafHash, root, ...proof])) bad('a hash has the wrong length');
  let [at, last, hash] = [index, size - 1, leafHash];
  for (const sibling of proof) {
    if (last === 0) bad('proof is too long');
    if (at % 2 === 1 || at === last) {
      hash = hashNode(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = hashNode(hash, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  if (last !== 0) bad('proof is too short');
  if (!equalBytes(hash, root)) bad('proof does not lead to the root');
}

export interface ConsistencyInput {
  readonly oldSize: number;
  readonly oldRoot: Uint8Array;
  readonly size: number;
  readonly root: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * RFC 9162, 2.1.4.2. From an empty tree nothing is proved, so `oldSize` 0 with a larger tree is refused.
 * @throws DomainError `E_LOG_CONSISTENCY`
 */
export function verifyConsistency({ oldSize, oldRoot, size, root, proof }: ConsistencyInput): void {
  const bad = (why: string): never => refuse('E_LOG_CONSISTENCY', why);
  if (!Number.isSafeInteger(oldSize) || !Number.isSafeInteger(size) || oldSize < 0 || oldSize > size)
    bad('sizes are not in order');
  if (!wellFormed([oldRoot, root, ...proof])) bad('a hash has the wrong length');
  if (oldSize === size) {
    if (proof.length > 0) bad('proof between equal sizes is not empty');
    if (!equalBytes(oldRoot, root)) bad('equal sizes with different roots');
    return;
  }
  if (oldSize === 0) bad('nothing can be proved from an empty tree');
  if (proof.length === 0) bad('proof is empty');
  walkConsistency({ oldSize, oldRoot, size, root, proof });
}

function walkConsistency({ oldSize, oldRoot, size, root, proof }: ConsistencyInput): void {
  const bad = (why: string): never => refuse('E_LOG_CONSISTENCY', why);
  let [at, last] = [oldSize - 1, size - 1];
  while (at % 2 === 1) [at, last] = [(at - 1) / 2, Math.floor(last / 2)];
  // A power of two: the old root is itself the first element of the path.
  const path = at === 0 ? [oldRoot, ...proof] : proof;
  const [first = oldRoot, ...rest] = path;
  let [oldHash, hash] = [first, first];
  for (const sibling of rest) {
    if (last === 0) bad('proof is too long');
    if (at % 2 === 1 || at === last) {
      oldHash = hashNode(sibling, oldHash);
      hash = hashNode(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = hashNode(hash, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  if (last !== 0) bad('proof is too short');
  if (!equalBytes(oldHash, oldRoot)) bad('proof does not lead to the old root');
  if (!equalBytes(hash, root)) bad('proof does not lead to the new root');
}
