import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const OWNER_ONLY = 0o600;

async function writeSynced(path: string, data: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx', OWNER_ONLY);
  try {
    await file.writeFile(data);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

const temporary = (path: string): string => join(dirname(path), `.${randomUUID()}.tmp`);

export const makeDirectory = (path: string): Promise<unknown> => mkdir(path, { recursive: true, mode: 0o700 });

/** Replaces the file whole, or leaves the old one: temporary file, fsync, rename. Readable by the owner only. */
export async function writePrivate(path: string, data: string | Uint8Array): Promise<void> {
  const draft = temporary(path);
  await writeSynced(draft, data);
  await rename(draft, path);
  await syncDirectory(dirname(path));
}

/** Writes unless somebody was first. @returns whether this call created the file */
export async function createPrivate(path: string, data: string | Uint8Array): Promise<boolean> {
  const draft = temporary(path);
  await writeSynced(draft, data);
  try {
    await link(draft, path);
    await syncDirectory(dirname(path));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    await unlink(draft);
  }
}

export async function appendPrivate(path: string, line: string): Promise<void> {
  const file = await open(path, 'a', OWNER_ONLY);
  try {
    await file.writeFile(`${line}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** @returns undefined when there is no such file */
export async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
