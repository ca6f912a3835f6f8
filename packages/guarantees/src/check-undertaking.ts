import { parseInstant, parseMoney } from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import type { CommitmentOpening } from './commitment.ts';
import { opensCommitment } from './commitment.ts';
import type { GuaranteeParty, Undertaking } from './documents.ts';
import { acceptedTemplateIds, guaranteeTemplates, templateSha256 } from './template.ts';

export const undertakingFindings = [
  'U_COMMITMENT',
  'U_APPLICANT',
  'U_BENEFICIARY',
  'U_AMOUNT_SHORT',
  'U_VALIDITY_SHORT',
  'U_NOT_YET_VALID',
  'U_TEMPLATE',
  'U_NOT_INDEPENDENT',
  'U_NOT_IN_FORCE',
  'U_STATUS_UNKNOWN',
] as const;
export type UndertakingFinding = (typeof undertakingFindings)[number];

/** The guarantor's register at the opening. `unknown`: it did not answer; that alone never costs the bidder anything (I5). */
export type RegisterStatus = 'in-force' | 'not-in-force' | 'unknown';

export interface UndertakingExpectation {
  readonly opening: CommitmentOpening;
  readonly bidder: GuaranteeParty;
  readonly tenderee: GuaranteeParty;
  readonly amountDue: Money;
  /** End of the bid validity with the deposit rule's tail. */
  readonly validUntil: Instant;
  /** The deadline. */
  readonly asOf: Instant;
  readonly status: RegisterStatus;
}

export interface UndertakingCheck {
  readonly isAccepted: boolean;
  readonly findings: readonly UndertakingFinding[];
  /** What counts towards the deposit; null when refused. */
  readonly amount: Money | null;
}

const isSameParty = (a: GuaranteeParty, b: GuaranteeParty): boolean => a.uscc === b.uscc && a.name === b.name;

function datesOf(undertaking: Undertaking, expected: UndertakingExpectation): readonly UndertakingFinding[] {
  const findings: UndertakingFinding[] = [];
  if (parseInstant(undertaking.validFrom) > expected.asOf) findings.push('U_NOT_YET_VALID');
  if (parseInstant(undertaking.validTo) < expected.validUntil) findings.push('U_VALIDITY_SHORT');
  return findings;
}

async function templateOf(undertaking: Undertaking): Promise<readonly UndertakingFinding[]> {
  const template = guaranteeTemplates[undertaking.templateId];
  if ((await templateSha256(template)) !== undertaking.templateSha256) return ['U_TEMPLATE'];
  return acceptedTemplateIds.includes(undertaking.templateId) ? [] : ['U_NOT_INDEPENDENT'];
}

/**
 * The check at the opening, after the guarantor's signature was verified by the caller: commitment opens, applicant is the bidder,
 * beneficiary the tenderee (named, or by the commitment), amount ≥ due, valid over the bid validity, accepted text, in force.
 * Every finding is listed; only `U_STATUS_UNKNOWN` does not refuse.
 */
export async function checkUndertaking(
  undertaking: Undertaking,
  expected: UndertakingExpectation,
): Promise<UndertakingCheck> {
  const findings: UndertakingFinding[] = [];
  const amount = parseMoney(undertaking.amount, undertaking.currency);
  if (!(await opensCommitment(undertaking.commitment, expected.opening))) findings.push('U_COMMITMENT');
  if (!isSameParty(undertaking.applicant, expected.bidder)) findings.push('U_APPLICANT');
  if (undertaking.beneficiary !== null && !isSameParty(undertaking.beneficiary, expected.tenderee))
    findings.push('U_BENEFICIARY');
  if (amount.amountMinor < expected.amountDue.amountMinor) findings.push('U_AMOUNT_SHORT');
  findings.push(...datesOf(undertaking, expected), ...(await templateOf(undertaking)));
  if (expected.status === 'not-in-force') findings.push('U_NOT_IN_FORCE');
  if (expected.status === 'unknown') findings.push('U_STATUS_UNKNOWN');
  const isAccepted = findings.every((finding) => finding === 'U_STATUS_UNKNOWN');
  return { isAccepted, findings, amount: isAccepted ? amount : null };
}

/** May a demand still be presented? Up to and including the last instant of the validity. */
export const isExpired = (undertaking: Undertaking, now: Instant): boolean => now > parseInstant(undertaking.validTo);

/** When the guarantor lets it expire by itself. */
export const expiresAt = (undertaking: Undertaking): Instant => parseInstant(undertaking.validTo);
