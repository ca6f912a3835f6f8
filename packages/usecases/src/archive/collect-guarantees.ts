import type { TenderRecord } from '../records.ts';
import { jsonMember } from './json-member.ts';
import type { ArchiveMember, ArchivePorts } from './ports.ts';

/** As the deposit station keeps a revealed guarantee: the guarantor's bytes and its CMS over them, base64. */
interface RevealedUndertaking {
  readonly bytes: string;
  readonly cms: string;
}

/** Undertakings as the guarantors signed them, by bid. Full profile only. */
export async function collectGuarantees(
  { db }: ArchivePorts,
  { id: tenderId }: TenderRecord,
): Promise<ArchiveMember[]> {
  const { rows, bids } = await db.read(async (tx) => ({
    rows: await tx.revealedGuarantees.list({ tenderId }, { orderBy: { number: 'asc' } }),
    bids: await tx.bids.list({ tenderId }),
  }));
  const guarantees = rows.flatMap(({ bidId, undertaking }) => {
    const bid = bids.find(({ id }) => id === bidId);
    const { bytes, cms } = undertaking as unknown as RevealedUndertaking; // written by the deposit station alone
    return bid === undefined ? [] : [{ messageHash: bid.messageHash, undertaking: bytes, cms }];
  });
  return [jsonMember('guarantees.json', { guarantees })];
}
