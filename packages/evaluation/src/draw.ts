import { canonicalJson, DomainError } from '@qej/kernel';
import { checkQuotas, filterReason, quotaReason } from './draw-filters.ts';
import type { DrawFilters, DrawQuotas, FilterReason, QuotaReason } from './draw-filters.ts';
import { checkSeed, permute } from './draw-stream.ts';
import { checkPool } from './pool.ts';
import type { PersonFacts, PoolEntry } from './pool.ts';

export interface CommitteeDrawInputs {
  /** 32 bytes, of purpose `committee`. */
  readonly seed: Uint8Array;
  readonly pool: readonly PoolEntry[];
  readonly filters: DrawFilters;
  readonly quotas: DrawQuotas;
  /** Seats to be filled by the draw. */
  readonly size: number;
  readonly reserves: number;
}

export interface SkippedEntry {
  readonly index: number;
  readonly reason: FilterReason | QuotaReason;
}

/** All numbers are places in the pool. */
export interface CommitteeDraw {
  readonly permutation: readonly number[];
  readonly selected: readonly number[];
  /** The next ones of the same list that pass the filters; quotas are asked when one of them is called. */
  readonly reserves: readonly number[];
  /** Who stood higher in the list than the last one selected and was passed over. */
  readonly skipped: readonly SkippedEntry[];
}

const PERMUTATION_LABEL = 'permutation';

function entryAt(pool: readonly PoolEntry[], index: number): PoolEntry {
  const entry = pool[index];
  if (entry === undefined || entry.index !== index) {
    throw new DomainError('E_DRAW_POOL', { detail: 'wrong place', params: { index } });
  }
  return entry;
}

function select(order: readonly number[], { pool, filters, quotas, size }: CommitteeDrawInputs) {
  const seated: PersonFacts[] = [];
  const selected: number[] = [];
  const skipped: SkippedEntry[] = [];
  for (const index of order) {
    if (selected.length === size) break;
    const { facts } = entryAt(pool, index);
    const reason = filterReason(facts, filters) ?? quotaReason(facts, { seated, size, quotas });
    if (reason !== undefined) {
      skipped.push({ index, reason });
      continue;
    }
    seated.push(facts);
    selected.push(index);
  }
  return { selected, skipped };
}

/**
 * One permutation of the whole pool; the committee is the first entries that pass filters and quotas, in list order.
 * Pure: the same inputs give the same draw on every machine.
 * @throws DomainError `E_DRAW_SEED`, `E_DRAW_POOL`, `E_DRAW_QUOTA`; `E_DRAW_TOO_FEW` when the list ends before the seats are filled.
 */
export function drawCommittee(inputs: CommitteeDrawInputs): CommitteeDraw {
  const { pool, filters, quotas, size, reserves } = inputs;
  checkSeed(inputs.seed);
  if (!Number.isInteger(size) || size < 1 || !Number.isInteger(reserves) || reserves < 0) {
    throw new DomainError('E_DRAW_QUOTA', { detail: 'size and reserves are whole numbers' });
  }
  checkQuotas(quotas, size);
  const permutation = permute(inputs.seed, PERMUTATION_LABEL, pool.length);
  const { selected, skipped } = select(permutation, inputs);
  if (selected.length < size) {
    throw new DomainError('E_DRAW_TOO_FEW', { params: { found: selected.length, needed: size } });
  }
  const waiting = permutation.filter(
    (index) => !selected.includes(index) && filterReason(entryAt(pool, index).facts, filters) === undefined,
  );
  return { permutation, selected, reserves: waiting.slice(0, reserves), skipped };
}

/** The committee as it sits now. */
export interface ReserveInputs extends Omit<CommitteeDrawInputs, 'seed' | 'reserves'> {
  readonly permutation: readonly number[];
  /** Places of members who sit or are still being called. */
  readonly sitting: readonly number[];
  /** Places of everybody who declined, was not reached, recused or was released. */
  readonly gone: readonly number[];
}

/**
 * Who is called for a free seat: the first entry of the same list that is neither sitting nor gone, passes the filters
 * and keeps the quotas beside those who sit. Never a new draw.
 * @throws DomainError `E_DRAW_TOO_FEW` when the list is used up or no seat is free.
 */
export function nextReserve({ permutation, pool, filters, quotas, size, sitting, gone }: ReserveInputs): number {
  if (sitting.length >= size) throw new DomainError('E_DRAW_TOO_FEW', { detail: 'no seat is free' });
  const seated = sitting.map((index) => entryAt(pool, index).facts);
  const found = permutation.find((index) => {
    if (sitting.includes(index) || gone.includes(index)) return false;
    const { facts } = entryAt(pool, index);
    return filterReason(facts, filters) === undefined && quotaReason(facts, { seated, size, quotas }) === undefined;
  });
  if (found === undefined) throw new DomainError('E_DRAW_TOO_FEW', { detail: 'the list is used up' });
  return found;
}

/**
 * Recomputes a published draw from the archive: the pool opens its logged root and the same inputs give the same result.
 * @throws DomainError `E_DRAW_LEAF`, `E_DRAW_ROOT`, `E_DRAW_MISMATCH`, and whatever {@link drawCommittee} refuses.
 */
export function verifyCommitteeDraw(published: CommitteeDraw, inputs: CommitteeDrawInputs, root: string): void {
  checkPool(inputs.pool, root);
  if (canonicalJson(drawCommittee(inputs)) !== canonicalJson(published)) throw new DomainError('E_DRAW_MISMATCH');
}

/**
 * For those who see only the leaves: the permutation follows from the seed, and what was selected goes down the list.
 * @throws DomainError `E_DRAW_MISMATCH`
 */
export function verifyPermutation(
  published: CommitteeDraw,
  { seed, poolSize }: { seed: Uint8Array; poolSize: number },
): void {
  const order = permute(checkSeed(seed), PERMUTATION_LABEL, poolSize);
  const passed = [...published.selected, ...published.skipped.map(({ index }) => index)];
  const head = new Set(order.slice(0, passed.length));
  const goesDown = published.selected.every(
    (index, i, all) => i === 0 || order.indexOf(all[i - 1] ?? -1) < order.indexOf(index),
  );
  const isSame = canonicalJson(order) === canonicalJson(published.permutation);
  if (!isSame || !goesDown || head.size !== new Set(passed).size || passed.some((index) => !head.has(index))) {
    throw new DomainError('E_DRAW_MISMATCH');
  }
}
