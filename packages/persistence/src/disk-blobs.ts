import type { BlobStore, FaultPoint } from '@qej/usecases';
import { DomainError } from '@qej/kernel';
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Writes to a temporary name, syncs, renames, syncs the directory: a file under its final name is whole. */
export async function writeDurably(path: string, bytes: Uint8Array, faults?: FaultPoint): Promise<void> {
  const temporary = `${path}.${randomUUID()}.part`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(bytes);
      faults?.('blob:before-sync');
      await file.datasync();
    } finally {
      await file.close();
    }
    faults?.('blob:before-rename');
    await rename(temporary, path);
    await syncDirectory(dirname(path));
    faults?.('blob:after-rename');
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')) {
      throw new DomainError('E_STORAGE_FULL', { cause });
    }
    throw cause;
  }
}

/** A file that arrives piece by piece: hashed on the way, synced, then renamed to its hash. */
async function writeChunks(
  directory: string,
  pathOf: (sha256: string) => string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<{ sha256: string; bytes: number }> {
  const temporary = join(directory, `${randomUUID()}.part`);
  await mkdir(directory, { recursive: true });
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    const file = await open(temporary, 'wx', 0o600);
    try {
      for await (const chunk of chunks) {
        hash.update(chunk);
        bytes += chunk.length;
        await file.writeFile(chunk);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    const sha256 = hash.digest('hex');
    const path = pathOf(sha256);
    await mkdir(dirname(path), { recursive: true });
    await rename(temporary, path);
    await syncDirectory(dirname(path));
    return { sha256, bytes };
  } catch (cause) {
    await rm(temporary, { force: true });
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT')) {
      throw new DomainError('E_STORAGE_FULL', { cause });
    }
    throw cause;
  }
}

/** Content-addressed files below `directory`, named by SHA-256. */
export function openDiskBlobs(directory: string, faults?: FaultPoint): BlobStore {
  const pathOf = (sha256: string): string => join(directory, sha256.slice(0, 2), sha256);
  const has = async (sha256: string): Promise<boolean> => {
    try {
      await access(pathOf(sha256));
      return true;
    } catch {
      return false;
    }
  };
  return {
    has,
    put: async (bytes) => {
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      if (!(await has(sha256))) await writeDurably(pathOf(sha256), bytes, faults);
      return { sha256, bytes: bytes.length };
    },
    putChunks: (chunks) => writeChunks(directory, pathOf, chunks),
    get: async (sha256) => {
      if (!/^[0-9a-f]{64}$/.test(sha256)) throw new DomainError('E_NOT_FOUND');
      try {
        return new Uint8Array(await readFile(pathOf(sha256)));
      } catch (cause) {
        throw new DomainError('E_NOT_FOUND', { cause });
      }
    },
  };
}
