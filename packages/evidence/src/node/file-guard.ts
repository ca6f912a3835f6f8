import { readFile } from 'node:fs/promises';
import { canonicalBytes, DomainError, parseCanonical } from '@qej/kernel';
import { parseTreeHeadJson, treeHeadJson, type CheckpointGuard } from '../index.ts';
import { writeDurably } from './durable-file.ts';

const isMissing = (cause: unknown): boolean => cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';

/**
 * {@link CheckpointGuard} in a file: canonical JSON {origin, root, size, v}. Keep it on another disk than the database,
 * or at least out of the database's backups.
 * @throws DomainError `E_LOG_GUARD` when the file is there and cannot be understood.
 */
export function createFileGuard(path: string): CheckpointGuard {
  return {
    async load() {
      let bytes: Uint8Array;
      try {
        bytes = await readFile(path);
      } catch (cause) {
        if (isMissing(cause)) return undefined;
        throw cause;
      }
      try {
        return parseTreeHeadJson(parseCanonical(bytes));
      } catch (cause) {
        throw new DomainError('E_LOG_GUARD', { detail: `${path} is damaged`, cause });
      }
    },
    store: (head) => writeDurably(path, canonicalBytes(treeHeadJson(head))),
  };
}
