/** Writes docs/formats/vectors/guarantee.json. Run: node packages/guarantees/test/make-vectors.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { guaranteeVectors } from './vectors.ts';

const target = new URL('../../../docs/formats/vectors/guarantee.json', import.meta.url);
mkdirSync(new URL('./', target), { recursive: true });
writeFileSync(target, `${JSON.stringify(await guaranteeVectors(), null, 1)}\n`);
