import { concatBytes, lengthValue, toHex, u32be, utf8 } from '@qej/kernel';
import { label } from './labels.ts';
import { MEBIBYTE, padme } from './padme.ts';
import type { CryptoProvider } from './provider.ts';
import type { ContentStage } from './stages.ts';

/** Every object of the pool has exactly this many bytes. */
export const OBJECT_LENGTH = MEBIBYTE;
const FILL_BLOCK = 8160;

/** Ids of objects and the bytes that hide where a stream starts and ends, all from one seed of the bid. */
export interface ObjectSeed {
  readonly seed: Uint8Array;
  readonly stage: ContentStage;
}

/** 32 hex digits: the first 16 bytes of HMAC(objectSeed, LV(stage) ‖ u32 i). */
export async function objectId(provider: CryptoProvider, { seed, stage }: ObjectSeed, index: number): Promise<string> {
  const mac = await provider.mac(seed, lengthValue(utf8(stage)), u32be(index));
  return toHex(mac.slice(0, 16));
}

export type FillPurpose = 'mask' | 'pad';

/**
 * FILL(purpose, i): the blocks HKDF(ikm = objectSeed, salt = '', info = L(purpose) ‖ LV(stage) ‖ u32 i ‖ u32 j, 8160)
 * for j = 0, 1, …, cut to `length`.
 */
export async function fillBytes(
  provider: CryptoProvider,
  of: ObjectSeed,
  purpose: FillPurpose,
  index: number,
  length: number,
): Promise<Uint8Array> {
  const blocks: Uint8Array[] = [];
  const prefix = concatBytes(label(provider, purpose), lengthValue(utf8(of.stage)), u32be(index));
  for (let j = 0; j * FILL_BLOCK < length; j++) {
    const size = Math.min(FILL_BLOCK, length - j * FILL_BLOCK);
    blocks.push(await provider.hkdf(of.seed, new Uint8Array(0), concatBytes(prefix, u32be(j)), size));
  }
  return concatBytes(...blocks);
}

/** Objects of a stream: whole mebibytes, their number padded as lengths are. */
export const objectCountOf = (streamLength: number): number => padme(Math.ceil(streamLength / OBJECT_LENGTH));

export interface PoolObject {
  readonly id: string;
  readonly index: number;
  /** Exactly {@link OBJECT_LENGTH} bytes. */
  readonly bytes: Uint8Array;
}

/** Cuts a stream of known length into objects; the rest of the last one and whole spare objects are FILL("pad", i). */
export async function* cutObjects(
  provider: CryptoProvider,
  of: ObjectSeed,
  pieces: AsyncIterable<Uint8Array>,
  objectCount: number,
): AsyncGenerator<PoolObject> {
  let index = 0;
  let used = 0;
  let current = new Uint8Array(OBJECT_LENGTH);
  const take = async (): Promise<PoolObject> => {
    const object = { id: await objectId(provider, of, index), index, bytes: current };
    current = new Uint8Array(OBJECT_LENGTH);
    [index, used] = [index + 1, 0];
    return object;
  };
  for await (const piece of pieces) {
    for (let offset = 0; offset < piece.length;) {
      const part = piece.subarray(offset, offset + OBJECT_LENGTH - used);
      current.set(part, used);
      [used, offset] = [used + part.length, offset + part.length];
      if (used === OBJECT_LENGTH) yield await take();
    }
  }
  while (index < objectCount) {
    current.set(await fillBytes(provider, of, 'pad', index, OBJECT_LENGTH - used), used);
    yield await take();
  }
}
