import { addMember, defaultQuotas, drawCommittee, formCommittee, moveMember, nextReserve } from '@qej/evaluation';
import type { CommitteeDraw, DrawFilters, DrawQuotas, PoolEntry } from '@qej/evaluation';
import { canonicalBytes, DomainError, formatInstant, newId, toHex } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { drawCommittee as recordDraw } from '@qej/tendering';
import type { Notice } from '@qej/tendering';
import { appendEntry } from '../log/append-entry.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { lockTender, noticeOf, saveTender, tenderOf } from '../tender/tender-course.ts';
import { memberIdOf, requireTenderState, saveCommittee } from './committee-course.ts';
import type { CommitteeCourse } from './committee-course.ts';
import { readPool } from './pool.ts';
import type { EvaluationPorts } from './ports.ts';

const NO_LIMIT = 999_999;

export async function sha256Hex(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(bytes))));
}

/** Tenderee, agency and everybody who bid: nobody with an interest in one of them may sit (L2 art. 46). */
async function interestedUsccs(tx: Transaction, record: TenderRecord, notice: Notice): Promise<string[]> {
  const bids = await tx.bids.list({ tenderId: record.id });
  const ids = [...new Set(bids.map(({ organizationId }) => organizationId))];
  const bidders = ids.length === 0 ? [] : await tx.organizations.list({ id: ids });
  const named = [notice.tenderee.uscc, notice.agency.uscc, ...notice.committee.filters.excludedUsccs];
  return [...new Set([...named, ...bidders.map(({ uscc }) => uscc)])].sort();
}

async function filtersOf(tx: Transaction, record: TenderRecord, extraUsccs: readonly string[]): Promise<DrawFilters> {
  const notice = noticeOf(record);
  const { filters } = notice.committee;
  // Whoever was suspended after the pool was logged is passed over like one who was suspended before.
  const suspended = await tx.experts.list({ suspended: true }, { orderBy: { id: 'asc' } });
  return {
    specialties: [],
    regions: filters.regions,
    excludedEmployers: [...new Set([...(await interestedUsccs(tx, record, notice)), ...extraUsccs])].sort(),
    excludedPersons: suspended.map(({ id }) => id),
    maxWorkload: filters.maxRecentCommittees ?? NO_LIMIT,
  };
}

const quotasOf = ({ committee }: Notice): DrawQuotas => ({
  ...defaultQuotas,
  specialties: committee.quotas.map(({ specialty, seats }) => ({ specialty, min: seats })),
});

/** Too few experts is something the agency can mend; every other refusal of the draw stays what it is. */
function asPoolRefusal(error: unknown): never {
  if (error instanceof DomainError && error.code === 'E_DRAW_TOO_FEW')
    throw new DomainError('E_POOL_SMALL', { params: error.params, cause: error });
  throw error;
}

function draw(inputs: Parameters<typeof drawCommittee>[0]): CommitteeDraw {
  try {
    return drawCommittee(inputs);
  } catch (error) {
    return asPoolRefusal(error);
  }
}

/** Tells an expert that a committee asks for him: day and place, never the project. */
async function callExpert(
  tx: Transaction,
  record: TenderRecord,
  called: { seat: number; entry: PoolEntry; now: Instant },
): Promise<void> {
  const { seat, entry, now } = called;
  const expert = await tx.experts.get({ id: entry.facts.personId });
  await tx.seats.insert({
    id: newId(),
    tenderId: record.id,
    seat,
    poolIndex: entry.index,
    expertId: expert.id,
    kind: expert.kind,
    state: 'called',
    isChair: false,
    chairVote: null,
    declaration: {},
    sheetCms: null,
    submittedAt: null,
    updatedAt: now,
  });
  await notify(tx, {
    kind: 'expert-called',
    at: now,
    role: 'expert',
    to: { userIds: [expert.userId] },
    params: { date: formatInstant(now).slice(0, 10), place: '线上评标室 online room' },
    isOpened: true,
    dedupe: `call:${record.id}:${seat}`,
  });
}

const entryAt = (pool: readonly PoolEntry[], index: number): PoolEntry => {
  const entry = pool[index];
  if (entry === undefined) throw new Error(`the pool has no place ${index}`);
  return entry;
};

