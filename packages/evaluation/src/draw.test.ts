import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { concatBytes, fromHex, lengthValue, toHex, u32be, utf8 } from '@qej/kernel';
import { drawVectors, sampleFilters, samplePeople, sampleSalts } from '../test/draw-vectors.ts';
import { drawCoefficient, coefficientValues, drawTieOrder } from './draw-coefficient.ts';
import { defaultQuotas, filterReason } from './draw-filters.ts';
import type { DrawQuotas } from './draw-filters.ts';
import { drawSource, permute } from './draw-stream.ts';
import { drawCommittee, nextReserve, verifyCommitteeDraw, verifyPermutation } from './draw.ts';
import { checkPool, poolRoot, sealPool } from './pool.ts';

const pool = sealPool(samplePeople(30), sampleSalts(30));
const root = poolRoot(pool.map(({ leaf }) => leaf));
const seedFrom = (place: number): Uint8Array => concatBytes(new Uint8Array(28), u32be(place));
const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 });
const inputs = { pool, filters: sampleFilters, quotas: defaultQuotas, size: 5, reserves: 5 };

test('the vectors in docs/formats are what the code gives', (t) => {
  const file = new URL('../../../docs/formats/vectors/draw.json', import.meta.url);
  t.deepEqual(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(JSON.stringify(drawVectors())));
});

/** The stream once more, by WebCrypto's HMAC: T(1) of HKDF-Expand is HMAC(seed, info ‖ 0x01). */
async function wordsByWebCrypto(seed: Uint8Array, label: string, blocks: number): Promise<number[]> {
  const key = await crypto.subtle.importKey('raw', seed.slice(), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  const words: number[] = [];
  for (let block = 0; block < blocks; block++) {
    const info = concatBytes(
      utf8('qej-draw1/stream'),
      new Uint8Array(1),
      lengthValue(utf8(label)),
      u32be(block),
      new Uint8Array([1]),
    );
    const view = new DataView(await crypto.subtle.sign('HMAC', key, info));
    for (let offset = 0; offset < 32; offset += 4) words.push(view.getUint32(offset));
  }
  return words;
}

test('a permutation follows from an independent reading of the format', async (t) => {
  for (const size of [2, 7, 30, 100]) {
    const seed = seedFrom(size);
    const words = await wordsByWebCrypto(seed, 'permutation', 30);
    const list = Array.from({ length: size }, (_, index) => index);
    for (let i = size - 1; i > 0; i--) {
      let word = words.shift()!;
      while (word >= Math.floor(2 ** 32 / (i + 1)) * (i + 1)) word = words.shift()!;
      const j = word % (i + 1);
      [list[i], list[j]] = [list[j]!, list[i]!];
    }
    t.deepEqual(permute(seed, 'permutation', size), list);
  }
});

test('every order of four is drawn about equally often', (t) => {
  const counts = new Map<string, number>();
  const draws = 6000;
  for (let place = 0; place < draws; place++) {
    const order = permute(seedFrom(place), 'permutation', 4).join();
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  const expected = draws / 24;
  const chiSquare = [...counts.values()].reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
  t.is(counts.size, 24);
  t.true(chiSquare < 49.7, `chi-square ${chiSquare}, limit of 0.1 % at 23 degrees`);
});

test('numbers stay below their bound, also where most words are thrown away', (t) => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
      const source = drawSource(seed, 'test');
      for (let i = 0; i < 5; i++) t.true(source.below(bound) < bound);
    }),
  );
});

test('a committee keeps size, filters and quotas, and everybody passed over has a reason', (t) => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const draw = drawCommittee({ ...inputs, seed });
      const people = draw.selected.map((index) => pool[index]!.facts);
      t.is(new Set(draw.selected).size, 5);
      t.true(people.every((facts) => filterReason(facts, sampleFilters) === undefined));
      t.true(people.filter(({ field }) => field !== 'other').length >= 4);
      for (const { employers } of people) t.true(people.filter((one) => one.employers[0] === employers[0]).length <= 2);
      const passed = [...draw.selected, ...draw.skipped.map(({ index }) => index)];
      const ascending = (a: number, b: number) => a - b;
      t.deepEqual(draw.permutation.slice(0, passed.length).toSorted(ascending), passed.toSorted(ascending));
      t.deepEqual(
        draw.permutation.toSorted((a, b) => a - b),
        pool.map(({ index }) => index),
      );
      t.true(draw.reserves.every((index) => !draw.selected.includes(index)));
    }),
  );
});

test('a specialty quota keeps a seat free for the specialist', (t) => {
  const quotas: DrawQuotas = { ...defaultQuotas, specialties: [{ specialty: 'A0801', min: 3 }] };
  fc.assert(
    fc.property(seeds, (seed) => {
      const { selected } = drawCommittee({ ...inputs, quotas, seed });
      t.true(selected.filter((index) => pool[index]!.facts.specialties.includes('A0801')).length >= 3);
    }),
  );
});

test('a pool that cannot fill the seats is refused', (t) => {
  const small = pool.slice(0, 4);
  t.throws(() => drawCommittee({ ...inputs, pool: small, seed: seedFrom(1) }), { code: 'E_DRAW_TOO_FEW' });
  t.throws(() => drawCommittee({ ...inputs, quotas: { ...defaultQuotas, maxPerEmployer: 0 }, seed: seedFrom(1) }), {
    code: 'E_DRAW_QUOTA',
  });
  t.throws(() => drawCommittee({ ...inputs, seed: new Uint8Array(31) }), { code: 'E_DRAW_SEED' });
});

