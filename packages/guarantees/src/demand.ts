import { DomainError, parseInstant, parseMoney } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Demand, GuaranteeParty, Release, Undertaking } from './documents.ts';
import type { GuaranteeProgress } from './guarantee-state.ts';
import { stepGuarantee } from './guarantee-state.ts';

function requireBeneficiary(given: GuaranteeParty, beneficiary: GuaranteeParty): void {
  if (given.uscc !== beneficiary.uscc) throw new DomainError('E_NOT_BENEFICIARY');
}

/**
 * A demand on its face: right guarantee and beneficiary, within validity, at most the sum. No proof is asked for.
 * @param beneficiary the one named, or the one revealed.
 * @throws DomainError `E_NOT_BENEFICIARY`, `E_DEMAND_LATE`, `E_DEMAND_AMOUNT`, `E_DEMAND_OTHER`, `E_STATE`
 */
export function presentDemand(
  progress: GuaranteeProgress,
  undertaking: Undertaking,
  demand: Demand,
  beneficiary: GuaranteeParty,
  now: Instant,
): GuaranteeProgress {
  if (demand.guaranteeNo !== undertaking.guaranteeNo) throw new DomainError('E_DEMAND_OTHER');
  requireBeneficiary(demand.beneficiary, beneficiary);
  if (now > parseInstant(undertaking.validTo)) throw new DomainError('E_DEMAND_LATE');
  const amount = parseMoney(demand.amount).amountMinor;
  if (amount <= 0n || amount > parseMoney(undertaking.amount).amountMinor) throw new DomainError('E_DEMAND_AMOUNT');
  return stepGuarantee(progress, 'present-demand', now);
}

/** Only the beneficiary releases. @throws DomainError `E_NOT_BENEFICIARY`, `E_DEMAND_OTHER`, `E_STATE` */
export function releaseGuarantee(
  progress: GuaranteeProgress,
  undertaking: Undertaking,
  release: Release,
  beneficiary: GuaranteeParty,
  now: Instant,
): GuaranteeProgress {
  if (release.guaranteeNo !== undertaking.guaranteeNo) throw new DomainError('E_DEMAND_OTHER');
  requireBeneficiary(release.beneficiary, beneficiary);
  return stepGuarantee(progress, 'release', now);
}

/** Automatic: nobody has to ask. A demand that was presented in time keeps its guarantee alive. @throws DomainError `E_NOT_EXPIRED` */
export function expireGuarantee(
  progress: GuaranteeProgress,
  undertaking: Undertaking,
  now: Instant,
): GuaranteeProgress {
  if (now <= parseInstant(undertaking.validTo)) throw new DomainError('E_NOT_EXPIRED');
  return stepGuarantee(progress, 'expire', now);
}
