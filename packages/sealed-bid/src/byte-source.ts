/** A file to seal: a browser File (wrapped), a file handle, or bytes. Sizes in bytes; `slice` gives exactly to − from bytes. */
export interface ByteSource {
  readonly size: number;
  slice(from: number, to: number): Promise<Uint8Array>;
}

/** Bytes already in memory. */
export const bytesSource = (bytes: Uint8Array): ByteSource => ({
  size: bytes.length,
  slice: async (from, to) => bytes.slice(from, to),
});

/** A File or Blob; the browser reads it piece by piece. */
export const blobSource = (blob: Blob): ByteSource => ({
  size: blob.size,
  slice: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
});
