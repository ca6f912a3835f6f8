import { readFileSync } from 'node:fs';
import test from 'ava';
import { noticeVectors } from '../test/vectors.ts';

test('the published vectors of the notice format are what the code gives', async (t) => {
  const published: unknown = JSON.parse(
    readFileSync(new URL('../../../docs/formats/vectors/notice.json', import.meta.url), 'utf8'),
  );
  t.deepEqual(published, await noticeVectors());
});
