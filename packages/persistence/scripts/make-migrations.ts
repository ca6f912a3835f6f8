/** Writes the initial migration of each dialect anew (nothing is released yet): `node packages/persistence/scripts/make-migrations.ts`. */
import { MikroORM } from '@mikro-orm/sql';
import { mkdir, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ormOptions } from '../src/database.ts';

const urls = {
  sqlite: 'sqlite::memory:',
  mariadb: 'mariadb://none@127.0.0.1/none',
  mysql: 'mysql://none@127.0.0.1/none',
};
for (const [dialect, url] of Object.entries(urls)) {
  const path = fileURLToPath(new URL(`../migrations/${dialect}`, import.meta.url));
  await rm(path, { recursive: true, force: true });
  await mkdir(path, { recursive: true });
  const orm = await MikroORM.init({ ...ormOptions(url), connect: false } as never);
  const statements = (await orm.schema.getCreateSchemaSQL({ wrap: false }))
    .split(/;\s*\n/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '' && !statement.startsWith('--') && !/^(set names|pragma)/i.test(statement));
  const body = statements.map((sql) => `    this.addSql(${JSON.stringify(sql)});`).join('\n');
  const { writeFile } = await import('node:fs/promises');
  await writeFile(
    `${path}/Migration20261123000000_init.ts`,
    `// Written by scripts/make-migrations.ts; do not edit.\nimport { Migration } from '@mikro-orm/migrations';\n\nexport class Migration20261123000000_init extends Migration {\n  override up(): void {\n${body}\n  }\n}\n`,
  );
  await orm.close();
  process.stdout.write(`${dialect}: ${statements.length} statements\n`);
}
