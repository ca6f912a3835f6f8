/** Writes docs/openapi.json: the platform's routes and the intake's, on their two origins. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { api, intakeApi, openApiDocument } from '../src/index.ts';

const target = fileURLToPath(new URL('../../../docs/openapi.json', import.meta.url));
const document = openApiDocument(api, '青e见 QingEJian');
const intake = openApiDocument(intakeApi, '青e见接收 QingEJian intake');
writeFileSync(target, `${JSON.stringify({ ...document, 'x-intake': intake }, null, 1)}\n`);
