import { DomainError } from '@qej/kernel';
import type { FaultPoint, ObjectPool } from '@qej/usecases';
import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

const NAME = /^[0-9a-f]{32}$/;
const DAY_S = 86_400;
const FULL = new Set(['ENOSPC', 'EDQUOT']);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** The time of a file would tell when somebody uploaded: only its day is kept. */
async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    const { mtimeMs } = await file.stat();
    const day = Math.floor(mtimeMs / 1000 / DAY_S) * DAY_S;
    await file.utimes(day, day);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** One platform-wide pool of files under random ids: nothing in it says to which bid or lot an object belongs. */
export function openObjectPool(directory: string, faults?: FaultPoint): ObjectPool {
  const folderOf = (id: string): string => join(directory, id.slice(0, 2));
  const pathOf = (id: string): string => {
    if (!NAME.test(id)) throw new DomainError('E_NOT_FOUND');
    return join(folderOf(id), id);
  };
  const get = async (id: string): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    try {
      return new Uint8Array(await readFile(pathOf(id)));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  };
  const store = async (id: string, bytes: Uint8Array): Promise<void> => {
    const path = pathOf(id);
    const temporary = `${path}.${randomUUID()}.part`;
    await mkdir(folderOf(id), { recursive: true, mode: 0o700 });
    try {
      faults?.('pool:before-sync');
      await writeSynced(temporary, bytes);
      faults?.('pool:before-link');
      // A hard link fails when the name is taken: two uploads at once cannot overwrite each other.
      await link(temporary, path);
      await syncDirectory(folderOf(id));
      faults?.('pool:after-link');
    } finally {
      await rm(temporary, { force: true });
    }
  };
  const compare = async (id: string, bytes: Uint8Array): Promise<'known' | undefined> => {
    const known = await get(id);
    if (known === undefined) return undefined;
    if (Buffer.compare(known, bytes) !== 0) throw new DomainError('E_OBJECT_CONFLICT');
    return 'known';
  };
  return {
    get,
    put: async (id, bytes) => {
      const known = await compare(id, bytes);
      if (known !== undefined) return known;
      try {
        await store(id, bytes);
        return 'stored';
      } catch (cause) {
        if (codeOf(cause) === 'EEXIST') return (await compare(id, bytes)) ?? 'stored';
        if (FULL.has(codeOf(cause))) throw new DomainError('E_STORAGE_FULL', { cause });
        throw cause;
      }
    },
    remove: (id) => rm(pathOf(id), { force: true }),
  };
}
