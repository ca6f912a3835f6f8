import { DomainError, fromBase64 } from '@qej/kernel';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { RUN_FACTOR } from '../test/run-count.ts';
import {
  openSample,
  patterned,
  sampleFile,
  sampleLot,
  sampleSets,
  sealSample,
  type SealedSample,
} from '../test/sample-bid.ts';
import { OBJECT_LENGTH, sealedBidErrorCodes } from './index.ts';
import { nodeProvider as p } from './node.ts';

const lot = await sampleLot(p);
const files = [sampleFile('big.bin', patterned(2_200_000)), sampleFile('small.txt', patterned(10), 'annex')];
const sealed = await sealSample(p, lot, { opening: 'group', files });
const other = await sealSample(p, lot, { opening: 'group', files });
const ids = [...sealed.objects.keys()];
const named = new Set<string>([...sealedBidErrorCodes, 'E_FORMAT', 'E_ID']);

const flip = (bytes: Uint8Array, bit: number): Uint8Array =>
  bytes.map((byte, i) => (i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
const withObject = (id: string, bytes: Uint8Array): SealedSample => ({
  ...sealed,
  objects: new Map([...sealed.objects, [id, bytes]]),
});
const idAt = (index: number): string => ids[index % ids.length] ?? '';
const objectAt = (index: number): Uint8Array => sealed.objects.get(idAt(index)) ?? new Uint8Array(0);

/** Refused, by a declared code, and by the same one under every authorised set. */
async function refused(t: ExecutionContext, bid: SealedSample, label: string): Promise<string> {
  const codes = new Set<string>();
  for (const set of sampleSets) {
    const error = await t.throwsAsync(openSample(p, bid, set), { instanceOf: DomainError }, label);
    codes.add(String((error as DomainError).code));
  }
  t.is(codes.size, 1, `${label}: ${[...codes].join(' ')}`);
  const [code = 'accepted'] = codes;
  t.true(named.has(code), code);
  return code;
}

test('the untouched sample opens', async (t) => {
  t.is((await openSample(p, sealed)).files.length, 2);
  t.is(ids.length, 4);
});

test('any flipped bit of any object is refused under every releasing set, filler included', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(ids.length - 1), fc.nat(OBJECT_LENGTH * 8 - 1), async (index, bit) => {
      await refused(t, withObject(idAt(index), flip(objectAt(index), bit)), `object ${index} bit ${bit}`);
    }),
    { numRuns: 12 * RUN_FACTOR },
  );
});

test('a flipped bit is named by what it breaks', async (t) => {
  const { stages } = await openSample(p, sealed);
  const technical = stages[0];
  if (technical === undefined) throw new Error('sample');
  const { end, header, reader } = technical.head;
  const places: readonly (readonly [number, string])[] = [
    [10, 'E_HEADER'],
    [end + 5, 'E_STAGE_ROOT'],
    [end + header.recordLen + 5, 'E_LEAF'],
    [reader.length - 5, 'E_TREE'],
    [reader.length + 5, 'E_PADDING'],
  ];
  for (const [offset, code] of places) {
    const index = Math.floor(offset / OBJECT_LENGTH);
    const bid = withObject(idAt(index), flip(objectAt(index), (offset % OBJECT_LENGTH) * 8));
    t.is(await refused(t, bid, `offset ${offset}`), code);
  }
});

test('dropped, truncated, swapped, repeated and foreign objects are refused', async (t) => {
  const dropped = new Map(sealed.objects);
  dropped.delete(idAt(1));
  t.is(await refused(t, { ...sealed, objects: dropped }, 'dropped'), 'E_OBJECT');
  t.is(await refused(t, withObject(idAt(1), objectAt(1).slice(1)), 'truncated'), 'E_OBJECT');
  const swapped = new Map([...sealed.objects, [idAt(1), objectAt(2)], [idAt(2), objectAt(1)]]);
  await refused(t, { ...sealed, objects: swapped }, 'swapped');
  await refused(t, withObject(idAt(2), objectAt(1)), 'repeated');
  t.is(await refused(t, withObject(idAt(3), objectAt(0)), 'technical stage in place of the price'), 'E_HEADER');
  const foreign = [...other.objects.values()];
  for (const index of ids.keys())
    await refused(t, withObject(idAt(index), foreign[index] ?? new Uint8Array(0)), `foreign ${index}`);
});

