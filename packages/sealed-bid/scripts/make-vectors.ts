/** Writes docs/formats/vectors/sealed-bid.json. Run: node packages/sealed-bid/scripts/make-vectors.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { makeVectors } from '../test/vectors.ts';

const target = new URL('../../../docs/formats/vectors/sealed-bid.json', import.meta.url);
mkdirSync(new URL('./', target), { recursive: true });
writeFileSync(target, await makeVectors());
