import {
  DomainError,
  equalBytes,
  instant,
  money,
  parseInstant,
  parseMoney,
  proportion,
  subtractMoney,
} from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import type { CreditDecision, CreditReason } from './credit-decision.ts';
import { encodeCreditDecision } from './credit-decision.ts';
import type { CreditGrade, CreditRecord, CreditSnapshot } from './credit-snapshot.ts';
import { creditGrades } from './credit-snapshot.ts';
import type { DepositRule } from './deposit-rule.ts';
import type { WaiverPolicy } from './waiver-policy.ts';
import { waiverPolicies } from './waiver-policy.ts';

export interface CreditInputs {
  readonly lotId: string;
  readonly bidderUscc: string;
  readonly estimate: Money;
  readonly rule: DepositRule;
  /** The bidder first, then further members of its consortium; signatures verified by the caller. */
  readonly snapshots: readonly { readonly sha256: string; readonly snapshot: CreditSnapshot }[];
  /** The deadline: facts count as they stand then. */
  readonly asOf: Instant;
}

interface Ratio {
  readonly basisPoints: number;
  readonly reasons: readonly CreditReason[];
  readonly isProvisional: boolean;
}

const none = (reason: CreditReason, isProvisional = false): Ratio => ({
  basisPoints: 0,
  reasons: [reason],
  isProvisional,
});

/** An entry counts from its start until its end or its repair. */
export const isInForce = (record: CreditRecord, asOf: Instant): boolean =>
  parseInstant(record.from) <= asOf &&
  (record.until === null || asOf < parseInstant(record.until)) &&
  (record.repairedAt === null || asOf < parseInstant(record.repairedAt));

function ratioOfMember(snapshot: CreditSnapshot, policy: WaiverPolicy, asOf: Instant): Ratio {
  if (snapshot.records.some((record) => policy.hardStops.includes(record.probe) && isInForce(record, asOf)))
    return none('HARD_STOP');
  const issuedAt = parseInstant(snapshot.issuedAt);
  if (issuedAt > asOf) return none('SNAPSHOT_NOT_YET');
  if (asOf > parseInstant(snapshot.validTo) || asOf - issuedAt > policy.snapshotMaxAgeMs) return none('SNAPSHOT_STALE');
  const answered = new Set(
    snapshot.sources.filter((source) => source.status === 'answered').map((source) => source.probe),
  );
  if (policy.hardStops.some((probe) => !answered.has(probe))) return none('SOURCE_UNAVAILABLE', true);
  if (snapshot.grade === null) return none('UNGRADED');
  return ratioOfGrade(snapshot.grade, snapshot.isSmallOrMicro, policy);
}

function ratioOfGrade(grade: CreditGrade, isSmallOrMicro: boolean, policy: WaiverPolicy): Ratio {
  const tier = policy.tiersBasisPoints[grade];
  const reasons: CreditReason[] = ['TIER'];
  const hasBonus = isSmallOrMicro && tier > 0 && policy.smallOrMicroBonusBasisPoints > 0;
  if (hasBonus) reasons.push('SMALL_OR_MICRO_BONUS');
  const wanted = tier + (hasBonus ? policy.smallOrMicroBonusBasisPoints : 0);
  if (wanted > policy.ratioCapBasisPoints) reasons.push('RATIO_CAP');
  return { basisPoints: Math.min(wanted, policy.ratioCapBasisPoints), reasons, isProvisional: false };
}

/** The weakest member decides; it is provisional if any register of any member kept silent. */
function ratioOf(inputs: CreditInputs, policy: WaiverPolicy): Ratio {
  const members = inputs.snapshots.map(({ snapshot }) => ratioOfMember(snapshot, policy, inputs.asOf));
  const [first, ...others] = members;
  if (first === undefined) return none('UNGRADED');
  const weakest = others.reduce((low, member) => (member.basisPoints < low.basisPoints ? member : low), first);
  const isProvisional = members.some((member) => member.isProvisional);
  return {
    ...weakest,
    isProvisional,
    reasons: weakest === first ? weakest.reasons : [...weakest.reasons, 'WEAKEST_MEMBER'],
  };
}

const lesser = (a: Money, b: Money): Money => (a.amountMinor < b.amountMinor ? a : b);

function baseOf({ estimate, rule }: CreditInputs): Money {
  const share = proportion(estimate, rule.rateBasisPoints, 'down');
  return rule.capAmount === null ? share : lesser(share, parseMoney(rule.capAmount));
}

