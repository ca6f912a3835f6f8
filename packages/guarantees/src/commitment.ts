import { DomainError, concatBytes, equalBytes, fromHex, lengthValue, toHex, utf8 } from '@qej/kernel';
import type { Secret } from '@qej/kernel';

const PURPOSE = concatBytes(utf8('qej-guarantee/1'), new Uint8Array(1));

/**
 * c = SHA-256("qej-guarantee/1" ‖ 0x00 ‖ LV(lotId) ‖ LV(bidderId) ‖ LV(k32)). All that the guarantor gets to know of the lot; k
 * travels in the sealed register and opens it. Ids as their 32 hex digits in UTF-8.
 * @returns lower-case hex. @throws DomainError `E_COMMITMENT_KEY` unless k has 32 bytes.
 */
export async function guaranteeCommitment(lotId: string, bidderId: string, k: Uint8Array): Promise<string> {
  if (k.length !== 32) throw new DomainError('E_COMMITMENT_KEY', { detail: 'k has 32 bytes' });
  const message = concatBytes(PURPOSE, lengthValue(utf8(lotId)), lengthValue(utf8(bidderId)), lengthValue(k));
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', message)));
}

/** What opens a commitment; `k` is a secret until the register is open. */
export interface CommitmentOpening {
  readonly lotId: string;
  readonly bidderId: string;
  readonly k: Secret<Uint8Array>;
}

export async function opensCommitment(commitment: string, opening: CommitmentOpening): Promise<boolean> {
  const computed = await guaranteeCommitment(opening.lotId, opening.bidderId, opening.k.reveal());
  return /^[0-9a-f]{64}$/.test(commitment) && equalBytes(fromHex(commitment), fromHex(computed));
}
