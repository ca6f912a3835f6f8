import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { cruise } from './boundaries.ts';

const source = 'export const nothing = 0;\n';
const library = (name: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: `{"name":"${name}","main":"index.js"}`,
  [`node_modules/${name}/index.js`]: 'module.exports = {};',
});

/** Library → a place where it must not be imported. */
const outsideItsOwner = {
  pkijs: 'packages/trust/src/imports-pkijs.ts',
  'node-forge': 'packages/documents/src/imports-forge.ts',
  'pdf-lib': 'services/bank/src/imports-pdf.ts',
  koa: 'packages/usecases/src/imports-koa.ts',
  mediasoup: 'services/api/src/imports-mediasoup.ts',
};

const readsNode = "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n";

/** A tiny checkout of files that import what they must not, each test looking at its own. */
const planted: Readonly<Record<string, string>> = {
  'packages/deposits/src/imports-domain.ts': "import '../../tendering/src/plain.ts';\n",
  'packages/tendering/src/plain.ts': source,
  'packages/usecases/src/imports-adapter.ts': "import '../../persistence/src/plain.ts';\n",
  'packages/persistence/src/plain.ts': source,
  'services/api/src/plain.ts': source,
  'web/src/imports-service.ts': "import '../../services/api/src/plain.ts';\n",
  'services/bank/src/imports-service.ts': "import '../../api/src/plain.ts';\n",
  'packages/kernel/src/imports-type.ts': "import type { B } from '../../rooms/src/type.ts';\nexport type A = B;\n",
  'packages/rooms/src/type.ts': 'export type B = 1;\n',
  'packages/evidence/src/reads-node.ts': readsNode,
  'packages/evidence/src/node/reads-node.ts': readsNode,
  'packages/rooms/src/round.ts': "import './about.ts';\n",
  'packages/rooms/src/about.ts': "import './round.ts';\n",
  ...Object.fromEntries(Object.entries(outsideItsOwner).map(([name, file]) => [file, `import '${name}';\n`])),
  ...Object.fromEntries(Object.keys(outsideItsOwner).flatMap((name) => Object.entries(library(name)))),
};

function cruisePlanted(): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  try {
    for (const [path, text] of Object.entries(planted)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    return cruise(folder, ['packages', 'services', 'web']).violations;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const violations = cruisePlanted();

/** The rules that the imports of a planted file break. */
const brokenBy = (file: string): string[] => {
  if (planted[file] === undefined) throw new Error(`${file} was not planted`);
  const lines = violations.filter((line) => line.includes(`: ${file} → `));
  return [...new Set(lines.map((line) => line.split(':')[0] ?? ''))].sort();
};

test('a domain package that imports another domain package is refused', (t) => {
  t.deepEqual(brokenBy('packages/deposits/src/imports-domain.ts'), ['by-the-front-door', 'direction-deposits']);
});

test('a use case that imports an adapter is refused', (t) => {
  t.true(brokenBy('packages/usecases/src/imports-adapter.ts').includes('direction-usecases'));
});

test('a page that imports a service is refused, and so is a service that imports another', (t) => {
  t.true(brokenBy('web/src/imports-service.ts').includes('direction-web'));
  t.true(brokenBy('services/bank/src/imports-service.ts').includes('direction-bank'));
});

for (const [name, file] of Object.entries(outsideItsOwner)) {
  test(`${name} imported outside its owner is refused`, (t) => {
    t.deepEqual(brokenBy(file), [`owner-of-${name}`]);
  });
}

test('a type import counts as an import', (t) => {
  t.true(brokenBy('packages/kernel/src/imports-type.ts').includes('direction-kernel'));
});

test('a node: import in an isomorphic package is refused, in its node part it is not', (t) => {
  t.deepEqual(brokenBy('packages/evidence/src/reads-node.ts'), ['isomorphic']);
  t.deepEqual(brokenBy('packages/evidence/src/node/reads-node.ts'), []);
});

test('two modules that import each other are refused', (t) => {
  t.deepEqual(brokenBy('packages/rooms/src/about.ts'), ['no-circles']);
});

test('what imports nothing forbidden is let be', (t) => {
  t.deepEqual(brokenBy('services/api/src/plain.ts'), []);
});
