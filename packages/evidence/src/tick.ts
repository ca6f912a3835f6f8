import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import {
  concatBytes,
  formatInstant,
  fromHex,
  lengthValue,
  toHex,
  u32be,
  u64be,
  utf8,
  type Instant,
  type Secret,
} from '@qej/kernel';
import type { EntryBody } from './entry.ts';
import { elementAt } from './element-at.ts';
import { refuse } from './errors.ts';
import { closedObject, countMember, parsed, textMember } from './members.ts';
import { HASH_LENGTH, hashLeaf, hashNode } from './merkle.ts';
import { verifyInclusion } from './proof.ts';

/** Levels below the tick's root. */
export const TICK_DEPTH = 10;
/** Acts that fit in one tick. */
export const TICK_SLOTS = 1024;

/** An act as the tick hides it: hash of what happened and 32 random bytes that only the parties get. */
export interface TickAct {
  readonly hash: Uint8Array;
  readonly salt: Uint8Array;
}

export interface TickPlacement<Act extends TickAct> {
  readonly act: Act;
  readonly slot: number;
  /** Ten sibling hashes, from the slot upwards. */
  readonly proof: readonly Uint8Array[];
}

export interface Tick<Act extends TickAct> {
  readonly seq: number;
  readonly root: Uint8Array;
  readonly placements: readonly TickPlacement<Act>[];
  /** Those that did not fit, in their order: they go first into the next tick. */
  readonly rest: readonly Act[];
}

/** Fills `length` bytes with randomness; injected so that vectors can be made. */
export type RandomBytes = (length: number) => Uint8Array;

const label = (name: string): Uint8Array => concatBytes(utf8(name), Uint8Array.of(0));
const ACT = label('qej-tick-act/1');
const SLOT = label('qej-tick-slot/1');

/** SHA-256("qej-tick-act/1" ‖ 0x00 ‖ LV(salt) ‖ LV(act hash)). */
function actSlotValue({ hash, salt }: TickAct): Uint8Array {
  if (hash.length !== HASH_LENGTH || salt.length !== HASH_LENGTH)
    refuse('E_TICK_FORMAT', 'act hash and salt have 32 bytes');
  return sha256(concatBytes(ACT, lengthValue(salt), lengthValue(hash)));
}

/** HMAC-SHA-256(key, "qej-tick-slot/1" ‖ 0x00 ‖ u64be seq ‖ u32be slot): looks like a salted act to who lacks the key. */
const fillerSlotValue = (key: Uint8Array, seq: number, slot: number): Uint8Array =>
  hmac(sha256, key, concatBytes(SLOT, u64be(seq), u32be(slot)));

/** A uniform number below `limit` (≤ 65,536) by rejection. */
function uniformBelow(limit: number, random: RandomBytes): number {
  const bound = 0x10000 - (0x10000 % limit);
  for (;;) {
    const [high = 0, low = 0] = random(2);
    const value = high * 256 + low;
    if (value < bound) return value % limit;
  }
}

/** `count` distinct slots in random order: the head of a Fisher–Yates shuffle. */
function drawSlots(count: number, random: RandomBytes): number[] {
  const slots = Array.from({ length: TICK_SLOTS }, (_, slot) => slot);
  for (let i = 0; i < count; i++) {
    const j = i + uniformBelow(TICK_SLOTS - i, random);
    [slots[i], slots[j]] = [elementAt(slots, j), elementAt(slots, i)];
  }
  return slots.slice(0, count);
}

interface PlacedAct {
  readonly act: TickAct;
  readonly slot: number;
}

/** Rows of the full tree: the 1,024 slots' leaf hashes first, the root's row last. */
function treeRows(placed: readonly PlacedAct[], prfKey: Secret<Uint8Array>, seq: number): Uint8Array[][] {
  const key = prfKey.reveal();
  if (key.length !== HASH_LENGTH) refuse('E_TICK_FORMAT', 'the PRF key has 32 bytes');
  const bySlot = new Map(placed.map(({ act, slot }) => [slot, act]));
  if (bySlot.size !== placed.length) refuse('E_TICK_FORMAT', 'two acts in one slot');
  let row = Array.from({ length: TICK_SLOTS }, (_, slot) => {
    const act = bySlot.get(slot);
    return hashLeaf(act === undefined ? fillerSlotValue(key, seq, slot) : actSlotValue(act));
  });
  const rows = [row];
  while (row.length > 1) {
    const below = row;
    row = Array.from({ length: below.length / 2 }, (_, i) =>
      hashNode(elementAt(below, 2 * i), elementAt(below, 2 * i + 1)),
    );
    rows.push(row);
  }
  return rows;
}

