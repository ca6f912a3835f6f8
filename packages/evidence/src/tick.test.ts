import { createHmac } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { DomainError, instant, Secret } from '@qej/kernel';
import { mth } from '../test/reference-tree.ts';
import {
  buildTick,
  commitEntry,
  parseTickBody,
  TICK_SLOTS,
  tickBody,
  tickProof,
  verifyTickProof,
  type TickAct,
} from './index.ts';

const random = (length: number): Uint8Array => globalThis.crypto.getRandomValues(new Uint8Array(length));
const prfKey = new Secret<Uint8Array>(new Uint8Array(32).fill(1));
const acts = (count: number): TickAct[] =>
  Array.from({ length: count }, () => ({ hash: random(32), salt: random(32) }));

test('an empty tick is the RFC 6962 tree over 1,024 HMAC outputs, as node:crypto counts it', (t) => {
  const slot = (i: number): Uint8Array => {
    const tail = Buffer.alloc(12);
    tail.writeBigUInt64BE(9n);
    tail.writeUInt32BE(i, 8);
    return new Uint8Array(createHmac('sha256', prfKey.reveal()).update('qej-tick-slot/1\0').update(tail).digest());
  };
  const tick = buildTick({ acts: [], prfKey, seq: 9, random });
  t.deepEqual(tick.root, mth(Array.from({ length: TICK_SLOTS }, (_, i) => slot(i))));
});

test('every act of a tick has a proof of ten hashes that verifies, in a slot of its own', (t) => {
  for (const count of [1, 2, 37, 1024]) {
    const tick = buildTick({ acts: acts(count), prfKey, seq: 3, random });
    t.is(new Set(tick.placements.map(({ slot }) => slot)).size, count);
    for (const { act, slot, proof } of tick.placements) {
      t.is(proof.length, 10);
      verifyTickProof({ act, slot, proof, root: tick.root });
    }
  }
});

test('acts beyond 1,024 wait for the next tick in their order', (t) => {
  const all = acts(1030);
  const tick = buildTick({ acts: all, prfKey, seq: 0, random });
  t.is(tick.placements.length, 1024);
  t.deepEqual(tick.rest, all.slice(1024));
});

test('a proof built again from the stored places is the one given out', (t) => {
  const tick = buildTick({ acts: acts(20), prfKey, seq: 5, random });
  for (const { slot, proof } of tick.placements)
    t.deepEqual(tickProof({ placed: tick.placements, prfKey, seq: 5, slot }), proof);
});

test('any flipped bit of act, salt, proof or root is refused, and so is another slot', (t) => {
  const tick = buildTick({ acts: acts(3), prfKey, seq: 5, random });
  const { act, slot, proof } = tick.placements[1]!;
  const good = { act, slot, proof, root: tick.root };
  const flip = (bytes: Uint8Array, bit: number): Uint8Array =>
    bytes.with(bit >> 3, bytes[bit >> 3]! ^ (1 << (bit & 7)));
  const refused = { instanceOf: DomainError, code: 'E_TICK_PROOF' };
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), fc.nat({ max: 12 }), (bit, part) => {
      const bad = [
        { ...good, act: { ...act, hash: flip(act.hash, bit) } },
        { ...good, act: { ...act, salt: flip(act.salt, bit) } },
        { ...good, root: flip(tick.root, bit) },
      ][part] ?? { ...good, proof: proof.with(part - 3, flip(proof[part - 3]!, bit)) };
      t.throws(() => verifyTickProof(bad), refused);
    }),
  );
  t.throws(() => verifyTickProof({ ...good, slot: slot ^ 1 }), refused);
  for (const other of [-1, 1024, 0.5]) t.throws(() => verifyTickProof({ ...good, slot: other }), refused);
});

test('places are drawn at random over all slots: in twenty ticks of a hundred acts no quarter is favoured', (t) => {
  const quarters = [0, 0, 0, 0];
  for (let seq = 0; seq < 20; seq++) {
    for (const { slot } of buildTick({ acts: acts(100), prfKey, seq, random }).placements)
      quarters[Math.floor(slot / 256)]! += 1;
  }
  // 2,000 draws, 500 expected, standard deviation 19: six of them.
  for (const count of quarters) t.true(Math.abs(count - 500) < 116, String(quarters));
});

test('the tick’s leaf says version, time, number and root, and is the same length whatever happened', (t) => {
  const at = instant(Date.UTC(2026, 10, 23, 5));
  const [quiet, busy] = [[], acts(900)].map((some) => tickBody(buildTick({ acts: some, prfKey, seq: 12, random }), at));
  t.deepEqual(parseTickBody(quiet!).seq, 12);
  const lengthOf = (body: typeof quiet): number => commitEntry(body!, new Uint8Array(32)).body.length;
  t.is(lengthOf(quiet), lengthOf(busy));
  t.throws(() => parseTickBody({ ...quiet!, acts: 0 }), { instanceOf: DomainError, code: 'E_TICK_FORMAT' });
  t.throws(() => parseTickBody({ ...quiet!, root: 'AB' }), { instanceOf: DomainError, code: 'E_TICK_FORMAT' });
});
