import { concatBytes, lengthValue } from '@qej/kernel';

const STEP = 1024;

/** LV(content) ‖ zeros, up to the next multiple of 1 KiB or to `length`. */
export function padBlock(content: Uint8Array, length?: number): Uint8Array<ArrayBuffer> {
  const framed = lengthValue(content);
  const total = length ?? Math.ceil(framed.length / STEP) * STEP;
  if (total < framed.length) throw new RangeError('content longer than its padding');
  return concatBytes(framed, new Uint8Array(total - framed.length));
}

/** The content, or `undefined` unless the block is exactly what {@link padBlock} writes. */
export function unpadBlock(block: Uint8Array): Uint8Array | undefined {
  if (block.length < 4) return undefined;
  const length = new DataView(block.buffer, block.byteOffset).getUint32(0);
  if (length > block.length - 4) return undefined;
  for (let i = 4 + length; i < block.length; i++) if (block[i] !== 0) return undefined;
  return block.slice(4, 4 + length);
}

/** Bytes that {@link padBlock} writes for content of this length. */
export const paddedLength = (contentLength: number): number => Math.ceil((4 + contentLength) / STEP) * STEP;
