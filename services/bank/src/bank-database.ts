import Database from 'better-sqlite3';
import { instant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { stepGuarantee } from '@qej/guarantees';
import type { GuaranteeProgress, GuaranteeState, GuaranteeStep } from '@qej/guarantees';

/** One order; what is empty is not known yet. */
export interface OrderRow {
  readonly id: string;
  readonly state: GuaranteeState;
  readonly event_seq: number;
  readonly changed_at: number;
  readonly envelope_sha256: string;
  readonly received_at: number;
  readonly reason: string | null;
  /** Canonical application and its CMS, opened. */
  readonly application: string | null;
  readonly application_cms: Buffer | null;
  readonly applicant: string;
  readonly amount: string;
  readonly address: string;
  readonly recipient: Buffer | null;
  readonly subject: string | null;
  readonly premium: string | null;
  readonly payment_code: string | null;
  readonly decided_by: string | null;
  readonly number: string | null;
  readonly code: string | null;
  readonly undertaking: string | null;
  readonly undertaking_cms: Buffer | null;
  readonly certificate: Buffer | null;
  readonly revelation: string | null;
  readonly restored: Buffer | null;
}
export interface EventRow {
  readonly order_id: string;
  readonly event_seq: number;
  readonly state: GuaranteeState;
  readonly at: number;
  readonly envelope: Buffer | null;
  readonly reason: string | null;
  readonly attempts: number;
}

const SCHEMA = `
create table if not exists orders (
  id text primary key, state text not null, event_seq integer not null, changed_at integer not null,
  envelope_sha256 text not null, received_at integer not null, reason text,
  application text, application_cms blob, applicant text not null, amount text not null, address text not null,
  recipient blob, subject text, premium text, payment_code text, decided_by text,
  number text unique, code text, undertaking text, undertaking_cms blob, certificate blob, revelation text, restored blob
) strict;
create index if not exists orders_state on orders (state, changed_at);
create table if not exists events (
  order_id text not null, event_seq integer not null, state text not null, at integer not null, envelope blob, reason text,
  delivered integer not null default 0, attempts integer not null default 0, next_at integer not null,
  primary key (order_id, event_seq)
) strict;
create index if not exists events_waiting on events (delivered, next_at);
create table if not exists payments (order_id text primary key, amount text not null, at integer not null, reference text not null unique) strict;
create table if not exists nonces (nonce text primary key, expires_at integer not null) strict;
create table if not exists sessions (token_sha256 text primary key, csrf text not null, expires_at integer not null) strict;
create table if not exists settings (name text primary key, value text not null) strict;
`;

type Column = string | number | Buffer | null;
export type Patch = Readonly<Record<string, Column>>;

export interface StepOptions {
  /** Sealed to the applicant, sent with the event. */
  readonly envelope?: Uint8Array;
  readonly reason?: string;
  readonly patch?: Patch;
}

type Steps = readonly (readonly [GuaranteeStep, StepOptions?])[];

/** The bank's own books. Every method is one durable transaction (WAL, synchronous FULL). */
export interface BankDatabase {
  readonly sql: Database.Database;
  find(orderId: string): OrderRow | undefined;
  list(states: readonly GuaranteeState[], limit?: number): readonly OrderRow[];
  insert(row: Patch & { readonly id: string }): void;
  /** Steps in order, each with its event for the platform. @throws DomainError `E_STATE` */
  step(orderId: string, steps: Steps, now: Instant): OrderRow;
  transaction<T>(work: () => T): T;
  close(): void;
}

const progressOf = (row: OrderRow): GuaranteeProgress => ({
  state: row.state,
  eventSeq: row.event_seq,
  changedAt: instant(row.changed_at),
});

export function openBankDatabase(path: string): BankDatabase {
  const sql = new Database(path);
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', 'busy_timeout = 5000', 'foreign_keys = ON'])
    sql.pragma(pragma);
  sql.exec(SCHEMA);
  const select = sql.prepare<[string], OrderRow>('select * from orders where id = ?');
  const addEvent = sql.prepare(
    'insert into events (order_id, event_seq, state, at, envelope, reason, next_at) values (?, ?, ?, ?, ?, ?, ?)',
  );
  const write = (id: string, patch: Patch): void => {
    const names = Object.keys(patch);
    sql
      .prepare(`update orders set ${names.map((name) => `${name} = @${name}`).join(', ')} where id = @id`)
      .run({ ...patch, id });
  };
  const one = (id: string, step: GuaranteeStep, now: Instant, { envelope, reason, patch = {} }: StepOptions): void => {
    const row = select.get(id);
    if (row === undefined) throw new Error(`no order ${id}`);
    const next = stepGuarantee(progressOf(row), step, now);
    write(id, {
      ...patch,
      state: next.state,
      event_seq: next.eventSeq,
      changed_at: now,
      ...(reason === undefined ? {} : { reason }),
    });
    const sealed = envelope === undefined ? null : Buffer.from(envelope);
    addEvent.run(id, next.eventSeq, next.state, now, sealed, reason ?? null, now);
  };
  const step = sql.transaction((id: string, steps: Steps, now: Instant): OrderRow => {
    for (const [name, options = {}] of steps) one(id, name, now, options);
    return select.get(id) as OrderRow; // it was there a line ago, in the same transaction
  });
  return {
    sql,
    find: (id) => select.get(id),
    list: (states, limit = 500) =>
      sql
        .prepare<string[], OrderRow>(
          `select * from orders where state in (${states.map(() => '?').join(',')}) order by changed_at limit ${limit}`,
        )
        .all(...states),
    insert: (row) => {
      const names = Object.keys(row);
      sql
        .prepare(`insert into orders (${names.join(', ')}) values (${names.map((name) => `@${name}`).join(', ')})`)
        .run(row);
    },
    step,
    transaction: (work) => sql.transaction(work)(),
    close: () => void sql.close(),
  };
}
