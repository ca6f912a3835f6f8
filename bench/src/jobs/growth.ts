import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '@qej/kernel';
import { openDatabase, type OpenDatabase } from '@qej/persistence';
import { interleave, ratioOf, wallTurn, type Side } from '../harness.ts';
import type { Job } from '../job.ts';

const ROWS = 1_000_000;
const QUICK_ROWS = 20_000;
const TIMES = 100;
const ROWS_PER_TENDER = 100;
const PAGE = 50;
const AT = instant(1_790_000_000_000);

interface Grown {
  readonly database: OpenDatabase;
  readonly rows: number;
}

const hex = (value: number): string => value.toString(16).padStart(32, '0');

/** The product's own tables, migrated, the log filled by one statement. */
async function grow(folder: string, rows: number): Promise<Grown> {
  const database = await openDatabase({ url: `sqlite:${join(folder, `${rows}.db`)}` });
  await database.orm.em.getConnection().execute(
    `insert into log_entry (ordinal, seq, type, at, tender_id, commitment, salt, body, dedupe)
     with recursive n(i) as (values(1) union all select i + 1 from n where i < ${rows})
     select i, i - 1, 'bench', ${AT} + i, printf('%032x', i / ${ROWS_PER_TENDER}), printf('%064x', i), printf('%064x', i), '{}', 'd' || i from n`,
  );
  return { database, rows };
}

/** Places spread over the table, the same share of it for every size. */
const places = (rows: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => 1 + Math.floor(((i + 0.5) * (rows - PAGE)) / count));

/** Each reads or writes through the repositories that the use cases have, and throws when the answer is wrong. */
const operations = {
  'row by key': async ({ database, rows }: Grown, count: number) => {
    for (const ordinal of places(rows, count)) {
      const row = await database.read((tx) => tx.logEntries.get({ ordinal }));
      if (row.seq !== ordinal - 1) throw new Error('wrong row');
    }
  },
  'page after a key': async ({ database, rows }: Grown, count: number) => {
    for (const ordinal of places(rows, count)) {
      const after = { member: 'ordinal', value: ordinal } as const;
      const page = await database.read((tx) =>
        tx.logEntries.list({}, { orderBy: { ordinal: 'asc' }, after, limit: PAGE }),
      );
      if (page.length !== PAGE || page[0]?.ordinal !== ordinal + 1) throw new Error('wrong page');
    }
  },
  'list of one tender': async ({ database, rows }: Grown, count: number) => {
    for (const ordinal of places(rows, count)) {
      const tenderId = hex(Math.max(1, Math.floor(ordinal / ROWS_PER_TENDER)));
      const list = await database.read((tx) =>
        tx.logEntries.list({ tenderId }, { orderBy: { ordinal: 'asc' }, limit: PAGE }),
      );
      if (list.length !== PAGE) throw new Error('wrong list');
    }
  },
} as const;

const goals = {
  'row by key': '≥ 0.40',
  'page after a key': '≥ 0.62',
  'list of one tender': '≥ 0.62',
  insert: '≥ 0.87',
};

let inserted = 0;
/** Durable inserts, one a transaction. */
async function insert({ database, rows }: Grown, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const id = hex(++inserted);
    const hash = id + id;
    const row = { seq: rows + inserted, type: 'bench', at: AT, tenderId: id, commitment: hash, salt: hash, body: '{}' };
    await database.transaction('bench', (tx) => tx.logEntries.insert({ ...row, dedupe: `bench-${id}` }));
  }
}

export const growthJob: Job = {
  name: 'growth',
  title: `the product's SQLite tables with ×${TIMES} rows, through its repositories`,
  async run({ rounds, quick }) {
    const folder = mkdtempSync(join(tmpdir(), 'qej-growth-'));
    const large = await grow(folder, quick ? QUICK_ROWS : ROWS);
    const small = await grow(folder, large.rows / TIMES);
    try {
      const count = quick ? 20 : 400;
      const ratios = [];
      for (const [name, operation] of Object.entries({ ...operations, insert })) {
        const side = (label: string, grown: Grown): Side => ({
          name: label,
          turn: () => wallTurn(count, () => operation(grown, count)),
        });
        const rates = await interleave([side('large', large), side('small', small)], rounds);
        const title = `${name}: ${large.rows} rows against ${small.rows}`;
        const goal = goals[name as keyof typeof goals];
        ratios.push(ratioOf({ job: 'growth', name: title, goal }, rates, ['large', 'small']));
      }
      return ratios;
    } finally {
      await large.database.close();
      await small.database.close();
      rmSync(folder, { recursive: true });
    }
  },
};
