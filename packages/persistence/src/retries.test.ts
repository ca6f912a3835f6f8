import test from 'ava';
import { newId } from '@qej/kernel';
import { ownDatabaseUrl } from '@qej/testkit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from './database.ts';
import type { OpenDatabase } from './database.ts';

interface TwoSessions {
  readonly first: OpenDatabase;
  readonly second: OpenDatabase;
  /** New settings rows that count from 0. */
  readonly counters: (count: number) => Promise<string[]>;
  readonly valueOf: (id: string) => Promise<unknown>;
}

/** Two pools on one database of a MariaDB server; undefined on SQLite, whose only writer waits for nobody. */
async function withTwoSessions(use: (sessions: TwoSessions) => Promise<void>): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'qej-retries-'));
  const url = ownDatabaseUrl(directory);
  const first = await openDatabase({ url });
  try {
    if (first.dialect === 'sqlite') return false;
    // One second instead of fifty, for the sessions that open from now on.
    await first.orm.em.getConnection().execute('set global innodb_lock_wait_timeout = 1');
    const second = await openDatabase({ url, migrate: false });
    try {
      await use({
        first,
        second,
        counters: async (count) => {
          const ids = Array.from({ length: count }, newId);
          await first.transaction('test', async (tx) => {
            for (const id of ids) await tx.settings.insert({ id, value: 0 });
          });
          return ids;
        },
        valueOf: async (id) => (await first.read((tx) => tx.settings.get({ id }))).value,
      });
      return true;
    } finally {
      await first.orm.em.getConnection().execute('set global innodb_lock_wait_timeout = default');
      await second.close();
    }
  } finally {
    await first.close();
    await rm(directory, { recursive: true, force: true });
  }
}

const skipped = 'SQLite has one writer: no deadlock and no lock wait';

/** Adds one to each row in this order; `locked` is called with each row's position once its lock is held. */
const addOne = (db: OpenDatabase, ids: readonly string[], locked: (position: number) => Promise<void> | void) =>
  db.transaction('test', async (tx) => {
    for (const [position, id] of ids.entries()) {
      const row = await tx.settings.lock({ id });
      row.value = Number(row.value) + 1;
      await locked(position);
    }
  });

test.serial('the victim of a deadlock is run again, and no update is lost', async (t) => {
  const ran = await withTwoSessions(async ({ first, second, counters, valueOf }) => {
    const [a = '', b = ''] = await counters(2);
    const held = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    let begun = 0;
    const meet = (own: 0 | 1) => async (position: number) => {
      if (position !== 0) return;
      begun += 1;
      held[own].resolve();
      await held[1 - own]?.promise; // now each has what the other wants next
    };
    await Promise.all([addOne(first, [a, b], meet(0)), addOne(second, [b, a], meet(1))]);
    t.is(begun, 3, 'one of the two began twice');
    t.deepEqual([await valueOf(a), await valueOf(b)], [2, 2]);
  });
  if (!ran) t.log(skipped);
  t.pass();
});

test.serial('who waits for a lock in vain tries again, and gets it once it is free', async (t) => {
  const ran = await withTwoSessions(async ({ first, second, counters, valueOf }) => {
    const [id = ''] = await counters(1);
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holder = addOne(first, [id], () => {
      held.resolve();
      return free.promise;
    });
    await held.promise;
    let attempts = 0;
    const waiter = second.transaction('test', async (tx) => {
      attempts += 1;
      if (attempts === 3) free.resolve(); // two waits of a second have timed out
      const row = await tx.settings.lock({ id });
      row.value = Number(row.value) + 1;
    });
    await Promise.all([holder, waiter]);
    t.is(attempts, 3);
    t.is(await valueOf(id), 2);
  });
  if (!ran) t.log(skipped);
  t.pass();
});

test.serial('after five attempts a lock that stays taken is an error, and nothing was written', async (t) => {
  const ran = await withTwoSessions(async ({ first, second, counters, valueOf }) => {
    const [other = '', id = ''] = await counters(2);
    const [held, free] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const holder = addOne(first, [id], () => {
      held.resolve();
      return free.promise;
    });
    await held.promise;
    let attempts = 0;
    await t.throwsAsync(
      addOne(second, [other, id], (position) => {
        if (position === 0) attempts += 1;
      }),
      { message: /Lock wait timeout exceeded/ },
    );
    free.resolve();
    await holder;
    t.is(attempts, 5);
    t.deepEqual([await valueOf(other), await valueOf(id)], [0, 1]);
  });
  if (!ran) t.log(skipped);
  t.pass();
});
