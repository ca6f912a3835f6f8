import { DomainError, formatInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { awardTender as decideAward, recordContract as decideContract } from '@qej/tendering';
import type { TenderIn } from '@qej/tendering';
import { isFullySigned } from '../documents/create-document.ts';
import { disclosureOf } from '../evaluation/disclosure.ts';
import type { OpenedBid } from '../evaluation/ports.ts';
import type { AuthenticatedContext } from '../handlers.ts';
import { enqueueJob } from '../jobs/enqueue-job.ts';
import { appendEntry } from '../log/append-entry.ts';
import type { Transaction } from '../ports.ts';
import type { DocumentRecord, TenderRecord } from '../records.ts';
import { lockTender, noticeOf, saveTender, tenderOf } from '../tender/tender-course.ts';
import type { ResultPorts } from './ports.ts';
import { tellParties } from './publish-candidates.ts';
import { findResult, publishedTender } from './result-course.ts';

/** The job that writes the bidders' score letters. */
export const SCORE_LETTERS = 'result:score-letters';

interface Decided {
  readonly tender: TenderIn<'awarded'>;
  readonly document: DocumentRecord;
}

/** @throws DomainError `E_STATE`, `E_DOCUMENT_UNSIGNED`, `E_PUBLICITY_RUNNING`, `E_OBJECTION_OPEN` */
async function decide(tx: Transaction, record: TenderRecord, now: Instant): Promise<Decided> {
  const published = publishedTender(record);
  const choice = findResult(record);
  if (published.state !== 'candidates-published') throw new DomainError('E_STATE', { detail: 'the award is made' });
  const document = choice === undefined ? undefined : await tx.documents.find({ id: choice.awardDocumentId });
  if (choice === undefined || document === undefined || !isFullySigned(document))
    throw new DomainError('E_DOCUMENT_UNSIGNED');
  const awards = published.lots.flatMap(({ lotId, candidates }) =>
    candidates
      .filter(({ bidId }) => bidId === choice.bidId)
      .map(({ bidId, organizationId, name, price }) => ({ lotId, bidId, organizationId, name, price })),
  );
  const command = { awards, awardNoticeSha256: document.sha256, reason: choice.reason };
  return { tender: decideAward(tenderOf(record), command, now).state, document };
}

/** The entry first, waited for until a witness has cosigned it: an award counts when it can no longer be taken back unseen. */
async function writeEntry(ports: ResultPorts, tenderId: string, now: Instant): Promise<number> {
  const entry = await ports.db.transaction('result:award-entry', async (tx) => {
    const record = await lockTender(tx, tenderId);
    const { tender } = await decide(tx, record, now);
    const awards = tender.awards.map(({ lotId, bidId, name, price }) => ({ lotId, bidId, name, price }));
    const reason = findResult(record)?.reason ?? null;
    const members = { awards, noticeSha256: tender.awardNoticeSha256, reason };
    return appendEntry(tx, { type: 'award', at: now, tenderId, members, dedupe: `award:${tenderId}` });
  });
  if (entry.ordinal === undefined) throw new Error('an inserted entry has an ordinal');
  return entry.ordinal;
}

/** Whose deposit goes back with the award notice (L2 art. 57, L3 art. 33). */
function releasedAtAward({ tender }: Decided, bids: readonly OpenedBid[]): string[] {
  const winners = tender.awards.map(({ organizationId }) => organizationId);
  const candidates = tender.lots.flatMap((lot) => lot.candidates.map(({ organizationId }) => organizationId));
  const kept = disclosureOf(tender.notice.regime).releasedAtAward === 'all-losers' ? winners : candidates;
  return bids.map(({ organizationId }) => organizationId).filter((id) => !kept.includes(id));
}

async function release(
  tx: Transaction,
  ports: ResultPorts,
  what: { tenderId: string; organizationIds: readonly string[]; reason: string },
): Promise<void> {
  if (what.organizationIds.length > 0) await ports.deposits.releaseDeposits(tx, what);
}

/**
 * Issues the signed award notice: the award is logged and cosigned, every bidder is told, score letters are written, deposits of
 * who can no longer win go back.
 * @throws DomainError `E_WITNESS_MISSING` and whatever the decision refuses
 */
export async function awardTender(ports: ResultPorts, tenderId: string, context: AuthenticatedContext) {
  const { now } = context;
  await ports.log.settle(await writeEntry(ports, tenderId, now));
  await ports.db.transaction('result:award', async (tx) => {
    const record = await lockTender(tx, tenderId);
    const decided = await decide(tx, record, now);
    saveTender(record, decided.tender, now);
    decided.document.audience = 'public';
    decided.document.organizationId = decided.tender.awards[0]?.organizationId ?? null;
    const bids = await ports.bids.openedBidsOf(tx, tenderId);
    const bidders = bids.map(({ organizationId }) => organizationId);
    await tellParties(tx, record, {
      kind: 'award-decided',
      at: now,
      params: { tender: noticeOf(record).title.zh },
      bidders,
    });
    await release(tx, ports, { tenderId, organizationIds: releasedAtAward(decided, bids), reason: 'award' });
    await enqueueJob(tx, { kind: SCORE_LETTERS, dedupe: `score-letters:${tenderId}`, payload: { tenderId }, at: now });
  });
  ports.live.publish({ tenderId, topic: 'tender' });
  return ports.viewTender(tenderId, context);
}

export interface ContractCommand {
  readonly tenderId: string;
  readonly signedOn: Instant;
  /** Decimal CNY; must be the price of the award (L1 art. 46). */
  readonly amount: string;
  readonly sha256?: string | undefined;
}

/** Records the contract and releases every deposit that is left, the winner's too (L2 art. 57: within five days). */
export async function recordContract(ports: ResultPorts, command: ContractCommand, context: AuthenticatedContext) {
  const { tenderId, signedOn, amount, sha256 = '' } = command;
  const { now } = context;
  await ports.db.transaction('result:contract', async (tx) => {
    const record = await lockTender(tx, tenderId);
    const contracts = [{ lotId: record.lotId, signedAt: signedOn, contractSha256: sha256, amount }];
    saveTender(record, decideContract(tenderOf(record), contracts, now).state, now);
    const members = { amount, signedOn: formatInstant(signedOn), sha256 };
    await appendEntry(tx, { type: 'contract', at: now, tenderId, members, dedupe: `contract:${tenderId}` });
    const bids = await ports.bids.openedBidsOf(tx, tenderId);
    await release(tx, ports, {
      tenderId,
      organizationIds: bids.map(({ organizationId }) => organizationId),
      reason: 'contract',
    });
  });
  ports.live.publish({ tenderId, topic: 'tender' });
  return ports.viewTender(tenderId, context);
}
