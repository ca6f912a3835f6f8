import { readFileSync } from 'node:fs';
import test from 'ava';
import { guaranteeVectors } from '../test/vectors.ts';

test('the published vectors of the guarantee format are what the code gives', async (t) => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('../../../docs/formats/vectors/guarantee.json', import.meta.url), 'utf8'),
  );
  t.deepEqual(published, await guaranteeVectors());
});
