import { hashLeaf, parseCheckpoint, verifyCheckpoint, verifyEntry, verifyInclusion } from '@qej/evidence';
import { canonicalBytes, DomainError, fromHex } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { isRefusal } from '../api/refusal.ts';
import type { Checkpoint, LogProof } from '../api/views.ts';

export interface CheckStep {
  readonly id: 'entry' | 'checkpoint' | 'witness' | 'inclusion';
  readonly ok: boolean;
  /** Tree size, witness names, or the code of the refusal. */
  readonly detail: string;
}

/** Whom this browser believes; it remembers the keys of its first visit (trust on first use). */
export interface LogTrust {
  readonly origin: string;
  readonly logKey: string;
  readonly witnesses: readonly { readonly vkey: string; readonly name: string; readonly independent: boolean }[];
}

export const trustOf = ({ origin, verifierKey, witnesses }: Checkpoint): LogTrust => ({
  origin,
  logKey: verifierKey,
  witnesses: witnesses.map(({ name, verifierKey: vkey, independent }) => ({ name, vkey, independent })),
});

export interface CheckedHead {
  readonly size: number;
  readonly root: Uint8Array;
  readonly cosigners: readonly { readonly name: string; readonly independent: boolean; readonly at: number }[];
}

/** The log's signature and every cosignature on a checkpoint. @throws DomainError of @qej/evidence */
export async function checkCheckpoint(note: string, trust: LogTrust): Promise<CheckedHead> {
  const { size, root, cosignatures } = await verifyCheckpoint(note, { ...trust, quorum: 0 });
  return { size, root, cosigners: cosignatures.map(({ name, independent, at }) => ({ name, independent, at })) };
}

async function step(id: CheckStep['id'], work: () => Promise<string> | string): Promise<CheckStep> {
  try {
    return { id, ok: true, detail: await work() };
  } catch (error) {
    if (isRefusal(error)) return { id, ok: false, detail: error.code };
    if (error instanceof TypeError) return { id, ok: false, detail: 'E_FORMAT' }; // hex or base64 that is none
    throw error;
  }
}

/**
 * Checks one entry against a cosigned checkpoint: the content gives the commitment, log and witness signed the tree
 * head, the commitment is a leaf of that tree. Everything is computed here; the platform only delivers bytes.
 * @returns the four steps in order; an entry is proved when all are `ok`
 */
export async function checkEntry(answer: LogProof, trust: LogTrust): Promise<readonly CheckStep[]> {
  const { entry, proof, checkpoint } = answer;
  const content = await step('entry', () => {
    if (entry.body === undefined || entry.salt === undefined) return '';
    const body = canonicalBytes(entry.body as Json); // came out of JSON.parse
    verifyEntry({ body, salt: fromHex(entry.salt), commitment: fromHex(entry.commitment) });
    return 'body';
  });
  const signed = await step('checkpoint', async () => String((await checkCheckpoint(checkpoint, trust)).size));
  const witnessed = await step('witness', async () => {
    const { cosigners } = await checkCheckpoint(checkpoint, trust);
    if (cosigners.length === 0) throw new DomainError('E_COSIGNATURE_QUORUM');
    return cosigners.map(({ name }) => name).join(', ');
  });
  const included = await step('inclusion', () => {
    const { head } = parseCheckpoint(checkpoint);
    verifyInclusion({
      leafHash: hashLeaf(fromHex(entry.commitment)),
      index: entry.seq,
      size: head.size,
      proof: proof.map(fromHex),
      root: head.root,
    });
    return String(head.size);
  });
  return [content, signed, witnessed, included];
}
