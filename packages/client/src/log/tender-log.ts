import type { Answer, PlatformApi } from '@qej/contract';
import { hashLeaf, verifyCheckpoint, verifyEntry, verifyInclusion } from '@qej/evidence';
import type { CheckedCheckpoint, EntryBody, WitnessPolicy } from '@qej/evidence';
import { canonicalBytes, DomainError, fromHex, toHex } from '@qej/kernel';
import type { PlatformClient } from '../http/api-clients.ts';

/** An entry whose body fits its commitment; whether it stands in the log is for {@link proveEntry} to say. */
export interface TenderEntry {
  readonly seq: number;
  readonly type: string;
  readonly body: EntryBody;
  /** SHA-256 commitment, hex: the leaf of the log and the hash by which other acts name the entry. */
  readonly commitment: string;
}

type LogEntry = Answer<PlatformApi['listLogEntries']>['items'][number];

/** @throws DomainError `E_ENTRY_COMMITMENT`, `E_ENTRY_FORMAT` */
function readEntry({ seq, commitment, salt, body }: LogEntry): TenderEntry | undefined {
  if (salt === undefined || body === undefined) return undefined;
  // What the platform sent is written anew as canonical bytes; a changed member no longer fits the commitment.
  const bytes = canonicalBytes(body as Parameters<typeof canonicalBytes>[0]);
  const read = verifyEntry({ body: bytes, salt: fromHex(salt), commitment: fromHex(commitment) });
  return { seq, type: read.type, body: read, commitment };
}

/** Public entries about one tender, oldest first; deleted bodies are left out. */
export async function readTenderEntries(api: PlatformClient, tenderId: string): Promise<readonly TenderEntry[]> {
  const entries: TenderEntry[] = [];
  let after: string | undefined;
  do {
    const page = await api.listLogEntries({
      query: { tenderId, limit: 100, ...(after === undefined ? {} : { after }) },
    });
    for (const item of page.items) {
      const entry = item.seq < 0 ? undefined : readEntry(item);
      if (entry !== undefined) entries.push(entry);
    }
    after = page.next;
  } while (after !== undefined);
  return entries;
}

/**
 * Proves that an entry stands in a tree that the log signed and known witnesses cosigned.
 * @throws DomainError `E_LOG_INCLUSION`, `E_CHECKPOINT_*`, `E_COSIGNATURE_*`, `E_ENTRY_COMMITMENT` when the log shows another entry
 */
export async function proveEntry(
  api: PlatformClient,
  entry: TenderEntry,
  policy: WitnessPolicy,
): Promise<CheckedCheckpoint> {
  const shown = await api.getLogProof({ params: { seq: entry.seq }, query: {} });
  if (shown.entry.commitment !== entry.commitment)
    throw new DomainError('E_ENTRY_COMMITMENT', { detail: `entry ${entry.seq} is another one now` });
  const checkpoint = await verifyCheckpoint(shown.checkpoint, policy);
  verifyInclusion({
    leafHash: hashLeaf(fromHex(entry.commitment)),
    index: entry.seq,
    size: checkpoint.size,
    proof: shown.proof.map(fromHex),
    root: checkpoint.root,
  });
  return checkpoint;
}

export const sha256Hex = async (bytes: Uint8Array): Promise<string> =>
  toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes.slice())));