/** Each member stands for the waived sum, so the fullest account decides. */
function roomLeft(inputs: CreditInputs, policy: WaiverPolicy): Money {
  const open = inputs.snapshots.map(({ snapshot }) => parseMoney(snapshot.openWaivedAmount).amountMinor);
  const highest = open.reduce((high, amount) => (amount > high ? amount : high), 0n);
  const room = policy.exposureLimit.amountMinor - highest;
  return money(room > 0n ? room : 0n);
}

interface Split {
  readonly waived: Money;
  readonly reasons: readonly CreditReason[];
}

function split(base: Money, ratio: Ratio, inputs: CreditInputs, policy: WaiverPolicy): Split {
  const reasons: CreditReason[] = [...ratio.reasons];
  let waived = subtractMoney(base, proportion(base, 10_000 - ratio.basisPoints, 'up'));
  const room = roomLeft(inputs, policy);
  if (waived.amountMinor > room.amountMinor) {
    waived = room;
    reasons.push('EXPOSURE_LIMIT');
  }
  const due = subtractMoney(base, waived);
  const isSmall = due.amountMinor > 0n && due.amountMinor < policy.deMinimis.amountMinor;
  if (isSmall && waived.amountMinor > 0n && base.amountMinor <= room.amountMinor) {
    waived = base;
    reasons.push('DE_MINIMIS');
  }
  return { waived, reasons };
}

/**
 * DOMAIN 3.2. Pure: the same inputs give the same decision to the last fen. A waiver fails closed only on a positive hit; a silent
 * register gives no waiver but leaves guarantee and cash open, marked provisional.
 * @throws DomainError `E_CREDIT_SUBJECT` unless the first snapshot is the bidder's.
 */
export function decideCredit(inputs: CreditInputs): CreditDecision {
  const { lotId, bidderUscc, rule, asOf, estimate, snapshots } = inputs;
  const [lead] = snapshots;
  if (lead !== undefined && lead.snapshot.subject.uscc !== bidderUscc) throw new DomainError('E_CREDIT_SUBJECT');
  const base = baseOf(inputs);
  const policy = rule.waiverPolicyId === null ? null : waiverPolicies[rule.waiverPolicyId];
  const acceptsCommitment = rule.forms.includes('commitment');
  const ratio =
    policy === null ? none('NO_POLICY') : acceptsCommitment ? ratioOf(inputs, policy) : none('COMMITMENT_NOT_ACCEPTED');
  const { waived, reasons } =
    policy === null ? { waived: money(0n), reasons: ratio.reasons } : split(base, ratio, inputs, policy);
  const due = subtractMoney(base, waived);
  return {
    lotId,
    bidderUscc,
    policyId: rule.waiverPolicyId,
    asOf,
    estimate,
    base,
    ratioBasisPoints: ratio.basisPoints,
    waived,
    due,
    isProvisional: ratio.isProvisional,
    needsCommitment: waived.amountMinor > 0n,
    formsAllowed: due.amountMinor === 0n ? [] : rule.forms.filter((form) => form !== 'commitment'),
    reasons,
    ruleIds: ['L-16', 'L-17', ...(policy === null ? [] : [policy.id])],
    snapshotHashes: snapshots.map(({ sha256 }) => sha256),
    validUntil: earliestEnd(inputs, policy),
  };
}

/** Until when the facts behind the decision hold. */
function earliestEnd({ snapshots }: CreditInputs, policy: WaiverPolicy | null): Instant | null {
  if (policy === null || snapshots.length === 0) return null;
  const ends = snapshots.map(({ snapshot }) =>
    Math.min(parseInstant(snapshot.validTo), parseInstant(snapshot.issuedAt) + policy.snapshotMaxAgeMs),
  );
  return instant(Math.min(...ends));
}

/**
 * Recomputes a decision from its recorded inputs and compares it byte for byte.
 * @throws DomainError `E_CREDIT_REPLAY`
 */
export function replayCredit(decision: Uint8Array, inputs: CreditInputs): CreditDecision {
  const again = decideCredit(inputs);
  if (!equalBytes(encodeCreditDecision(again), decision))
    throw new DomainError('E_CREDIT_REPLAY', { detail: 'the inputs give another decision' });
  return again;
}

/** For screens: grades from best to worst with their tiers. */
export const tiersOf = (
  policy: WaiverPolicy,
): readonly { readonly grade: CreditGrade; readonly basisPoints: number }[] =>
  creditGrades.map((grade) => ({ grade, basisPoints: policy.tiersBasisPoints[grade] }));