test('replacements come from the same list, keep the quotas and never repeat anybody', (t) => {
  fc.assert(
    fc.property(seeds, fc.array(fc.nat(4), { maxLength: 6 }), (seed, leaving) => {
      const draw = drawCommittee({ ...inputs, seed });
      const gone: number[] = [];
      let sitting = [...draw.selected];
      for (const seat of leaving) {
        gone.push(sitting[seat]!);
        const rest = sitting.filter((_, place) => place !== seat);
        const next = nextReserve({ ...inputs, permutation: draw.permutation, sitting: rest, gone });
        t.false(gone.includes(next) || rest.includes(next));
        sitting = [...rest, next];
        t.true(sitting.filter((index) => pool[index]!.facts.field !== 'other').length >= 4);
      }
    }),
  );
  const draw = drawCommittee({ ...inputs, seed: seedFrom(1) });
  t.throws(() => nextReserve({ ...inputs, permutation: draw.permutation, sitting: draw.selected, gone: [] }), {
    code: 'E_DRAW_TOO_FEW',
  });
});

test('a published draw is recomputed, and any change to it or to the pool is found', (t) => {
  const seed = seedFrom(7);
  const draw = drawCommittee({ ...inputs, seed });
  t.notThrows(() => verifyCommitteeDraw(draw, { ...inputs, seed }, root));
  t.notThrows(() => verifyPermutation(draw, { seed, poolSize: pool.length }));
  const swapped = { ...draw, selected: [...draw.selected.slice(0, 4), draw.reserves[0]!] };
  t.throws(() => verifyCommitteeDraw(swapped, { ...inputs, seed }, root), { code: 'E_DRAW_MISMATCH' });
  t.throws(() => verifyPermutation(swapped, { seed, poolSize: pool.length }), { code: 'E_DRAW_MISMATCH' });
  t.throws(() => verifyPermutation(draw, { seed: seedFrom(8), poolSize: pool.length }), { code: 'E_DRAW_MISMATCH' });
  const renamed = pool.map((entry) =>
    entry.index === 3 ? { ...entry, facts: { ...entry.facts, workload: 0 } } : entry,
  );
  t.throws(() => checkPool(renamed, root), { code: 'E_DRAW_LEAF' });
  const reordered = [pool[1]!, pool[0]!, ...pool.slice(2)];
  t.throws(() => checkPool(reordered, root), { code: 'E_DRAW_POOL' });
});

test('any flipped bit of seed, salt, leaf or root changes or breaks the draw', (t) => {
  const flip = (hex: string, bit: number): string => {
    const bytes = fromHex(hex);
    bytes[bit >> 3] = bytes[bit >> 3]! ^ (1 << (bit & 7));
    return toHex(bytes);
  };
  const seed = seedFrom(7);
  const { permutation } = drawCommittee({ ...inputs, seed });
  fc.assert(
    fc.property(fc.nat(255), fc.nat(29), (bit, place) => {
      t.notDeepEqual(permute(fromHex(flip(toHex(seed), bit)), 'permutation', 30), permutation);
      const changed = (change: (entry: (typeof pool)[number]) => (typeof pool)[number]) =>
        pool.map((entry) => (entry.index === place ? change(entry) : entry));
      t.throws(
        () =>
          checkPool(
            changed((entry) => ({ ...entry, salt: flip(entry.salt, bit) })),
            root,
          ),
        { code: 'E_DRAW_LEAF' },
      );
      t.throws(
        () =>
          checkPool(
            changed((entry) => ({ ...entry, leaf: flip(entry.leaf, bit) })),
            root,
          ),
        { code: 'E_DRAW_LEAF' },
      );
      t.throws(() => checkPool(pool, flip(root, bit)), { code: 'E_DRAW_ROOT' });
    }),
    { numRuns: 50 },
  );
});

test('a person or a salt that is listed twice is refused', (t) => {
  const people = samplePeople(3);
  const salts = sampleSalts(3);
  t.throws(() => sealPool([...people, people[0]!], [...salts, sampleSalts(4)[3]!]), { code: 'E_DRAW_POOL' });
  t.throws(() => sealPool(people, [salts[0]!, salts[1]!, salts[1]!]), { code: 'E_DRAW_POOL' });
});

test('the coefficient is one of the declared values, and every one can be drawn', (t) => {
  const range = { from: '0.90', to: '0.99', step: '0.01' };
  const drawn = new Set<string>();
  for (let place = 0; place < 300; place++)
    drawn.add(drawCoefficient({ seed: seedFrom(place), range, name: 'k' }).value);
  t.deepEqual([...drawn].toSorted(), coefficientValues(range).toSorted());
  t.is(drawn.size, 10);
  for (const bad of [
    { from: '1', to: '0', step: '1' },
    { from: '0', to: '1', step: '0' },
    { from: '0', to: '1', step: '0.3' },
    { from: '0', to: '1', step: '0.00001' },
    { values: [] },
    { values: ['0.9', '0.90'] },
    { values: ['x'] },
  ]) {
    t.throws(() => coefficientValues(bad), { code: 'E_DRAW_RANGE' }, JSON.stringify(bad));
  }
});

test('the order that breaks a tie does not depend on the order of asking', (t) => {
  const bids = ['d', 'a', 'c', 'b'];
  t.deepEqual(drawTieOrder(seedFrom(1), bids), drawTieOrder(seedFrom(1), bids.toReversed()));
  t.deepEqual(drawTieOrder(seedFrom(1), bids).toSorted(), bids.toSorted());
});
