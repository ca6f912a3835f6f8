import { concatBytes, fromHex, utf8 } from '@qej/kernel';
import type { CryptoProvider } from './provider.ts';

export interface DrawContext {
  /** Hex. */
  readonly closingRoot: string;
  /** E.g. `committee`, `coefficient`; lower-case ASCII without "/". */
  readonly purpose: string;
  readonly lotId: string;
}

/**
 * seed = HKDF(ikm = entropies of every opened register in closing order, salt = closing root,
 * info = "qej-draw1/" ‖ purpose ‖ "/" ‖ lotId, 32). Entropies in hex, 32 bytes each.
 */
export function entropySeed(
  provider: CryptoProvider,
  entropies: readonly string[],
  { closingRoot, purpose, lotId }: DrawContext,
): Promise<Uint8Array> {
  if (!/^[a-z0-9-]+$/.test(purpose)) throw new RangeError('purpose');
  if (entropies.some((entropy) => entropy.length !== 64)) throw new RangeError('entropy has 32 bytes');
  return provider.hkdf(
    concatBytes(...entropies.map(fromHex)),
    fromHex(closingRoot),
    utf8(`qej-draw1/${purpose}/${lotId}`),
    32,
  );
}
