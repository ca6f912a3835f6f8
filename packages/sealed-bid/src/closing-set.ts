import { canonicalBytes, formatInstant, fromHex, parseCanonical, toHex, type Instant } from '@qej/kernel';
import { refusal } from './errors.ts';
import { auditPath, entryLeaf, rootFromPath, treeHead } from './merkle.ts';
import type { CryptoProvider } from './provider.ts';
import { closed, hash32, id, instantText, type ReadBy } from './schema.ts';

const closingEntry = closed({ messageHash: hash32, receivedAt: instantText, opaqueId: id, registerHash: hash32 });

/** One live seal of a lot at the deadline. */
export type ClosingEntry = ReadBy<typeof closingEntry>;

/** `receivedAt`: the clock read once when the whole seal message had arrived. */
export const closingEntryOf = (
  seal: { readonly messageHash: string; readonly body: { readonly opaqueId: string; readonly registerHash: string } },
  receivedAt: Instant,
): ClosingEntry => ({
  messageHash: seal.messageHash,
  receivedAt: formatInstant(receivedAt),
  opaqueId: seal.body.opaqueId,
  registerHash: seal.body.registerHash,
});

/** Ascending by messageHash: the order of leaves and of entropies. @throws DomainError `E_CLOSING_SET`, `E_FORMAT` */
export function closingOrder(entries: readonly ClosingEntry[]): ClosingEntry[] {
  const read = entries.map((entry) => closingEntry(parseCanonical(canonicalBytes(entry)), 'closing'));
  const sorted = read.toSorted((a, b) => (a.messageHash < b.messageHash ? -1 : 1));
  for (const [i, entry] of sorted.entries())
    if (sorted[i + 1]?.messageHash === entry.messageHash)
      throw refusal('E_CLOSING_SET', { detail: 'one message twice', fault: 'platform' });
  if (new Set(sorted.map(({ opaqueId }) => opaqueId)).size !== sorted.length)
    throw refusal('E_CLOSING_SET', { detail: 'one slot twice', fault: 'platform' });
  return sorted;
}

/** leaf = H(0x00 ‖ canonical JSON of the entry). */
export const closingLeaf = (provider: CryptoProvider, entry: ClosingEntry): Promise<Uint8Array> =>
  entryLeaf(provider, canonicalBytes(entry));

const leavesOf = (provider: CryptoProvider, entries: readonly ClosingEntry[]): Promise<Uint8Array[]> =>
  Promise.all(closingOrder(entries).map((entry) => closingLeaf(provider, entry)));

/** RFC 6962 MTH over the leaves in closing order, hex; of no entries: H(''). */
export const closingRoot = async (provider: CryptoProvider, entries: readonly ClosingEntry[]): Promise<string> =>
  toHex(await treeHead(provider, await leavesOf(provider, entries)));

/** Shows that one seal is under the root. Hashes in hex, from the leaf upwards. */
export interface ClosingProof {
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
}

/** @throws DomainError `E_NOT_IN_CLOSING` */
export async function closingProof(
  provider: CryptoProvider,
  entries: readonly ClosingEntry[],
  messageHash: string,
): Promise<ClosingProof> {
  const index = closingOrder(entries).findIndex((entry) => entry.messageHash === messageHash);
  if (index < 0) throw refusal('E_NOT_IN_CLOSING');
  const path = await auditPath(provider, await leavesOf(provider, entries), index);
  return { index, size: entries.length, path: path.map(toHex) };
}

/** @throws DomainError `E_NOT_IN_CLOSING` */
export async function checkClosingProof(
  provider: CryptoProvider,
  root: string,
  entry: ClosingEntry,
  proof: ClosingProof,
): Promise<void> {
  const found = await rootFromPath(provider, await closingLeaf(provider, entry), proof, proof.path.map(fromHex));
  if (found === undefined || toHex(found) !== root) throw refusal('E_NOT_IN_CLOSING');
}

/** Of several live seals of one owner the latest receivedAt stands; tie: the greater messageHash. Decided at the opening. */
export function standingSeal(ofOneOwner: readonly ClosingEntry[]): ClosingEntry {
  const [latest] = ofOneOwner.toSorted((a, b) => {
    const [left, right] = [`${a.receivedAt} ${a.messageHash}`, `${b.receivedAt} ${b.messageHash}`];
    return left < right ? 1 : left > right ? -1 : 0;
  });
  if (latest === undefined) throw new Error('an owner has at least one seal');
  return latest;
}
