import { equalBytes, fromHex, toHex } from '@qej/kernel';
import type { TreeHead } from './checkpoint.ts';
import { refuse } from './errors.ts';
import { closedObject, countMember, parsed, textMember } from './members.ts';
import { HASH_LENGTH } from './merkle.ts';
import { verifyConsistency } from './proof.ts';

/**
 * Remembers the last signed tree head outside the database, so that a database put back to an older or another
 * state cannot be signed. `store` returns when the head will survive a crash.
 */
export interface CheckpointGuard {
  load(): Promise<TreeHead | undefined>;
  store(head: TreeHead): Promise<void>;
}

/**
 * May this head be signed after that one?
 * @param proof consistency proof from `last` to `next`; empty when `last` is missing, empty or of equal size.
 * @throws DomainError `E_LOG_ROLLBACK` for a smaller or forked tree, or another log's guard.
 */
export function checkSuccession(last: TreeHead | undefined, next: TreeHead, proof: readonly Uint8Array[]): void {
  if (last === undefined) return;
  if (last.origin !== next.origin) refuse('E_LOG_ROLLBACK', `the guard belongs to ${last.origin}`);
  if (next.size < last.size) refuse('E_LOG_ROLLBACK', `${last.size} leaves were signed, ${next.size} are there`);
  if (last.size === 0) return;
  if (last.size === next.size && equalBytes(last.root, next.root)) return;
  try {
    verifyConsistency({ oldSize: last.size, oldRoot: last.root, size: next.size, root: next.root, proof });
  } catch (cause) {
    refuse('E_LOG_ROLLBACK', 'the tree is not a continuation of what was signed', cause);
  }
}

/** The guard's file, and the witness's, say a head like this. */
export const treeHeadJson = ({ origin, size, root }: TreeHead): Record<string, unknown> => ({
  v: 1,
  origin,
  size,
  root: toHex(root),
});

/** @throws DomainError `E_LOG_GUARD` */
export function parseTreeHeadJson(value: unknown): TreeHead {
  const object = closedObject(value, { required: ['v', 'origin', 'size', 'root'] }, 'E_LOG_GUARD');
  if (object['v'] !== 1) refuse('E_LOG_GUARD', 'unknown version');
  const root = parsed(() => fromHex(textMember(object, 'root', 'E_LOG_GUARD')), 'E_LOG_GUARD', 'root is not hex');
  if (root.length !== HASH_LENGTH) refuse('E_LOG_GUARD', 'root is not 32 bytes');
  return {
    origin: textMember(object, 'origin', 'E_LOG_GUARD'),
    size: countMember(object, 'size', 'E_LOG_GUARD'),
    root,
  };
}
