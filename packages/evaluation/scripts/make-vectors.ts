/** Writes docs/formats/vectors/draw.json. Run: node packages/evaluation/scripts/make-vectors.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { drawVectors } from '../test/draw-vectors.ts';

const target = new URL('../../../docs/formats/vectors/draw.json', import.meta.url);
mkdirSync(new URL('./', target), { recursive: true });
writeFileSync(target, `${JSON.stringify(drawVectors(), null, 1)}\n`);
