import { readFileSync } from 'node:fs';
import test from 'ava';
import { makeVectors } from '../test/vectors.ts';

test('the published vectors are what the code makes today', async (t) => {
  const published = readFileSync(new URL('../../../docs/formats/vectors/sealed-bid.json', import.meta.url), 'utf8');
  t.is(await makeVectors(), published);
});
