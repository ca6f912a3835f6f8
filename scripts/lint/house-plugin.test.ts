import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { repositoryRoot } from '../qej/surroundings.ts';

/** The rules that oxlint, with our configuration, finds broken in a file of this text. */
function brokenBy(text: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'lint-'));
  try {
    writeFileSync(join(folder, 'planted.ts'), text);
    const args = ['-c', join(repositoryRoot, '.oxlintrc.json'), '-f', 'json', folder];
    const { stdout } = spawnSync(join(repositoryRoot, 'node_modules/.bin/oxlint'), args, { encoding: 'utf8' });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] };
    return [...new Set(diagnostics.map(({ code }) => code))].sort();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const text of ['export const at = Date.now();', 'export const at = new Date();', 'export const at = Date();']) {
  test(`the clock is not read by ${text.slice(18)}`, (t) => {
    t.deepEqual(brokenBy(`${text}\n`), ['house(clock)']);
  });
}

test('a date made from a given instant is no reading of the clock', (t) => {
  t.deepEqual(brokenBy('export const at = new Date(0);\nexport const parsed = Date.parse("2026-11-23");\n'), []);
});

test('export * is refused', (t) => {
  t.deepEqual(brokenBy("export * from './names.ts';\n"), ['house(listed-exports)']);
});

test('SQL that reads the whole table is refused, in plain and in template strings', (t) => {
  t.deepEqual(brokenBy("export const q = 'select id from bid limit 50 offset ?';\n"), ['house(growing-sql)']);
  t.deepEqual(brokenBy('export const q = `SELECT count(*) FROM bid`;\n'), ['house(growing-sql)']);
  t.deepEqual(brokenBy("export const q = 'select id from bid where id > ? limit 50';\n"), []);
});
