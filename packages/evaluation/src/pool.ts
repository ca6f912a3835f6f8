import { sha256 } from '@noble/hashes/sha2.js';
import { canonicalBytes, concatBytes, DomainError, equalBytes, fromHex, lengthValue, toHex, utf8 } from '@qej/kernel';

export const expertFields = ['technical', 'economic', 'other'] as const;
/** 技术 / 经济 / 其他: at least two thirds of a committee are the first two ([L1] art. 37). */
export type ExpertField = (typeof expertFields)[number];

/** What the pool says about one person at the time when the pool is fixed. Closed: no further members. */
export interface PersonFacts {
  readonly personId: string;
  readonly name: string;
  readonly field: ExpertField;
  /** Codes of the expert's specialties (专业代码). */
  readonly specialties: readonly string[];
  /** Administrative division code (行政区划代码). */
  readonly region: string;
  /** Organisations with which the person has, or had within three years, an interest; unified social credit codes. */
  readonly employers: readonly string[];
  readonly isSuspended: boolean;
  /** Evaluations that the person sits on in the pool's reference period. */
  readonly workload: number;
}

/** One line of the pool, in its fixed order. Salt and leaf are 32 bytes in lower-case hex. */
export interface PoolEntry {
  readonly index: number;
  readonly salt: string;
  readonly facts: PersonFacts;
  readonly leaf: string;
}

const LEAF_LABEL = utf8('qej-pool/1');
const HASH_HEX = /^[0-9a-f]{64}$/;

function factsJson(facts: PersonFacts): Record<string, unknown> {
  const { personId, name, field, specialties, region, employers, isSuspended, workload } = facts;
  return { personId, name, field, specialties, region, employers, isSuspended, workload };
}

/** SHA-256("qej-pool/1" ‖ 0x00 ‖ LV(salt) ‖ LV(canonical JSON of the facts)). */
export function poolLeaf(saltHex: string, facts: PersonFacts): string {
  if (!HASH_HEX.test(saltHex)) throw new DomainError('E_DRAW_POOL', { detail: 'a salt is 32 bytes in hex' });
  const salted = concatBytes(lengthValue(fromHex(saltHex)), lengthValue(canonicalBytes(factsJson(facts))));
  return toHex(sha256(concatBytes(LEAF_LABEL, new Uint8Array([0]), salted)));
}

/** Fixes a pool: each person gets its place and its salted leaf. `salts` are 32 random bytes in hex, one a person. */
export function sealPool(people: readonly PersonFacts[], salts: readonly string[]): PoolEntry[] {
  if (people.length !== salts.length || new Set(salts).size !== salts.length) {
    throw new DomainError('E_DRAW_POOL', { detail: 'one salt of its own for each person' });
  }
  if (new Set(people.map((person) => person.personId)).size !== people.length) {
    throw new DomainError('E_DRAW_POOL', { detail: 'a person is listed twice' });
  }
  return people.map((facts, index) => {
    const salt = salts[index] ?? '';
    return { index, salt, facts, leaf: poolLeaf(salt, facts) };
  });
}

function treeHash(leaves: readonly Uint8Array[]): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return sha256(new Uint8Array());
  if (leaves.length === 1) return sha256(concatBytes(new Uint8Array([0]), first));
  let split = 1;
  while (split * 2 < leaves.length) split *= 2;
  return sha256(concatBytes(new Uint8Array([1]), treeHash(leaves.slice(0, split)), treeHash(leaves.slice(split))));
}

/**
 * Merkle tree hash of RFC 6962 section 2.1 over the leaves as data entries.
 * @throws DomainError `E_DRAW_POOL` for a leaf that is not 32 bytes in hex.
 */
export function poolRoot(leaves: readonly string[]): string {
  if (leaves.some((leaf) => !HASH_HEX.test(leaf)))
    throw new DomainError('E_DRAW_POOL', { detail: 'a leaf is 32 bytes in hex' });
  return toHex(treeHash(leaves.map((leaf) => fromHex(leaf))));
}

/**
 * Checks that every entry stands at its place and opens its leaf, and that the leaves have the logged root.
 * @throws DomainError `E_DRAW_POOL` for a wrong place, `E_DRAW_LEAF` for facts that are not under their leaf,
 * `E_DRAW_ROOT` when the root differs.
 */
export function checkPool(pool: readonly PoolEntry[], root: string): void {
  for (const [place, entry] of pool.entries()) {
    if (entry.index !== place)
      throw new DomainError('E_DRAW_POOL', { detail: 'wrong place', params: { index: place } });
    if (poolLeaf(entry.salt, entry.facts) !== entry.leaf)
      throw new DomainError('E_DRAW_LEAF', { params: { index: place } });
  }
  const found = fromHex(poolRoot(pool.map((entry) => entry.leaf)));
  if (!HASH_HEX.test(root) || !equalBytes(found, fromHex(root))) throw new DomainError('E_DRAW_ROOT');
}
