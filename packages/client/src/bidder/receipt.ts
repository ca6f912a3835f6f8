import { verifyReceiptPackage } from '@qej/evidence';
import type { CheckedReceipt, CheckedTimestamp, WitnessPolicy } from '@qej/evidence';
import { canonicalBytes, fromHex } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { getPurpose, localTsaPolicy, verifyCms, verifyTimestamp } from '@qej/pki';
import type { Certificate } from '@qej/pki';
import type { IntakeClient, PlatformClient } from '../http/api-clients.ts';
import { STEP_PATIENCE_MS, waitFor } from '../http/retry.ts';
import type { TrustRoots } from '../lot-keys.ts';

/** The log and witnesses as the platform names them: said so, since a verifier should know them from elsewhere. */
export async function readPublishedPolicy(platform: PlatformClient): Promise<WitnessPolicy> {
  const { origin, verifierKey, witnesses } = await platform.getCheckpoint({});
  return {
    origin,
    logKey: verifierKey,
    witnesses: witnesses.map((one) => ({ vkey: one.verifierKey, independent: one.independent })),
    quorum: Math.min(1, witnesses.length),
  };
}

export interface ReceiptChecks {
  readonly trust: TrustRoots;
  readonly policy: WitnessPolicy;
  readonly messageHash: string;
  readonly requireTick: boolean;
  readonly now: Instant;
}

/** Longest time between arrival and time stamp that a receipt may show. */
const MAX_STAMP_DELAY_MS = 60_000;

/** The seal must have been good when the receipt was made; the time stamp says when that was. @throws DomainError `E_RECEIPT_*` and others */
export function checkReceipt(
  pack: Uint8Array,
  { trust, policy, messageHash, requireTick, now }: ReceiptChecks,
): Promise<CheckedReceipt<Certificate, CheckedTimestamp>> {
  const { eContentType } = getPurpose('qej-receipt/1');
  return verifyReceiptPackage(pack, {
    verifyCms: async (cms, content) => (await verifyCms({ cms, content, eContentType, ...trust, at: now })).signer,
    verifyTimestamp: async (token, content) => {
      const { genTime, accuracyMs } = await verifyTimestamp({ token, content, ...trust, policyOids: [localTsaPolicy] });
      return { at: genTime, accuracyMs: accuracyMs ?? 0, independent: false };
    },
    witnessPolicy: policy,
    maxTimestampDelayMs: MAX_STAMP_DELAY_MS,
    requireTick,
    messageHash: fromHex(messageHash),
  });
}

/** The receipt package once its tick is in a cosigned tree. */
export const awaitIncludedReceipt = (
  intake: IntakeClient,
  messageHash: string,
  timeoutMs = STEP_PATIENCE_MS,
): Promise<Uint8Array<ArrayBuffer>> =>
  waitFor(
    'a receipt with its proof',
    async () => {
      const { receipt, included } = await intake.getSealReceipt({ params: { messageHash } });
      return included ? canonicalBytes(receipt as Json) : undefined;
    },
    { timeoutMs, everyMs: 1_000 },
  );
