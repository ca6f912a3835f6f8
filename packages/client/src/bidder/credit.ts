import {
  decideCredit,
  decodeCreditSnapshot,
  encodeCreditDecision,
  readDepositRule,
  waiverPolicies,
} from '@qej/deposits';
import type { CreditDecision, DepositDeclaration, DepositRule, GuaranteeReference } from '@qej/deposits';
import { formatMoney, fromBase64, parseCanonical, parseMoney, toBase64 } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import type { PlatformClient } from '../http/api-clients.ts';
import { sha256Hex } from '../log/tender-log.ts';
import type { LotKeys } from '../lot-keys.ts';

/** The decision on the bidder's own deposit, computed here, with the signed facts that it came from. */
export interface OwnCreditDecision {
  readonly rule: DepositRule;
  readonly decision: CreditDecision;
  readonly decisionBytes: Uint8Array<ArrayBuffer>;
  readonly snapshot: Uint8Array<ArrayBuffer>;
  /** The issuer's CMS over the snapshot. */
  readonly cms: Uint8Array<ArrayBuffer>;
}

type JsonObject = { readonly [key: string]: Json };
const jsonObject = (bytes: Uint8Array): JsonObject => parseCanonical(bytes) as JsonObject; // both are objects by their own schema

/**
 * Reads the bidder's signed credit facts and decides from them and the notice; the platform learns nothing of the lot.
 * @throws ApiError `E_CREDIT_SOURCE`, DomainError `E_CREDIT_SUBJECT`
 */
export async function decideOwnCredit(
  platform: PlatformClient,
  { notice, lot, deadline }: LotKeys,
  uscc: string,
): Promise<OwnCreditDecision> {
  const answer = await platform.getCreditSnapshot({});
  const snapshot = fromBase64(answer.snapshot);
  const rule = readDepositRule(notice.deposit);
  const decision = decideCredit({
    lotId: lot.lotId,
    bidderUscc: uscc,
    estimate: parseMoney(lot.estimate),
    rule,
    snapshots: [{ sha256: await sha256Hex(snapshot), snapshot: decodeCreditSnapshot(snapshot) }],
    asOf: deadline,
  });
  const cms = fromBase64(answer.signature);
  return { rule, decision, decisionBytes: encodeCreditDecision(decision), snapshot, cms };
}

/** Member `deposit` of the sealed register: decision, facts, commitment over the waived part, guarantee over the rest. */
export function depositDeclaration(
  { decision, decisionBytes, snapshot, cms }: OwnCreditDecision,
  guarantee: GuaranteeReference | null,
): DepositDeclaration {
  const { policyId, lotId, bidderUscc, waived, needsCommitment } = decision;
  const commitment =
    needsCommitment && policyId !== null
      ? {
          v: 1 as const,
          lotId,
          uscc: bidderUscc,
          amount: formatMoney(waived),
          payDays: waiverPolicies[policyId].commitmentPayDays,
          policyId,
        }
      : null;
  const credit = { snapshot: jsonObject(snapshot), cms: toBase64(cms) };
  return { v: 1, decision: jsonObject(decisionBytes), credit, commitment, guarantee };
}
