import { DomainError } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Handlers } from '../handlers.ts';
import type { TenderRecord } from '../records.ts';
import { collectBids } from './collect-bids.ts';
import { collectDraws, collectEvaluation, collectResult } from './collect-evaluation.ts';
import { collectGuarantees } from './collect-guarantees.ts';
import { collectKeys } from './collect-keys.ts';
import { collectLog } from './collect-log.ts';
import { collectDocuments, collectNotice, collectTrust } from './collect-notice.ts';
import type { ArchiveMember, ArchivePorts, ArchiveProfile } from './ports.ts';
import { sealArchive } from './seal-archive.ts';

/** A tender is archived when it has come to an end: contracted or awarded, failed, terminated. */
export const archivedStates: readonly string[] = ['awarded', 'contracted', 'failed-few', 'terminated'];

async function collect(ports: ArchivePorts, record: TenderRecord, profile: ArchiveProfile): Promise<ArchiveMember[]> {
  const open = [
    ...collectNotice(record),
    ...(await collectDocuments(ports, record, profile)),
    ...(await collectKeys(ports, record)),
    ...(await collectBids(ports, record, profile)),
    ...(await collectDraws(ports, record, profile)),
    ...collectResult(record),
    await collectTrust(ports),
    await collectLog(ports, record),
  ];
  if (profile === 'public') return open;
  return [...open, ...(await collectEvaluation(ports, record)), ...(await collectGuarantees(ports, record))];
}

interface Kept {
  readonly of: string;
  readonly sha256: string;
}

/** What an archive is made of changes with the row and with the tender's entries in the log. */
async function versionOf({ db }: ArchivePorts, record: TenderRecord): Promise<string> {
  const entries = await db.read((tx) => tx.logEntries.list({ tenderId: record.id }, { orderBy: { ordinal: 'asc' } }));
  return `${record.state}:${record.updatedAt}:${entries.length}:${entries.at(-1)?.commitment ?? ''}`;
}

async function keep(ports: ArchivePorts, id: string, kept: Kept): Promise<void> {
  await ports.db.transaction('archive:keep', async (tx) => {
    const known = await tx.settings.find({ id });
    if (known === undefined) await tx.settings.insert({ id, value: { ...kept } });
    else known.value = { ...kept };
  });
}

/** Made once for a state of the tender and kept: everybody gets the same file, and asking often costs nothing. */
async function makeOrGet(
  ports: ArchivePorts,
  tenderId: string,
  profile: ArchiveProfile,
  now: Instant,
): Promise<Uint8Array> {
  const record = await ports.db.read((tx) => tx.tenders.get({ id: tenderId }));
  if (record.publishedAt === null) throw new DomainError('E_NOT_FOUND');
  if (!archivedStates.includes(record.state))
    throw new DomainError('E_STATE', { detail: `${record.state}: an archive is made when the tender has ended` });
  const id = `archive:${tenderId}:${profile}`;
  const of = await versionOf(ports, record);
  const kept = (await ports.db.read((tx) => tx.settings.find({ id })))?.value as unknown as Kept | undefined; // written by keep alone
  if (kept?.of === of) return ports.blobs.get(kept.sha256);
  const members = await collect(ports, record, profile);
  const { code, state } = record;
  const head = { profile, tenderId, code, state, origin: ports.log.origin, createdAt: now };
  const bytes = await sealArchive(head, members, ports.trust);
  const { sha256 } = await ports.blobs.put(bytes);
  await keep(ports, id, { of, sha256 });
  return bytes;
}

/** Requests for the same archive that come together wait for one making of it. */
export function makeArchiveHandlers(ports: ArchivePorts): Handlers<'getArchive' | 'getFullArchive'> {
  const making = new Map<string, Promise<Uint8Array>>();
  const get = (tenderId: string, profile: ArchiveProfile, now: Instant): Promise<Uint8Array> => {
    const key = `${tenderId}:${profile}`;
    const running = making.get(key) ?? makeOrGet(ports, tenderId, profile, now).finally(() => making.delete(key));
    making.set(key, running);
    return running;
  };
  return {
    getArchive: ({ params }, { now }) => get(params.tenderId, 'public', now),
    getFullArchive: ({ params }, { now }) => get(params.tenderId, 'full', now),
  };
}
