import { concatBytes, u32be, utf8 } from '@qej/kernel';
import type { CryptoProvider } from './provider.ts';

/** L(label) = "qej-sb1/" ‖ suite ‖ "/" ‖ label ‖ 0x00. Every hash and derivation of the container starts with one. */
export const label = (provider: CryptoProvider, name: string): Uint8Array<ArrayBuffer> =>
  utf8(`qej-sb1/${provider.suite}/${name}\0`);

/** list(S): u32 count, then each holder index as u32, ascending. */
export const listOf = (set: readonly number[]): Uint8Array<ArrayBuffer> =>
  concatBytes(u32be(set.length), ...set.map((i) => u32be(i)));

/** Purpose and version before every signed payload: text ‖ 0x00 ‖ bytes. */
export const purposeBytes = (purpose: string, payload: Uint8Array): Uint8Array<ArrayBuffer> =>
  concatBytes(utf8(`${purpose}\0`), payload);
