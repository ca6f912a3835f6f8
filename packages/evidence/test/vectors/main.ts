import { writeFile } from 'node:fs/promises';
import { makeVectors } from './make-vectors.ts';

/** Writes docs/formats/vectors/evidence.json; run after a change of format. */
await writeFile(new URL('../../../../docs/formats/vectors/evidence.json', import.meta.url), await makeVectors());
