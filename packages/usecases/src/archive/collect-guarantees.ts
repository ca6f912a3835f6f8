import { canonicalBytes, toBase64 } from '@qej/kernel';
import type { TenderRecord } from '../records.ts';
import { jsonMember } from './json-member.ts';
import type { ArchiveMember, ArchivePorts } from './ports.ts';

/** Undertakings by bid, each with the certificate that its guarantor signed. Full profile only. */
export async function collectGuarantees(
  { db }: ArchivePorts,
  { id: tenderId }: TenderRecord,
): Promise<ArchiveMember[]> {
  const { rows, bids, documents } = await db.read(async (tx) => ({
    rows: await tx.revealedGuarantees.list({ tenderId }, { orderBy: { number: 'asc' } }),
    bids: await tx.bids.list({ tenderId }),
    documents: await tx.documents.list({ tenderId, kind: 'certificate' }),
  }));
  const guarantees = rows.flatMap(({ bidId, undertaking, certificateDocumentId }) => {
    const bid = bids.find(({ id }) => id === bidId);
    const certificate = documents.find(({ id }) => id === certificateDocumentId)?.sha256;
    if (bid === undefined || certificate === undefined) return [];
    return [{ messageHash: bid.messageHash, undertaking: toBase64(canonicalBytes(undertaking)), certificate }];
  });
  return [jsonMember('guarantees.json', { guarantees })];
}
