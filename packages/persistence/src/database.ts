import { MikroORM } from '@mikro-orm/sql';
import type { EntityManager, Options } from '@mikro-orm/sql';
import { MariaDbDriver } from '@mikro-orm/mariadb';
import { Migrator } from '@mikro-orm/migrations';
import { MySqlDriver } from '@mikro-orm/mysql';
import { SqliteDriver } from '@mikro-orm/sqlite';
import type { Database, FaultPoint, Transaction } from '@qej/usecases';
import { CompiledQuery } from 'kysely';
import { fileURLToPath } from 'node:url';
import { tableEntities, tablesOf } from './tables.ts';

export type Dialect = 'sqlite' | 'mariadb' | 'mysql';
const PRAGMAS = [
  'pragma journal_mode=wal',
  'pragma synchronous=full',
  'pragma busy_timeout=5000',
  'pragma foreign_keys=on',
];
const RETRIES = 5;
/** MySQL/MariaDB: deadlock victim, lock wait timeout. The transaction was rolled back and may be run again. */
const RETRYABLE = new Set([1213, 1205]);

export interface OpenDatabase extends Database {
  readonly dialect: Dialect;
  readonly orm: MikroORM;
  close(): Promise<void>;
}

/** `sqlite:PATH`, `mariadb://…` or `mysql://…`. */
export function dialectOf(url: string): Dialect {
  const scheme = url.slice(0, url.indexOf(':'));
  if (scheme === 'sqlite' || scheme === 'mariadb' || scheme === 'mysql') return scheme;
  throw new Error(`DATABASE_URL: unknown scheme "${scheme}"; use sqlite:PATH, mariadb://… or mysql://…`);
}

export function ormOptions(url: string): Options {
  const dialect = dialectOf(url);
  const base: Options = {
    entities: Object.values(tableEntities),
    extensions: [Migrator],
    migrations: {
      path: fileURLToPath(new URL(`../migrations/${dialect}`, import.meta.url)),
      emit: 'ts',
      snapshot: false,
      disableForeignKeys: false,
    },
    allowGlobalContext: false,
    ignoreUndefinedInQuery: false,
    forceUtcTimezone: true,
    debug: false,
    // The migrator reports on stdout, which belongs to the program.
    logger: () => undefined,
  };
  if (dialect === 'sqlite') {
    return {
      ...base,
      driver: SqliteDriver,
      dbName: url.slice('sqlite:'.length),
      onCreateConnection: async (connection: unknown) => {
        const target = connection as { executeQuery(query: CompiledQuery): Promise<unknown> };
        for (const pragma of PRAGMAS) await target.executeQuery(CompiledQuery.raw(pragma));
      },
    } as Options;
  }
  return {
    ...base,
    driver: dialect === 'mariadb' ? MariaDbDriver : MySqlDriver,
    clientUrl: url.replace(/^mariadb:/, 'mysql:'),
    charset: 'utf8mb4',
    pool: { min: 1, max: 16 },
  } as Options;
}

const errno = (error: unknown): number => {
  for (let at: unknown = error; typeof at === 'object' && at !== null; at = 'cause' in at ? at.cause : undefined) {
    if ('errno' in at && typeof at.errno === 'number') return at.errno;
  }
  return 0;
};

async function withRetries<T>(run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run();
    } catch (error) {
      if (attempt >= RETRIES || !RETRYABLE.has(errno(error))) throw error;
    }
  }
}

export interface DatabaseDeps {
  readonly url: string;
  readonly faults?: FaultPoint;
  /** Migrations are applied on opening; false only for the tool that makes them. */
  readonly migrate?: boolean;
}

/** Opens, migrates and checks the database. */
export async function openDatabase({ url, faults, migrate = true }: DatabaseDeps): Promise<OpenDatabase> {
  const dialect = dialectOf(url);
  const orm = await MikroORM.init(ormOptions(url));
  if (migrate) await orm.migrator.up();
  const run = async <T>(label: string, work: (tx: Transaction) => Promise<T>): Promise<T> => {
    const result = await orm.em.fork().transactional(async (em) => {
      const value = await work(tablesOf(em as EntityManager));
      await em.flush();
      faults?.(`tx:${label}:before-commit`);
      return value;
    }, {});
    faults?.(`tx:${label}:after-commit`);
    return result;
  };
  return {
    dialect,
    orm,
    transaction: (label, work) => withRetries(() => run(label, work)),
    read: (work) => work(tablesOf(orm.em.fork())),
    close: () => orm.close(),
  };
}
