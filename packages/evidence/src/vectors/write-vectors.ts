/** Run by hand after a change of format: `node packages/evidence/src/vectors/write-vectors.ts`. */
import { writeFile } from 'node:fs/promises';
import { makeVectors } from './make-vectors.ts';

await writeFile(new URL('../../../../docs/formats/vectors/evidence.json', import.meta.url), await makeVectors());
