import test from 'ava';
import { sampleSets, openSample, patterned, sampleFile, sampleLot, sealSample } from '../test/sample-bid.ts';
import { nodeProvider } from './node.ts';
import { OBJECT_LENGTH, webCryptoProvider } from './index.ts';

for (const [name, sealer, opener] of [
  ['WebCrypto', webCryptoProvider, nodeProvider],
  ['node:crypto', nodeProvider, webCryptoProvider],
] as const) {
  test(`a bid sealed by ${name} opens under every authorised set with the other provider`, async (t) => {
    const lot = await sampleLot(sealer);
    const sealed = await sealSample(sealer, lot);
    for (const set of sampleSets) {
      const opened = await openSample(opener, sealed, set);
      t.deepEqual(
        opened.files.map((bytes) => [...bytes]),
        [[...patterned(1000)], []],
      );
      t.deepEqual(
        opened.stages.map(({ record }) => record.price?.value ?? null),
        [null, { total: '1234500.00', currency: 'CNY' }],
      );
      t.deepEqual(opened.stages[0]?.record.fields, { days: 90 });
      t.deepEqual(opened.register.record.deposit, sealed.deposit);
    }
  });
}

test('files of several chunks and parts come back whole, and every object of the pool has one size', async (t) => {
  const lot = await sampleLot(nodeProvider);
  const contents = [patterned(2_500_000), patterned(OBJECT_LENGTH), patterned(1)];
  const sealed = await sealSample(nodeProvider, lot, {
    opening: 'group',
    files: contents.map((bytes, i) => sampleFile(`f${i}.bin`, bytes, `part-${i}`)),
  });
  const opened = await openSample(nodeProvider, sealed, [1, 2]);
  t.true(contents.every((bytes, i) => Buffer.from(bytes).equals(opened.files[i] ?? new Uint8Array(0))));
  t.true([...sealed.objects.values()].every((bytes) => bytes.length === OBJECT_LENGTH));
  t.is(opened.register.header.WB, '');
});
