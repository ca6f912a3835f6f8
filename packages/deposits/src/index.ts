export {
  advanceClaim,
  claimCommitment,
  commitmentClaimStates,
  commitmentClaimTransitions,
} from './commitment-claim.ts';
export type { CommitmentClaim, CommitmentClaimState, CommitmentClaimStep } from './commitment-claim.ts';
export { checkCoverage, coverageReasons } from './coverage.ts';
export type { Coverage, CoverageReason, DepositCover } from './coverage.ts';
export { creditReasons, decodeCreditDecision, encodeCreditDecision } from './credit-decision.ts';
export type { CreditDecision, CreditReason } from './credit-decision.ts';
export { creditGrades, creditProbes, decodeCreditSnapshot, encodeCreditSnapshot } from './credit-snapshot.ts';
export type { CreditGrade, CreditProbe, CreditRecord, CreditSnapshot } from './credit-snapshot.ts';
export { decideCredit, isInForce, replayCredit, tiersOf } from './decide-credit.ts';
export type { CreditInputs } from './decide-credit.ts';
export { readDepositDeclaration } from './deposit-declaration.ts';
export type { CommitmentLetter, DepositDeclaration, GuaranteeReference } from './deposit-declaration.ts';
export { depositFigures } from './deposit-figures.ts';
export type { DepositFigures } from './deposit-figures.ts';
export { balancesOf, depositPots, isSettled, ledgerReasons, moveDeposit, openLedger } from './deposit-ledger.ts';
export type {
  DepositBalances,
  DepositLedger,
  DepositPot,
  LedgerEntry,
  LedgerReason,
  OpenLedger,
} from './deposit-ledger.ts';
export { depositForms, readDepositRule } from './deposit-rule.ts';
export type { DepositForm, DepositRule } from './deposit-rule.ts';
export { depositsErrorCodes } from './error-codes.ts';
export type { DepositsErrorCode } from './error-codes.ts';
export { waiverPolicies, waiverPolicyIds } from './waiver-policy.ts';
export type { WaiverPolicy, WaiverPolicyId } from './waiver-policy.ts';
