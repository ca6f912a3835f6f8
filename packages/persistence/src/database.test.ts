import test from 'ava';
import { DomainError, newId } from '@qej/kernel';
import { ownDatabaseUrl } from '@qej/testkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from './database.ts';
import type { OpenDatabase } from './database.ts';

const fresh = async (use: (db: OpenDatabase) => Promise<void>): Promise<void> => {
  const directory = await mkdtemp(join(tmpdir(), 'qej-db-'));
  const db = await openDatabase({ url: ownDatabaseUrl(directory) });
  try {
    await use(db);
  } finally {
    await db.close();
    await rm(directory, { recursive: true, force: true });
  }
};
const organization = (name: string) => ({
  id: newId(),
  name,
  uscc: newId().slice(0, 18),
  roles: ['bidder'],
  address: '青岛',
  createdAt: 1,
});

test.serial('after the migrations the schema equals the entities', (t) =>
  fresh(async (db) => {
    t.is(await db.orm.schema.getUpdateSchemaSQL({ wrap: false }), '');
  }),
);

test.serial('a change is there after the commit, and nothing of it after a refusal', (t) =>
  fresh(async (db) => {
    const kept = organization('留');
    await db.transaction('test', (tx) => tx.organizations.insert(kept));
    await db.transaction('test', async (tx) => {
      const row = await tx.organizations.lock({ id: kept.id });
      row.name = '改';
      row.roles = ['bidder', 'agency'];
    });
    const lost = organization('失');
    await t.throwsAsync(
      db.transaction('test', async (tx) => {
        await tx.organizations.insert(lost);
        throw new DomainError('E_STATE');
      }),
      { instanceOf: DomainError, code: 'E_STATE' },
    );
    const row = await db.read((tx) => tx.organizations.get({ id: kept.id }));
    t.is(row.name, '改');
    t.deepEqual(row.roles, ['bidder', 'agency']);
    t.is(await db.read((tx) => tx.organizations.find({ id: lost.id })), undefined);
  }),
);

test.serial('twenty concurrent increments under lock lose none', (t) =>
  fresh(async (db) => {
    const id = newId();
    await db.transaction('test', (tx) => tx.settings.insert({ id, value: 0 }));
    await Promise.all(
      Array.from({ length: 20 }, () =>
        db.transaction('test', async (tx) => {
          const row = await tx.settings.lock({ id });
          row.value = Number(row.value) + 1;
        }),
      ),
    );
    t.is((await db.read((tx) => tx.settings.get({ id }))).value, 20);
  }),
);

test.serial('keyset pages walk all rows once', (t) =>
  fresh(async (db) => {
    const rows = Array.from({ length: 25 }, (_, i) => organization(`甲${i}`));
    await db.transaction('test', async (tx) => {
      for (const row of rows) await tx.organizations.insert(row);
    });
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const page = await db.read((tx) =>
        tx.organizations.list(
          { id: rows.map(({ id }) => id) },
          {
            orderBy: { id: 'asc' },
            limit: 10,
            ...(after === undefined ? {} : { after: { member: 'id', value: after } }),
          },
        ),
      );
      if (page.length === 0) break;
      seen.push(...page.map(({ id }) => id));
      after = seen.at(-1);
    }
    t.deepEqual(seen, rows.map(({ id }) => id).sort());
  }),
);

test.serial('a condition on undefined is a programming error, not a wider query', (t) =>
  fresh(async (db) => {
    const wrong = { id: undefined as unknown as string };
    await t.throwsAsync(
      db.read((tx) => tx.organizations.list(wrong)),
      { instanceOf: TypeError },
    );
  }),
);
