import { concatBytes, equalBytes } from '@qej/kernel';
import { refusal } from './errors.ts';
import { fillBytes, objectId, OBJECT_LENGTH, type ObjectSeed } from './objects.ts';
import type { CryptoProvider } from './provider.ts';
import type { StageExtent } from './record.ts';

/** Gives one object of the pool, `undefined` when it is not there. */
export type ObjectSource = (objectId: string) => Promise<Uint8Array | undefined>;

/** Random access to the stream of one stage; keeps the two objects read last. */
export interface StageReader {
  readonly length: number;
  read(from: number, to: number): Promise<Uint8Array>;
}

export async function readObject(
  provider: CryptoProvider,
  of: ObjectSeed,
  index: number,
  source: ObjectSource,
): Promise<Uint8Array> {
  const bytes = await source(await objectId(provider, of, index));
  const params = { stage: of.stage, object: index };
  if (bytes === undefined) throw refusal('E_OBJECT', { detail: 'missing', fault: 'unknown', params });
  if (bytes.length !== OBJECT_LENGTH)
    throw refusal('E_OBJECT', { detail: `${bytes.length} bytes`, fault: 'platform', params });
  return bytes;
}

export function stageReader(
  provider: CryptoProvider,
  of: ObjectSeed,
  extent: StageExtent,
  source: ObjectSource,
): StageReader {
  const kept = new Map<number, Uint8Array>();
  const object = async (index: number): Promise<Uint8Array> => {
    const known = kept.get(index);
    if (known !== undefined) return known;
    const bytes = await readObject(provider, of, index, source);
    kept.set(index, bytes);
    for (const old of kept.keys()) if (kept.size > 2) kept.delete(old);
    return bytes;
  };
  return {
    length: extent.streamLength,
    read: async (from, to) => {
      if (from < 0 || to < from || to > extent.streamLength) throw new RangeError('outside the stream');
      const parts: Uint8Array[] = [];
      for (let at = from; at < to;) {
        const index = Math.floor(at / OBJECT_LENGTH);
        const start = index * OBJECT_LENGTH;
        const end = Math.min(to, start + OBJECT_LENGTH);
        parts.push((await object(index)).subarray(at - start, end - start));
        at = end;
      }
      return concatBytes(...parts);
    },
  };
}

/**
 * The filler after a stream is what the seed gives. Nothing is read from it, so an opening need not ask;
 * the check of an archive does.
 * @throws DomainError `E_PADDING`, `E_OBJECT`
 */
export async function checkPadding(
  provider: CryptoProvider,
  of: ObjectSeed,
  extent: StageExtent,
  source: ObjectSource,
): Promise<void> {
  for (let index = Math.floor(extent.streamLength / OBJECT_LENGTH); index < extent.objectCount; index++) {
    const used = Math.max(0, extent.streamLength - index * OBJECT_LENGTH);
    const bytes = await readObject(provider, of, index, source);
    const filler = await fillBytes(provider, of, 'pad', index, OBJECT_LENGTH - used);
    if (!equalBytes(bytes.subarray(used), filler))
      throw refusal('E_PADDING', { fault: 'unknown', params: { stage: of.stage, object: index } });
  }
}