const proofOf = (rows: readonly (readonly Uint8Array[])[], slot: number): Uint8Array[] =>
  rows.slice(0, TICK_DEPTH).map((row, level) => elementAt(row, Math.floor(slot / 2 ** level) ^ 1)); // below the root each node has a sibling

/**
 * The tree of one tick: always 1,024 filled slots, so that neither size nor shape tells how many acts there were.
 * @param input.prfKey 32 bytes, kept outside database and backups
 * @param input.seq    number of the tick, counted from 0 over the life of the log
 */
export function buildTick<Act extends TickAct>(input: {
  readonly acts: readonly Act[];
  readonly prfKey: Secret<Uint8Array>;
  readonly seq: number;
  readonly random: RandomBytes;
}): Tick<Act> {
  const { acts, seq } = input;
  const taken = acts.slice(0, TICK_SLOTS);
  const slots = drawSlots(taken.length, input.random);
  const placed = taken.map((act, i) => ({ act, slot: elementAt(slots, i) })); // one slot was drawn per act
  const rows = treeRows(placed, input.prfKey, seq);
  const placements = placed.map((one) => ({ ...one, proof: proofOf(rows, one.slot) }));
  return { seq, root: elementAt(elementAt(rows, TICK_DEPTH), 0), placements, rest: acts.slice(TICK_SLOTS) }; // the last row is the root alone
}

/**
 * The proof of one slot, built again from all acts of the tick and the PRF key: for whoever did not keep the
 * proofs that {@link buildTick} returned.
 */
export function tickProof(input: {
  readonly placed: readonly PlacedAct[];
  readonly prfKey: Secret<Uint8Array>;
  readonly seq: number;
  readonly slot: number;
}): Uint8Array[] {
  if (!Number.isInteger(input.slot) || input.slot < 0 || input.slot >= TICK_SLOTS)
    refuse('E_TICK_PROOF', 'no slot of a tick');
  return proofOf(treeRows(input.placed, input.prfKey, input.seq), input.slot);
}

/** The leaf body of a tick; `commitEntry` makes the leaf. */
export function tickBody(tick: { readonly seq: number; readonly root: Uint8Array }, at: Instant): EntryBody {
  return { v: 1, type: 'tick', at: formatInstant(at), seq: tick.seq, root: toHex(tick.root) };
}

/** @throws DomainError `E_TICK_FORMAT` */
export function parseTickBody(body: EntryBody): { readonly seq: number; readonly root: Uint8Array } {
  const object = closedObject(body, { required: ['v', 'type', 'at', 'seq', 'root'] }, 'E_TICK_FORMAT');
  if (object['type'] !== 'tick') refuse('E_TICK_FORMAT', 'not a tick');
  const root = parsed(() => fromHex(textMember(object, 'root', 'E_TICK_FORMAT')), 'E_TICK_FORMAT', 'root is not hex');
  if (root.length !== HASH_LENGTH) refuse('E_TICK_FORMAT', 'root is not 32 bytes');
  return { seq: countMember(object, 'seq', 'E_TICK_FORMAT'), root };
}

/** @throws DomainError `E_TICK_PROOF` unless the act is in that slot of the tick with this root. */
export function verifyTickProof(input: {
  readonly act: TickAct;
  readonly slot: number;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}): void {
  const { slot, proof, root } = input;
  if (proof.length !== TICK_DEPTH || !Number.isInteger(slot) || slot < 0 || slot >= TICK_SLOTS)
    refuse('E_TICK_PROOF', 'no slot of a tick');
  const leafHash = hashLeaf(actSlotValue(input.act));
  try {
    verifyInclusion({ leafHash, index: slot, size: TICK_SLOTS, proof, root });
  } catch (cause) {
    refuse('E_TICK_PROOF', 'the act is not in this tick', cause);
  }
}