function logDraw(tx: Transaction, record: TenderRecord, { course, now }: { course: CommitteeCourse; now: Instant }) {
  const { seed, poolRoot, poolSize, selected, reserves, skipped } = course.draw;
  const { excludedPersons: _hidden, ...filters } = course.filters;
  const members = {
    seed,
    poolRoot,
    poolSize,
    size: selected.length,
    selected,
    reserves,
    skipped,
    filters,
    quotas: course.quotas,
  };
  return appendEntry(tx, {
    type: 'draw',
    at: now,
    tenderId: record.id,
    members: JSON.parse(JSON.stringify(members)) as Record<string, Json>,
    dedupe: `draw:${record.id}`,
  });
}

/**
 * Draws the committee out of the pool as it was logged at publication, with the seed of the opened seals, and calls the
 * members. The log gets places in the pool; names stay sealed.
 * @throws DomainError `E_STATE`, `E_POOL_SMALL`
 */
export async function drawTenderCommittee(ports: EvaluationPorts, tenderId: string, now: Instant): Promise<void> {
  await ports.db.transaction('evaluation:draw', async (tx) => {
    const record = await lockTender(tx, tenderId);
    requireTenderState(record, 'opened');
    const { committee: rule } = noticeOf(record);
    const { pool, root } = await readPool(tx, record);
    const opened = await ports.bids.openedBidsOf(tx, tenderId);
    const owners =
      opened.length === 0 ? [] : await tx.organizations.list({ id: opened.map((bid) => bid.organizationId) });
    const filters = await filtersOf(
      tx,
      record,
      owners.map(({ uscc }) => uscc),
    );
    const quotas = quotasOf(noticeOf(record));
    const seed = await ports.seeds.drawSeed(record, 'committee');
    const drawn = draw({ seed, pool, filters, quotas, size: rule.size, reserves: rule.reserves });
    const seats = drawn.selected.map((poolIndex, place) => ({ memberId: memberIdOf(place + 1), poolIndex }));
    let committee = formCommittee({ seats, signInFrom: now }, now);
    for (const { memberId } of seats) committee = moveMember(committee, { memberId, event: 'call' }, now).state;
    for (const [place, index] of drawn.selected.entries())
      await callExpert(tx, record, { seat: place + 1, entry: entryAt(pool, index), now });
    const facts = { seed: toHex(seed), poolRoot: root, poolSize: pool.length };
    const course: CommitteeCourse = { v: 1, committee, draw: { ...drawn, ...facts }, filters, quotas };
    await logDraw(tx, record, { course, now });
    saveTender(
      record,
      recordDraw(tenderOf(record), await sha256Hex(canonicalBytes({ ...drawn, ...facts })), now).state,
      now,
    );
    await saveCommittee(tx, record, { course, now });
  });
  ports.live.publish({ tenderId, topic: 'committee' });
}

/** The reserve that takes a free seat, or undefined when the list is used up. */
function findReserve(course: CommitteeCourse, pool: readonly PoolEntry[]): number | undefined {
  const { committee, draw: drawn, filters, quotas } = course;
  const places = (states: (state: string) => boolean) =>
    committee.members.filter(({ state }) => states(state)).flatMap(({ poolIndex }) => poolIndex ?? []);
  const isGone = (state: string) => ['declined', 'unreachable', 'absent', 'recused', 'left'].includes(state);
  const [sitting, gone] = [places((state) => !isGone(state)), places(isGone)];
  try {
    return nextReserve({ permutation: drawn.permutation, pool, filters, quotas, size: committee.size, sitting, gone });
  } catch (error) {
    if (error instanceof DomainError && error.code === 'E_DRAW_TOO_FEW') return undefined;
    throw error;
  }
}

/**
 * A seat became free: the next of the same list is called, and the log says which place followed which.
 * When the list is used up the seat stays free, which the log says too.
 */
export async function fillSeat(
  tx: Transaction,
  record: TenderRecord,
  { course, vacated, because, now }: { course: CommitteeCourse; vacated: number; because: string; now: Instant },
): Promise<CommitteeCourse> {
  const { pool } = await readPool(tx, record);
  const poolIndex = findReserve(course, pool);
  const seat = course.committee.members.length + 1;
  await appendEntry(tx, {
    type: 'member-replaced',
    at: now,
    tenderId: record.id,
    members: { seat: vacated, because, next: poolIndex === undefined ? null : { seat, poolIndex } },
    dedupe: `replaced:${record.id}:${vacated}`,
  });
  if (poolIndex === undefined) return course;
  const memberId = memberIdOf(seat);
  const added = addMember(course.committee, { memberId, poolIndex }, now).state;
  const committee = moveMember(added, { memberId, event: 'call' }, now).state;
  await callExpert(tx, record, { seat, entry: entryAt(pool, poolIndex), now });
  return { ...course, committee };
}