test('chunks moved within the stream are refused', async (t) => {
  const { stages } = await openSample(p, sealed);
  const head = stages[0]?.head;
  if (head === undefined) throw new Error('sample');
  const stream = new Uint8Array(3 * OBJECT_LENGTH);
  for (const index of [0, 1, 2]) stream.set(objectAt(index), index * OBJECT_LENGTH);
  const start = head.end + head.header.recordLen;
  const step = OBJECT_LENGTH + p.aeadTagLength;
  const [first, second] = [stream.slice(start, start + step), stream.slice(start + step, start + 2 * step)];
  const cut = (bytes: Uint8Array): SealedSample => ({
    ...sealed,
    objects: new Map([
      ...sealed.objects,
      ...[0, 1, 2].map((i) => [idAt(i), bytes.slice(i * OBJECT_LENGTH, (i + 1) * OBJECT_LENGTH)] as const),
    ]),
  });
  const exchanged = stream.slice();
  exchanged.set(second, start);
  exchanged.set(first, start + step);
  t.is(await refused(t, cut(exchanged), 'exchanged'), 'E_LEAF');
  const repeated = stream.slice();
  repeated.set(first, start + step);
  t.is(await refused(t, cut(repeated), 'repeated'), 'E_LEAF');
});

test('any flipped bit of register envelope or seal message is refused', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.nat(sealed.envelope.length * 8 - 1), fc.nat(sealed.message.length * 8 - 1), async (a, b) => {
      t.is(await refused(t, { ...sealed, envelope: flip(sealed.envelope, a) }, `envelope ${a}`), 'E_REGISTER_HASH');
      await refused(t, { ...sealed, message: flip(sealed.message, b) }, `message ${b}`);
    }),
    { numRuns: 40 * RUN_FACTOR },
  );
});

test('envelope, message and objects of another bid do not fit', async (t) => {
  t.is(await refused(t, { ...sealed, envelope: other.envelope }, 'envelope'), 'E_REGISTER_HASH');
  t.is(await refused(t, { ...sealed, message: other.message }, 'message'), 'E_REGISTER_HASH');
  t.is(await refused(t, { ...sealed, message: other.message, envelope: other.envelope }, 'objects'), 'E_OBJECT');
});

test('another owner, lot, set or suite than expected is refused by name', async (t) => {
  const { input } = sealed;
  t.is(
    await refused(t, { ...sealed, input: { ...input, ownerCertificate: fromBase64('AAAA') } }, 'owner'),
    'E_OWNER_COMMIT',
  );
  t.is(await refused(t, { ...sealed, input: { ...input, opening: 'joint' } }, 'opening'), 'E_CORE_MISMATCH');
  t.is(await refused(t, { ...sealed, lot: { ...lot, lotId: '0'.repeat(32) } }, 'lot'), 'E_CORE_MISMATCH');
  t.is(await refused(t, { ...sealed, lot: { ...lot, noticeHash: '0'.repeat(64) } }, 'notice'), 'E_CORE_MISMATCH');
});

test('an incomplete or false release names the holder, not the bidder', async (t) => {
  const error = await t.throwsAsync(openSample(p, sealed, [0]), { instanceOf: DomainError, code: 'E_NOT_RELEASED' });
  t.is((error as DomainError).params['fault'], 'holder');
  const { register } = lot.stages;
  const wrong = { ...register, scalars: [register.scalars[1] ?? new Uint8Array(32), ...register.scalars.slice(1)] };
  const bid = { ...sealed, lot: { ...lot, stages: { ...lot.stages, register: wrong } } };
  const false_ = await t.throwsAsync(openSample(p, bid, [0, 1]), { instanceOf: DomainError, code: 'E_HOLDER_KEY' });
  t.deepEqual((false_ as DomainError).params, { holder: 0, fault: 'holder' });
});
