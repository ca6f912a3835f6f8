import type { Transaction } from '../ports.ts';
import { contentOf } from './open-content.ts';
import type { OpenedBidFile, OpenedContent } from './open-content.ts';
import { registerFactsOf } from './open-lot-technical.ts';

/** What the evaluation gets of a bid that was opened whole. */
export interface OpenedBidFacts {
  readonly bidId: string;
  readonly messageHash: string;
  readonly organizationId: string;
  readonly name: string;
  readonly uscc: string;
  /** Decimal CNY. */
  readonly price: string;
  readonly aboveCeiling: boolean;
  readonly periodDays?: number;
  /** Member `fields` of the technical record, as the bidder sealed it. */
  readonly fields: OpenedContent['fields'];
  readonly files: readonly OpenedBidFile[];
}

/** Bids in state `opened`, in closing order. Files are in the blob store under their `sha256`. */
export async function openedBidsOf(tx: Transaction, tenderId: string): Promise<readonly OpenedBidFacts[]> {
  const rows = await tx.bids.list({ tenderId, state: 'opened' }, { orderBy: { order: 'asc' } });
  return rows.map((row) => {
    const content = contentOf(row);
    if (content === null || content.price === null) throw new Error('an opened bid has content and price');
    const { name, uscc } = registerFactsOf(row);
    const { total, aboveCeiling, periodDays } = content.price;
    return {
      bidId: row.id,
      messageHash: row.messageHash,
      organizationId: row.organizationId,
      name,
      uscc,
      price: total,
      aboveCeiling,
      ...(periodDays === undefined ? {} : { periodDays }),
      fields: content.fields,
      files: content.files,
    };
  });
}
