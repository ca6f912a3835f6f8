import { toHex, utf8 } from '@qej/kernel';
import {
  coefficientValues,
  defaultQuotas,
  drawCoefficient,
  drawCommittee,
  drawTieOrder,
  nextReserve,
  permute,
  poolRoot,
  sealPool,
} from '../src/index.ts';
import type { DrawFilters, PersonFacts } from '../src/index.ts';

/** 32 bytes that anybody can write down: the text, padded with zeros. */
export const bytesOf = (text: string): Uint8Array => {
  const bytes = new Uint8Array(32);
  bytes.set(utf8(text));
  return bytes;
};

const FIELDS = ['technical', 'technical', 'economic', 'other'] as const;

/** A pool of `size` invented people; facts follow from the place alone. */
export function samplePeople(size: number): PersonFacts[] {
  return Array.from({ length: size }, (_, place) => ({
    personId: place.toString(16).padStart(32, '0'),
    name: `专家${place + 1}`,
    field: FIELDS[place % FIELDS.length] ?? 'other',
    specialties: [place % 3 === 0 ? 'A0801' : 'A0802', 'B0101'],
    region: place % 2 === 0 ? '370200' : '370600',
    employers: [`9137020000000000${String(place % 9).padStart(2, '0')}`],
    isSuspended: place % 11 === 10,
    workload: place % 7,
  }));
}

export const sampleSalts = (size: number): string[] =>
  Array.from({ length: size }, (_, place) => toHex(bytesOf(`salt ${place}`)));

export const sampleFilters: DrawFilters = {
  specialties: ['A0801', 'A0802'],
  regions: [],
  excludedEmployers: ['913702000000000003'],
  excludedPersons: ['0'.repeat(31) + '1'],
  maxWorkload: 4,
};

const seed = bytesOf('seed of the vectors');
const seedHex = toHex(seed);

function committeeVector() {
  const pool = sealPool(samplePeople(30), sampleSalts(30));
  const inputs = { pool, filters: sampleFilters, quotas: defaultQuotas, size: 5, reserves: 5 };
  const draw = drawCommittee({ ...inputs, seed });
  const gone = draw.selected.slice(0, 1);
  const sitting = draw.selected.slice(1);
  const replacement = nextReserve({ ...inputs, permutation: draw.permutation, sitting, gone });
  const { filters, quotas, size, reserves } = inputs;
  return {
    pool: { entries: pool, root: poolRoot(pool.map(({ leaf }) => leaf)) },
    committee: { seed: seedHex, filters, quotas, size, reserves, draw, gone, replacement },
  };
}

/** The content of docs/formats/vectors/draw.json. */
export function drawVectors() {
  const range = { from: '0.90', to: '0.99', step: '0.01' };
  const bids = ['b', 'a', 'c'].map((letter) => letter.repeat(32));
  const order = (size: number) => permute(seed, 'permutation', size);
  const drawn = drawCoefficient({ seed, range, name: 'coefficient' });
  return {
    format: 'qej-draw-vectors',
    v: 1,
    permutations: [1, 2, 10, 52].map((size) => ({ seed: seedHex, label: 'permutation', size, order: order(size) })),
    ...committeeVector(),
    coefficient: { seed: seedHex, range, name: 'coefficient', values: coefficientValues(range), drawn },
    tie: { seed: seedHex, bids, order: drawTieOrder(seed, bids) },
  };
}
