/** Writes docs/formats/vectors/deposit.json. Run: node packages/deposits/test/make-vectors.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { depositVectors } from './vectors.ts';

const target = new URL('../../../docs/formats/vectors/deposit.json', import.meta.url);
mkdirSync(new URL('./', target), { recursive: true });
writeFileSync(target, `${JSON.stringify(depositVectors(), null, 1)}\n`);
