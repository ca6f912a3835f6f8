/** Writes docs/formats/vectors/notice.json. Run: node packages/tendering/test/make-vectors.ts */
import { mkdirSync, writeFileSync } from 'node:fs';
import { noticeVectors } from './vectors.ts';

const target = new URL('../../../docs/formats/vectors/notice.json', import.meta.url);
mkdirSync(new URL('./', target), { recursive: true });
writeFileSync(target, `${JSON.stringify(await noticeVectors(), null, 1)}\n`);
