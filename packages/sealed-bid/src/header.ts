import { canonicalBytes, parseCanonical } from '@qej/kernel';
import { core } from './core.ts';
import { label } from './labels.ts';
import type { CryptoProvider } from './provider.ts';
import { base64, closed, hash32, integer, list, mapOf, type ReadBy, type Reader } from './schema.ts';

const orEmpty: Reader<string> = (value, at) => (value === '' ? '' : base64(value, at));

const header = closed({
  core,
  WB: orEmpty,
  cb: hash32,
  ch: hash32,
  KC: hash32,
  C: list(base64, 16),
  W: mapOf(/^\d{1,2}(,\d{1,2})*$/, hash32),
  recordLen: integer(1),
  treeLen: integer(0),
});

/**
 * Clear text of a stage. WB is '' everywhere but in `register` of a joint bid. C in holder order, W keyed by the
 * indices of its set joined by commas. recordLen and treeLen are ciphertext lengths in bytes.
 */
export type Header = ReadBy<typeof header>;

export const encodeHeader = (of: Header): Uint8Array<ArrayBuffer> => canonicalBytes(of);

/** @throws DomainError `E_FORMAT`, `E_VERSION`, `E_SUITE` */
export const parseHeader = (bytes: Uint8Array): Header => header(parseCanonical(bytes), 'header');

/** hh = H(L("header") ‖ headerBytes). */
export const headerHash = (provider: CryptoProvider, headerBytes: Uint8Array): Promise<Uint8Array> =>
  provider.hash(label(provider, 'header'), headerBytes);

export const setName = (set: readonly number[]): string => set.join(',');
