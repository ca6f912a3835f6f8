import { readFileSync } from 'node:fs';
import test from 'ava';
import { depositVectors } from '../test/vectors.ts';

test('the published vectors of the deposit format are what the code gives', (t) => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('../../../docs/formats/vectors/deposit.json', import.meta.url), 'utf8'),
  );
  t.deepEqual(published, depositVectors());
});
