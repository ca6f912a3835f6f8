import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test from 'ava';
import { cruise, sourceFiles } from './boundaries.ts';
import { repositoryRoot } from './qej/surroundings.ts';

/** A tiny checkout in which one file imports what it must not. */
function planted(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

/** The rules that a planted import breaks. */
function brokenBy(files: Readonly<Record<string, string>>): string[] {
  const folder = planted(files);
  try {
    const roots = [...new Set(Object.keys(files).map((path) => path.split('/')[0] ?? ''))];
    const read = cruise(
      folder,
      roots.filter((root) => root !== 'node_modules'),
    );
    return [...new Set(read.violations.map((line) => line.split(':')[0] ?? ''))].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const library = (name: string): Record<string, string> => ({
  [`node_modules/${name}/package.json`]: `{"name":"${name}","main":"index.js"}`,
  [`node_modules/${name}/index.js`]: 'module.exports = {};',
});
const source = 'export const nothing = 0;\n';

test('every TypeScript file of the checkout is read by the boundary check', (t) => {
  const read = new Set(cruise(repositoryRoot).modules);
  const files = sourceFiles();
  t.true(files.length > 50);
  t.deepEqual(
    files.filter((file) => !read.has(file)),
    [],
  );
});

test('a domain package that imports another domain package is refused', (t) => {
  const files = {
    'packages/deposits/src/a.ts': "import '../../tendering/src/b.ts';\n",
    'packages/tendering/src/b.ts': source,
  };
  t.deepEqual(brokenBy(files), ['by-the-front-door', 'direction-deposits']);
});

test('a use case that imports an adapter is refused', (t) => {
  const files = {
    'packages/usecases/src/a.ts': "import '../../persistence/src/b.ts';\n",
    'packages/persistence/src/b.ts': source,
  };
  t.true(brokenBy(files).includes('direction-usecases'));
});

test('a page that imports a service is refused, and so is a service that imports another', (t) => {
  const b = { 'services/api/src/b.ts': source };
  t.true(brokenBy({ 'web/src/a.ts': "import '../../services/api/src/b.ts';\n", ...b }).includes('direction-web'));
  t.true(brokenBy({ 'services/bank/src/a.ts': "import '../../api/src/b.ts';\n", ...b }).includes('direction-bank'));
});

for (const [name, file] of [
  ['pkijs', 'packages/trust/src/a.ts'],
  ['node-forge', 'packages/documents/src/a.ts'],
  ['pdf-lib', 'services/bank/src/a.ts'],
  ['koa', 'packages/usecases/src/a.ts'],
  ['mediasoup', 'services/api/src/a.ts'],
] as const) {
  test(`${name} imported outside its owner is refused`, (t) => {
    t.deepEqual(brokenBy({ [file]: `import '${name}';\n`, ...library(name) }), [`owner-of-${name}`]);
  });
}

test('a type import counts as an import', (t) => {
  const files = {
    'packages/kernel/src/a.ts': "import type { B } from '../../rooms/src/b.ts';\nexport type A = B;\n",
    'packages/rooms/src/b.ts': 'export type B = 1;\n',
  };
  t.true(brokenBy(files).includes('direction-kernel'));
});

test('a node: import in an isomorphic package is refused, in its node part it is not', (t) => {
  const text = "import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n";
  t.deepEqual(brokenBy({ 'packages/evidence/src/a.ts': text }), ['isomorphic']);
  t.deepEqual(brokenBy({ 'packages/evidence/src/node/a.ts': text }), []);
});

test('two modules that import each other are refused', (t) => {
  const files = { 'packages/rooms/src/a.ts': "import './b.ts';\n", 'packages/rooms/src/b.ts': "import './a.ts';\n" };
  t.deepEqual(brokenBy(files), ['no-circles']);
});
