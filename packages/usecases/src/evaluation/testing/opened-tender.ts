import { newId } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { encodeNotice } from '@qej/tendering';
import { createHash } from 'node:crypto';
import { composeNotice } from '../../tender/compose-notice.ts';
import { appendPool } from '../pool.ts';
import type { OpenedBid } from '../ports.ts';
import type { EvaluationWorld } from './evaluation-world.ts';
import { draftOf, holder, partyOf } from './test-tender.ts';

export interface Made {
  readonly tenderId: string;
  readonly bids: readonly OpenedBid[];
}

async function openBids(world: EvaluationWorld, tenderId: string): Promise<readonly OpenedBid[]> {
  const prices = ['9200000.00', '9500000.00', '8900000.00'];
  const bids: OpenedBid[] = [];
  for (const [index, { organization }] of world.bidders.entries()) {
    const content = new TextEncoder().encode(`技术文件 ${index} ${tenderId}`);
    const { sha256, bytes } = await world.base.blobs.put(content);
    const file = {
      fileIndex: 0,
      stage: 'technical',
      part: 'technical',
      name: '技术文件.txt',
      mediaType: 'text/plain',
      bytes,
      sha256,
    };
    bids.push({
      bidId: newId(),
      organizationId: organization.id,
      name: organization.name,
      price: prices[index] ?? '',
      files: [file],
    });
  }
  return bids;
}

/** The tender as it stands right after the opening. */
export async function insertOpenedTender(
  world: EvaluationWorld,
  change: Partial<ReturnType<typeof draftOf>>,
): Promise<Made> {
  const [tenderId, lotId] = [newId(), newId()];
  const notice = composeNotice(
    { ...draftOf(world.tenderee.organization.id), ...change },
    {
      tenderId,
      lotId,
      tenderee: partyOf(world.tenderee.organization),
      agency: partyOf(world.agency.organization),
      holders: [holder('a', 'agency'), holder('b', 'venue-witness'), holder('c', 'escrow')],
      document: { name: '招标文件.pdf', mediaType: 'application/pdf', length: 10, sha256: '0'.repeat(64) },
      attachments: [],
      now: world.now,
    },
  );
  const bytes = encodeNotice(notice);
  const noticeHash = createHash('sha256').update(bytes).digest('hex');
  const facts = {
    state: 'opened',
    tenderId,
    noticeHash,
    publishedAt: world.now,
    closesAt: world.now,
    edition: 0,
    closedAt: world.now,
    windowEndsAt: world.now,
    openLotIds: [lotId],
    openedAt: world.now,
    openingRecordSha256: '1'.repeat(64),
  };
  await world.db.transaction('test', async (tx) => {
    const record = await tx.tenders.insert({
      id: tenderId,
      code: `T-${tenderId.slice(0, 12)}`,
      state: 'published',
      version: 1,
      agencyOrganizationId: world.agency.organization.id,
      tendereeOrganizationId: world.tenderee.organization.id,
      createdBy: world.agency.caller.userId,
      draft: draftOf(world.tenderee.organization.id) as unknown as Json,
      notice: new TextDecoder().decode(bytes),
      noticeHash,
      lotId,
      deadline: world.now,
      publishedAt: world.now,
      nextCheckAt: null,
      retenderOf: null,
      course: {},
      createdAt: world.now,
      updatedAt: world.now,
    });
    await appendPool(tx, record, world.now);
    record.course = { ...record.course, tender: facts };
    record.state = 'opened';
  });
  return { tenderId, bids: await openBids(world, tenderId) };
}
