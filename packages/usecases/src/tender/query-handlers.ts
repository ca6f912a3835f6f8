import { DomainError } from '@qej/kernel';
import type { AuthenticatedContext, Handlers } from '../handlers.ts';
import type { Transaction, Where } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { noticeBytes } from './tender-bytes.ts';
import { nextStepOf } from './next-step.ts';
import type { TenderPorts } from './ports.ts';
import { isPublic, maySee, summarize, viewRecord, viewTender } from './view-tender.ts';

const PAGE = 20;
const DESK = 200;
const FINISHED = ['contracted', 'terminated', 'failed-few'];

const matches = (record: TenderRecord, q: string | undefined): boolean => {
  if (q === undefined || q.trim() === '') return true;
  const { title } = record.draft as { title: { zh: string; en: string } };
  const needle = q.trim().toLowerCase();
  return [record.code, title.zh, title.en].some((text) => text.toLowerCase().includes(needle));
};

/** Published tenders, newest last published first; keyset by publication time. */
async function listPublic(
  tx: Transaction,
  query: { q?: string | undefined; state?: string | undefined; after?: string | undefined; limit?: number | undefined },
) {
  const limit = query.limit ?? PAGE;
  const where: Where<TenderRecord> = query.state === undefined ? {} : { state: query.state };
  const found: TenderRecord[] = [];
  let after = query.after === undefined ? undefined : Number(query.after);
  for (;;) {
    const rows = await tx.tenders.list(where, {
      orderBy: { publishedAt: 'desc' },
      limit: limit * 2,
      ...(after === undefined ? {} : { after: { member: 'publishedAt', value: after } }),
    });
    for (const row of rows) {
      if (isPublic(row) && matches(row, query.q)) found.push(row);
      if (found.length === limit) return { found, next: row.publishedAt };
    }
    const last = rows.at(-1);
    if (rows.length < limit * 2 || last === undefined || last.publishedAt === null) return { found, next: null };
    after = last.publishedAt;
  }
}

/** Tenders that a role has to do with. */
async function tendersOf(tx: Transaction, { caller }: AuthenticatedContext): Promise<TenderRecord[]> {
  const recent = { orderBy: { updatedAt: 'desc' }, limit: DESK } as const;
  const byIds = async (ids: readonly string[]): Promise<TenderRecord[]> =>
    ids.length === 0 ? [] : tx.tenders.list({ id: ids }, recent);
  switch (caller.role) {
    case 'agency':
      return tx.tenders.list({ agencyOrganizationId: caller.organizationId }, recent);
    case 'tenderee':
      return tx.tenders.list({ tendereeOrganizationId: caller.organizationId }, recent);
    case 'bidder': {
      // Before the opening nobody knows who bids: an open tender is on every bidder's desk.
      const own = await byIds(
        (await tx.bids.list({ organizationId: caller.organizationId })).map(({ tenderId }) => tenderId),
      );
      return [...own, ...(await tx.tenders.list({ state: 'published' }, recent))];
    }
    case 'expert': {
      const expert = await tx.experts.find({ userId: caller.userId });
      return expert === undefined
        ? []
        : byIds(
            (
              await tx.seats.list({ expertId: expert.id, state: ['accepted', 'signed-in', 'declared', 'released'] })
            ).map(({ tenderId }) => tenderId),
          );
    }
    default:
      return (await tx.tenders.list({}, recent)).filter(isPublic);
  }
}

/** The desk: what is the caller's to do, what waits for others, what is over. */
async function desk(ports: TenderPorts, context: AuthenticatedContext) {
  return ports.db.read(async (tx) => {
    const records = await tendersOf(tx, context);
    const finished = records.filter(({ state }) => FINISHED.includes(state));
    const open = records.filter(({ state }) => !FINISHED.includes(state));
    const isDue = (record: TenderRecord): boolean => nextStepOf(record, context.caller, context.now) !== undefined;
    const due = await Promise.all(open.filter(isDue).map((record) => viewRecord(tx, record, context)));
    const waiting = await Promise.all(open.filter((record) => !isDue(record)).map((record) => summarize(tx, record)));
    return { due, waiting, finished: await Promise.all(finished.map((record) => summarize(tx, record))) };
  });
}

/** What anybody may read of tenders, and each person's desk. */
export function makeTenderQueryHandlers(
  ports: TenderPorts,
): Handlers<'listTenders' | 'listMyTenders' | 'getTender' | 'getNotice'> {
  return {
    listTenders: ({ query }) =>
      ports.db.read(async (tx) => {
        const { found, next } = await listPublic(tx, query);
        return {
          items: await Promise.all(found.map((record) => summarize(tx, record))),
          ...(next === null ? {} : { next: String(next) }),
        };
      }),
    listMyTenders: (_input, context) => desk(ports, context),
    getTender: ({ params }, context) => viewTender(ports, params.tenderId, context),
    getNotice: async ({ params }, context) => {
      const record = await ports.db.read((tx) => tx.tenders.get({ id: params.tenderId }));
      // Holders read a notice that is not published yet: they are asked to accept it.
      if (record.state !== 'awaiting-holders' && !maySee(record, context)) throw new DomainError('E_NOT_FOUND');
      return noticeBytes(record);
    },
  };
}
