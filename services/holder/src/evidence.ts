import { join } from 'node:path';
import { parseVkey } from '@qej/evidence';
import type { WitnessPolicy } from '@qej/evidence';
import { fromUtf8, instant, parseInstant, utf8 } from '@qej/kernel';
import type { PlatformClient } from '@qej/client';
import { proveEntry, readTenderEntries } from '@qej/client';
import type { ProvenEntry } from './decide.ts';
import { readIfPresent, writeDurably } from './durable-files.ts';
import { refuse } from './refuse.ts';

/**
 * The log that this holder believes: named on its command line, or the first one that it saw, kept from then on.
 * @throws DomainError `E_HOLDER_LOG_KEY` when the platform shows another log than the one kept
 */
export async function witnessPolicy(
  api: PlatformClient,
  { dir, log, witness }: { readonly dir: string; readonly log: string | undefined; readonly witness: string },
): Promise<WitnessPolicy> {
  const path = join(dir, 'log-key');
  const shown = (await api.getCheckpoint({})).verifierKey;
  const kept = await readIfPresent(path);
  const known = log ?? (kept === undefined ? undefined : fromUtf8(kept).trim());
  if (known !== undefined && known !== shown) refuse('E_HOLDER_LOG_KEY', 'the platform shows another log');
  if (kept === undefined) await writeDurably(path, utf8(`${shown}\n`));
  return {
    origin: parseVkey(shown).name,
    logKey: shown,
    witnesses: [{ vkey: witness, independent: false }],
    quorum: 1,
  };
}

/** The entries of these types about a tender, each proven under the policy; what cannot be proven is left out by throwing. */
export async function readProvenEntries(
  api: PlatformClient,
  tenderId: string,
  types: readonly string[],
  policy: WitnessPolicy,
): Promise<readonly ProvenEntry[]> {
  const proven: ProvenEntry[] = [];
  for (const entry of await readTenderEntries(api, tenderId)) {
    if (!types.includes(entry.type)) continue;
    const { cosignatures } = await proveEntry(api, entry, policy);
    const { lotId, at } = entry.body;
    proven.push({
      seq: entry.seq,
      type: entry.type,
      lotId: typeof lotId === 'string' ? lotId : undefined,
      at: parseInstant(at),
      commitment: entry.commitment,
      cosignedAt: instant(Math.max(0, ...cosignatures.map((one) => one.at))),
    });
  }
  return proven;
}
