import type { Output, PlatformApi } from '@qej/contract';
import { formatInstant } from '@qej/kernel';
import type { TenderIn } from '@qej/tendering';
import { disclosureOf } from '../evaluation/disclosure.ts';
import { readLockedScores } from '../evaluation/locked-scores.ts';
import type { Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { noticeOf, tenderOf } from '../tender/tender-course.ts';
import type { ResultPorts } from './ports.ts';
import { findResult, publishedTender } from './result-course.ts';

type PublicResult = Output<PlatformApi['getPublicResult']>;

const PUBLISHED: readonly string[] = ['candidates-published', 'awarded', 'contracted'];

function awardOf(record: TenderRecord): Partial<PublicResult> {
  const tender = tenderOf(record);
  if (tender.state !== 'awarded' && tender.state !== 'contracted') return {};
  const [award] = tender.awards;
  const result = findResult(record);
  if (award === undefined || result === undefined) return {};
  return {
    winner: award.name,
    awardPrice: award.price,
    awardDocumentId: result.awardDocumentId,
    ...(result.reason === null ? {} : { awardReason: result.reason }),
  };
}

async function committeeNames(tx: Transaction, record: TenderRecord): Promise<Partial<PublicResult>> {
  if (!disclosureOf(noticeOf(record).regime).namesToPublic.includes(record.state)) return {};
  const seats = await tx.seats.list({ tenderId: record.id, state: 'released' }, { orderBy: { seat: 'asc' } });
  const experts = seats.length === 0 ? [] : await tx.experts.list({ id: seats.map(({ expertId }) => expertId) });
  const users = experts.length === 0 ? [] : await tx.users.list({ id: experts.map(({ userId }) => userId) });
  return { committee: users.map(({ name }) => name).toSorted() };
}

/** What everybody may know of the result. @throws DomainError `E_NOT_FOUND` */
export async function getPublicResult(ports: ResultPorts, tenderId: string): Promise<PublicResult> {
  const { record, names } = await ports.db.read(async (tx) => {
    const found = await tx.tenders.get({ id: tenderId });
    return { record: found, names: PUBLISHED.includes(found.state) ? await committeeNames(tx, found) : {} };
  });
  if (!PUBLISHED.includes(record.state)) return { state: record.state, candidates: [] };
  const tender: TenderIn<'candidates-published' | 'awarded' | 'contracted'> = publishedTender(record);
  const { evaluation } = await readLockedScores(ports.blobs, record);
  const totalOf = (bidId: string): string => evaluation.candidates.find((one) => one.bidId === bidId)?.total ?? '0';
  return {
    state: record.state,
    candidates: tender.lots.flatMap(({ candidates }) =>
      candidates.map(({ rank, bidId, name, price }) => ({ rank, bidId, bidder: name, price, total: totalOf(bidId) })),
    ),
    publicityEndsAt: formatInstant(tender.publicityEndsAt),
    ...awardOf(record),
    ...names,
  };
}
