import { join } from 'node:path';
import {
  canonicalBytes,
  DomainError,
  fromBase64,
  fromHex,
  parseCanonical,
  parseId,
  toBase64,
  toHex,
} from '@qej/kernel';
import type { CryptoProvider, SealBody, SealJournal, Stage } from '@qej/sealed-bid';
import { newSealAttempt } from '../bidder/seal-bid.ts';
import type { FinishedSeal, SealAttempt, SealKeeper } from '../bidder/seal-bid.ts';
import type { UploadPass } from '../bidder/upload-pass.ts';
import { readIfPresent, writeDurably } from './durable-files.ts';

/** What a sealing from the shell keeps until the receipt is there: with it a broken-off one goes on. Secret. */
export interface SealFolder {
  readonly attempt: SealAttempt;
  readonly journal: SealJournal;
  readonly keeper: SealKeeper;
  readPass(): Promise<UploadPass | undefined>;
  writePass(pass: UploadPass): Promise<void>;
}

interface StoredAttempt {
  readonly v: 1;
  readonly noticeHash: string;
  readonly opaqueId: string;
  readonly attempt: string;
  readonly capability: string;
}

const encode = (noticeHash: string, { secrets, opaqueId }: SealAttempt): Uint8Array => {
  const stored: StoredAttempt = {
    v: 1,
    noticeHash,
    opaqueId,
    attempt: toHex(secrets.attempt),
    capability: toHex(secrets.capability),
  };
  return canonicalBytes({ ...stored });
};

function decode(bytes: Uint8Array, noticeHash: string): SealAttempt {
  const stored = parseCanonical(bytes) as unknown as StoredAttempt; // written by encode alone
  if (stored.v !== 1 || stored.noticeHash !== noticeHash)
    throw new DomainError('E_FORMAT', { detail: 'the folder belongs to another tender; choose an empty one' });
  const secrets = { attempt: fromHex(stored.attempt), capability: fromHex(stored.capability) };
  return { secrets, opaqueId: parseId(stored.opaqueId) };
}

async function readOrMake(path: string, noticeHash: string, provider: CryptoProvider): Promise<SealAttempt> {
  const known = await readIfPresent(path);
  if (known !== undefined) return decode(known, noticeHash);
  const attempt = await newSealAttempt(provider);
  await writeDurably(path, encode(noticeHash, attempt));
  return attempt;
}

/** One small file an object: what was once sent at a place is never sent otherwise. */
function fileJournal(folder: string): SealJournal {
  const path = (objectId: string): string => join(folder, 'journal', parseId(objectId));
  return {
    get: (objectId) => readIfPresent(path(objectId)),
    put: (objectId, hash) => writeDurably(path(objectId), hash),
  };
}

interface StoredSeal {
  readonly v: 1;
  readonly manifest: string;
  readonly envelope: string;
  readonly message: string;
  readonly body: SealBody;
  readonly halves: { readonly stage: Stage; readonly half: string }[];
}

const encodeFinished = ({ manifest, sealed }: FinishedSeal): Uint8Array => {
  const stored: StoredSeal = {
    v: 1,
    manifest: toBase64(manifest),
    envelope: toBase64(sealed.envelope),
    message: toBase64(sealed.message),
    body: sealed.body,
    halves: Array.from(sealed.halves, ([stage, half]) => ({ stage, half: toHex(half) })),
  };
  return canonicalBytes({ ...stored });
};

function decodeFinished(bytes: Uint8Array): FinishedSeal {
  const { v, manifest, envelope, message, body, halves } = parseCanonical(bytes) as unknown as StoredSeal; // written above
  if (v !== 1) throw new DomainError('E_FORMAT', { detail: 'seal folder of another version' });
  const sealed = {
    envelope: fromBase64(envelope),
    message: fromBase64(message),
    body,
    halves: new Map(halves.map(({ stage, half }) => [stage, fromHex(half)])),
  };
  return { manifest: fromBase64(manifest), sealed };
}

function fileKeeper(path: string): SealKeeper {
  return {
    read: async () => {
      const bytes = await readIfPresent(path);
      return bytes === undefined ? undefined : decodeFinished(bytes);
    },
    write: (finished) => writeDurably(path, encodeFinished(finished)),
  };
}

/** Opens or makes the folder of one sealing. @throws DomainError `E_FORMAT` for the folder of another tender */
export async function openSealFolder(
  folder: string,
  noticeHash: string,
  provider: CryptoProvider,
): Promise<SealFolder> {
  const passPath = join(folder, 'upload-pass.json');
  return {
    attempt: await readOrMake(join(folder, 'attempt.json'), noticeHash, provider),
    journal: fileJournal(folder),
    keeper: fileKeeper(join(folder, 'finished.json')),
    readPass: async () => {
      const bytes = await readIfPresent(passPath);
      return bytes === undefined ? undefined : (parseCanonical(bytes) as unknown as UploadPass); // written below
    },
    writePass: (pass) => writeDurably(passPath, canonicalBytes({ ...pass })),
  };
}
