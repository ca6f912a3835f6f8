import { formatInstant, instant } from '@qej/kernel';
import type { TenderRecord } from '../records.ts';
import { jsonMember } from './json-member.ts';
import type { ArchiveMember, ArchivePorts } from './ports.ts';

const at = (ms: number): string => formatInstant(instant(ms));

/** What holders promised and what they released, each as it was signed. */
export async function collectKeys({ db }: ArchivePorts, { id: tenderId }: TenderRecord): Promise<ArchiveMember[]> {
  const { accepted, released } = await db.read(async (tx) => ({
    accepted: await tx.acceptances.list({ tenderId }, { orderBy: { stage: 'asc', holderId: 'asc' } }),
    released: await tx.releases.list({ tenderId }, { orderBy: { releasedAt: 'asc', holderId: 'asc', stage: 'asc' } }),
  }));
  const acceptances = accepted.map(({ acceptance, cms, proof, acceptedAt }) => ({
    acceptance,
    cms,
    proof,
    acceptedAt: at(acceptedAt),
  }));
  const releases = released.map(({ release, cms, releasedAt }) => ({ release, cms, releasedAt: at(releasedAt) }));
  const promised = jsonMember('acceptances.json', { acceptances });
  return releases.length === 0 ? [promised] : [promised, jsonMember('releases.json', { releases })];
}
