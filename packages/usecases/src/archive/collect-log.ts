import { verifyCheckpoint } from '@qej/evidence';
import { DomainError, toBase64, toHex, utf8 } from '@qej/kernel';
import type { CheckpointRecord, LogEntryRecord, TenderRecord } from '../records.ts';
import { jsonMember } from './json-member.ts';
import type { ArchiveMember, ArchivePorts } from './ports.ts';

type Placed = LogEntryRecord & { readonly seq: number };
/** So many checkpoints after the closing are looked at for one that was cosigned after the deadline. */
const LOOK_AHEAD = 200;

async function entriesOf({ db }: ArchivePorts, tenderId: string): Promise<Placed[]> {
  const rows = await db.read((tx) => tx.logEntries.list({ tenderId }, { orderBy: { ordinal: 'asc' } }));
  const placed = rows.filter((row): row is Placed => row.seq !== null);
  if (placed.length !== rows.length)
    throw new DomainError('E_STATE', { detail: 'an entry is not in the log yet, try again in a moment' });
  return placed;
}

/** The first checkpoints after an entry that a witness has cosigned. */
const cosignedAfter = ({ db }: ArchivePorts, seq: number, limit: number): Promise<CheckpointRecord[]> =>
  db.read((tx) =>
    tx.checkpoints.list({ cosigned: true }, { orderBy: { size: 'asc' }, limit, after: { member: 'size', value: seq } }),
  );

/** The first checkpoint with the closing entry that a witness signed later than the deadline. */
async function closingCheckpoint(
  ports: ArchivePorts,
  seq: number,
  deadline: number,
): Promise<CheckpointRecord | undefined> {
  const { log } = ports;
  const witnesses = log.witnesses.map(({ vkey, independent }) => ({ vkey, independent }));
  for (const row of await cosignedAfter(ports, seq, LOOK_AHEAD)) {
    const policy = { origin: log.origin, logKey: log.vkey, witnesses, quorum: 0 };
    const { cosignatures } = await verifyCheckpoint(row.note, policy);
    if (cosignatures.some(({ at }) => at > deadline)) return row;
  }
  return undefined;
}

interface NamedCheckpoint {
  readonly at: 'publication' | 'closing' | 'last';
  readonly size: number;
  readonly note: string;
}

async function checkpointsOf(
  ports: ArchivePorts,
  record: TenderRecord,
  entries: readonly Placed[],
  last: { readonly size: number; readonly note: string },
): Promise<NamedCheckpoint[]> {
  const seqOf = (type: string) => entries.find((entry) => entry.type === type)?.seq;
  const [notice, closing] = [seqOf('notice'), seqOf('closing')];
  const first = notice === undefined ? undefined : (await cosignedAfter(ports, notice, 1))[0];
  const closed = closing === undefined ? undefined : await closingCheckpoint(ports, closing, record.deadline);
  return [
    ...(first === undefined ? [] : [{ at: 'publication' as const, size: first.size, note: first.note }]),
    ...(closed === undefined ? [] : [{ at: 'closing' as const, size: closed.size, note: closed.note }]),
    { at: 'last', size: last.size, note: last.note },
  ];
}

/**
 * Every entry of the tender with its way into the newest cosigned tree, and one line from the publication's tree to it.
 * @throws DomainError `E_STATE` while an entry has no place in a cosigned tree yet.
 */
export async function collectLog(ports: ArchivePorts, record: TenderRecord): Promise<ArchiveMember> {
  const { log } = ports;
  const entries = await entriesOf(ports, record.id);
  // Once: the log grows meanwhile, and every proof must lead to one and the same tree.
  const last = await log.latest();
  const checkpoints = await checkpointsOf(ports, record, entries, last);
  const { size } = last;
  const reader = log.reader(size);
  const listed = [];
  for (const { seq, type, commitment, salt, body } of entries) {
    if (seq >= size)
      throw new DomainError('E_STATE', { detail: 'an entry waits for its witness, try again in a moment' });
    const proof = (await reader.inclusionProof(seq)).map(toHex);
    const opened = body === null ? { salt: null, body: null } : { salt, body: toBase64(utf8(body)) };
    listed.push({ seq, type, commitment, ...opened, proof });
  }
  const shown = [];
  for (const { at, note, size: from } of checkpoints)
    shown.push({ at, note, consistency: (await reader.consistencyProof(from)).map(toHex) });
  return jsonMember('log.json', { origin: log.origin, vkey: log.vkey, checkpoints: shown, entries: listed });
}
