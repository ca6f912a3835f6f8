import { formatInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { publishCandidates as publish } from '@qej/tendering';
import type { TenderIn } from '@qej/tendering';
import type { AuthenticatedContext } from '../handlers.ts';
import { appendEntry } from '../log/append-entry.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { lockTender, noticeOf, saveTender, tenderOf } from '../tender/tender-course.ts';
import type { ResultPorts } from './ports.ts';

/** Bidders, tenderee and agency, each in its role. */
export async function tellParties(
  tx: Transaction,
  record: TenderRecord,
  message: {
    readonly kind: 'candidates-published' | 'award-decided';
    readonly at: Instant;
    readonly params: Readonly<Record<string, string>>;
    readonly bidders: readonly string[];
  },
): Promise<void> {
  const { kind, at, params } = message;
  const audience = [
    ['bidder', message.bidders],
    ['tenderee', [record.tendereeOrganizationId]],
    ['agency', [record.agencyOrganizationId]],
  ] as const;
  for (const [role, organizationIds] of audience)
    if (organizationIds.length > 0)
      await notify(tx, {
        kind,
        at,
        role,
        to: { organizationIds },
        tenderId: record.id,
        params,
        isOpened: true,
        dedupe: `${kind}:${record.id}:${role}`,
      });
}

async function logCandidates(tx: Transaction, tender: TenderIn<'candidates-published'>, now: Instant): Promise<void> {
  const lots = tender.lots.map(({ lotId, candidates }) => ({
    lotId,
    candidates: candidates.map(({ rank, bidId, name, price }) => ({ rank, bidId, name, price })),
  }));
  await appendEntry(tx, {
    type: 'candidates',
    at: now,
    tenderId: tender.tenderId,
    members: { lots, reportSha256: tender.reportSha256, publicityEndsAt: formatInstant(tender.publicityEndsAt) },
    dedupe: `candidates:${tender.tenderId}`,
  });
}

/** Publishes the candidates of the signed report for the publicity period (L2 art. 54). */
export async function publishCandidates(ports: ResultPorts, tenderId: string, context: AuthenticatedContext) {
  const { now } = context;
  await ports.db.transaction('result:publish-candidates', async (tx) => {
    const record = await lockTender(tx, tenderId);
    const { state: tender } = publish(tenderOf(record), now);
    saveTender(record, tender, now);
    await logCandidates(tx, tender, now);
    const bids = await ports.bids.openedBidsOf(tx, tenderId);
    await tellParties(tx, record, {
      kind: 'candidates-published',
      at: now,
      params: { tender: noticeOf(record).title.zh, until: formatInstant(tender.publicityEndsAt) },
      bidders: bids.map(({ organizationId }) => organizationId),
    });
  });
  ports.live.publish({ tenderId, topic: 'tender' });
  return ports.viewTender(tenderId, context);
}
