import { canonicalBytes, formatInstant, formatMoney, parseCanonical, parseInstant, parseMoney } from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import type { DepositForm } from './deposit-rule.ts';
import { depositForms } from './deposit-rule.ts';
import { flag, hash, id, instantText, integer, list, moneyText, nullable, object, oneOf, text } from './shape.ts';
import type { WaiverPolicyId } from './waiver-policy.ts';
import { waiverPolicyIds } from './waiver-policy.ts';

export const creditReasons = [
  'NO_POLICY',
  'TIER',
  'UNGRADED',
  'SMALL_OR_MICRO_BONUS',
  'HARD_STOP',
  'SOURCE_UNAVAILABLE',
  'SNAPSHOT_STALE',
  'SNAPSHOT_NOT_YET',
  'WEAKEST_MEMBER',
  'EXPOSURE_LIMIT',
  'RATIO_CAP',
  'DE_MINIMIS',
  'COMMITMENT_NOT_ACCEPTED',
] as const;
export type CreditReason = (typeof creditReasons)[number];

/** The decision on one bidder's deposit for one lot (信用减免决定): deterministic in its inputs, so it can be replayed. */
export interface CreditDecision {
  readonly lotId: string;
  readonly bidderUscc: string;
  readonly policyId: WaiverPolicyId | null;
  readonly asOf: Instant;
  readonly estimate: Money;
  /** min(⌊estimate × rate⌋, cap): the whole deposit. */
  readonly base: Money;
  readonly ratioBasisPoints: number;
  readonly waived: Money;
  /** To be covered by guarantee, insurance or cash. base = waived + due. */
  readonly due: Money;
  /** True: a register did not answer; a new probe may only better it. */
  readonly isProvisional: boolean;
  /** A commitment letter (信用承诺书) over `waived` belongs to the bid. */
  readonly needsCommitment: boolean;
  readonly formsAllowed: readonly DepositForm[];
  readonly reasons: readonly CreditReason[];
  readonly ruleIds: readonly string[];
  /** SHA-256 of each signed snapshot used, lead member first. */
  readonly snapshotHashes: readonly string[];
  readonly validUntil: Instant | null;
}

interface WireDecision {
  readonly v: 1;
  readonly lotId: string;
  readonly bidderUscc: string;
  readonly policyId: WaiverPolicyId | null;
  readonly asOf: string;
  readonly estimate: string;
  readonly base: string;
  readonly ratioBasisPoints: number;
  readonly waived: string;
  readonly due: string;
  readonly isProvisional: boolean;
  readonly needsCommitment: boolean;
  readonly formsAllowed: readonly DepositForm[];
  readonly reasons: readonly CreditReason[];
  readonly ruleIds: readonly string[];
  readonly snapshotHashes: readonly string[];
  readonly validUntil: string | null;
}

const readWire = object<WireDecision>({
  v: oneOf([1]),
  lotId: id,
  bidderUscc: text(18, 18),
  policyId: nullable(oneOf(waiverPolicyIds)),
  asOf: instantText,
  estimate: moneyText,
  base: moneyText,
  ratioBasisPoints: integer(0, 10_000),
  waived: moneyText,
  due: moneyText,
  isProvisional: flag,
  needsCommitment: flag,
  formsAllowed: list(oneOf(depositForms), 0, depositForms.length),
  reasons: list(oneOf(creditReasons), 0, creditReasons.length),
  ruleIds: list(text(80), 0, 20),
  snapshotHashes: list(hash, 0, 20),
  validUntil: nullable(instantText),
});

/** Canonical JSON: what goes into the sealed register and is compared byte for byte at the replay. */
export function encodeCreditDecision(decision: CreditDecision): Uint8Array<ArrayBuffer> {
  const wire: WireDecision = {
    ...decision,
    v: 1,
    asOf: formatInstant(decision.asOf),
    estimate: formatMoney(decision.estimate),
    base: formatMoney(decision.base),
    waived: formatMoney(decision.waived),
    due: formatMoney(decision.due),
    validUntil: decision.validUntil === null ? null : formatInstant(decision.validUntil),
  };
  return canonicalBytes(readWire(wire, 'decision'));
}

/** @throws DomainError `E_FORMAT` */
export function decodeCreditDecision(bytes: Uint8Array): CreditDecision {
  const { v: _version, ...wire } = readWire(parseCanonical(bytes), 'decision');
  return {
    ...wire,
    asOf: parseInstant(wire.asOf),
    estimate: parseMoney(wire.estimate),
    base: parseMoney(wire.base),
    waived: parseMoney(wire.waived),
    due: parseMoney(wire.due),
    validUntil: wire.validUntil === null ? null : parseInstant(wire.validUntil),
  };
}
