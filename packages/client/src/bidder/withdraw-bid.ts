import { canonicalBytes, fromHex, toHex } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { encodeSealMessage, withdrawalOf } from '@qej/sealed-bid';
import type { CryptoProvider, SealBody } from '@qej/sealed-bid';
import type { IntakeClient } from '../http/api-clients.ts';
import { sha256Hex } from '../log/tender-log.ts';

export interface SealToWithdraw {
  readonly body: SealBody;
  readonly messageHash: string;
  /** Scalar of the capability key, hex. */
  readonly capability: string;
}

/**
 * Withdraws a live seal before the deadline (撤回, L1 art. 29). The same message gives the same receipt, so it may be sent again.
 * @throws ApiError `E_LATE`, `E_SEAL`
 */
export async function withdrawBid(
  deps: { readonly provider: CryptoProvider; readonly intake: IntakeClient },
  { body, messageHash, capability }: SealToWithdraw,
): Promise<{ readonly messageHash: string; readonly receipt: Uint8Array<ArrayBuffer> }> {
  const scalar = fromHex(capability);
  const point = await deps.provider.publicKeyOf(scalar);
  if (point === undefined) throw new Error('the capability is no scalar of the curve');
  const withdrawal = withdrawalOf({ body, messageHash, capKey: toHex(point) });
  const message = await encodeSealMessage(deps.provider, withdrawal, scalar);
  const { receipt } = await deps.intake.putSeal({ bytes: new Uint8Array(message) });
  return { messageHash: await sha256Hex(canonicalBytes(withdrawal)), receipt: canonicalBytes(receipt as Json) };
}
