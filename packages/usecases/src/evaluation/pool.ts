import { poolRoot, sealPool } from '@qej/evaluation';
import type { ExpertField, PersonFacts, PoolEntry } from '@qej/evaluation';
import { DomainError } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { appendEntry } from '../log/append-entry.ts';
import type { Transaction } from '../ports.ts';
import type { ExpertRecord, TenderRecord } from '../records.ts';
import { noticeOf, setCourse } from '../tender/tender-course.ts';

const snapshotKey = (tenderId: string): string => `pool:${tenderId}`;
const fieldOf = (kind: string): ExpertField => (kind === 'technical' || kind === 'economic' ? kind : 'other');

function factsOf(row: ExpertRecord, name: string): PersonFacts {
  return {
    personId: row.id,
    name,
    field: fieldOf(row.kind),
    specialties: [row.specialty],
    region: row.region,
    employers: [row.employerUscc],
    isSuspended: row.suspended,
    workload: row.recentCommittees,
  };
}

async function sealedPool(tx: Transaction): Promise<PoolEntry[]> {
  const experts = await tx.experts.list({}, { orderBy: { id: 'asc' } });
  const users = experts.length === 0 ? [] : await tx.users.list({ id: experts.map(({ userId }) => userId) });
  const names = new Map(users.map(({ id, name }) => [id, name]));
  return sealPool(
    experts.map((row) => factsOf(row, names.get(row.userId) ?? '')),
    experts.map(({ salt }) => salt),
  );
}

/** Root of the salted leaves of the expert pool as it is now, hex. */
export async function poolRootOf(tx: Transaction): Promise<string> {
  return poolRoot((await sealedPool(tx)).map(({ leaf }) => leaf));
}

/**
 * Fixes the pool for a tender when its notice is published: the root, the committee's size and its filters are logged before
 * any seed can be known. `record` is locked by the caller and its notice is frozen. Calling it again changes nothing.
 */
export async function appendPool(tx: Transaction, record: TenderRecord, now: Instant): Promise<void> {
  const known = await tx.logEntries.find({ dedupe: snapshotKey(record.id) });
  if (known !== undefined) return;
  const pool = await sealedPool(tx);
  const root = poolRoot(pool.map(({ leaf }) => leaf));
  await tx.settings.insert({ id: snapshotKey(record.id), value: pool as unknown as Json }); // plain JSON by its type
  setCourse(record, 'pool', { v: 1, root, size: pool.length });
  const { committee } = noticeOf(record);
  await appendEntry(tx, {
    type: 'pool',
    at: now,
    tenderId: record.id,
    members: { root, size: pool.length, committee: committee as unknown as Json }, // plain JSON by its type
    dedupe: snapshotKey(record.id),
  });
}

/** The pool as it was logged. @throws DomainError `E_STATE` when none was. */
export async function readPool(tx: Transaction, record: TenderRecord): Promise<{ pool: PoolEntry[]; root: string }> {
  const row = await tx.settings.find({ id: snapshotKey(record.id) });
  const course = record.course['pool'] as { readonly root?: string } | undefined; // written by appendPool alone
  if (row === undefined || course?.root === undefined)
    throw new DomainError('E_STATE', { detail: 'no expert pool was logged for this tender' });
  return { pool: row.value as unknown as PoolEntry[], root: course.root };
}
