export { evaluationErrorCodes } from './error-codes.ts';
export type { EvaluationErrorCode } from './error-codes.ts';
export {
  absolute,
  add,
  compare,
  divide,
  formatExact,
  formatFraction,
  formatRounded,
  integer,
  isDecimal,
  isZero,
  multiply,
  negate,
  parseDecimal,
  rational,
  round,
  roundingModes,
  subtract,
  sum,
} from './rational.ts';
export type { Rational, Rounding, RoundingMode } from './rational.ts';

export { drawPurposes, permute } from './draw-stream.ts';
export type { DrawPurpose } from './draw-stream.ts';
export { checkPool, expertFields, poolLeaf, poolRoot, sealPool } from './pool.ts';
export type { ExpertField, PersonFacts, PoolEntry } from './pool.ts';
export { defaultQuotas, filterReason, filterReasons, quotaReasons } from './draw-filters.ts';
export type { DrawFilters, DrawQuotas, FilterReason, QuotaReason } from './draw-filters.ts';
export { drawCommittee, nextReserve, verifyCommitteeDraw, verifyPermutation } from './draw.ts';
export type { CommitteeDraw, CommitteeDrawInputs, ReserveInputs, SkippedEntry } from './draw.ts';
export { coefficientValues, drawCoefficient, drawTieOrder } from './draw-coefficient.ts';
export type { CoefficientDraw, CoefficientRange } from './draw-coefficient.ts';

export { parseScoringRule, scoringRuleFormat, scoringRuleVersion } from './rule-parser.ts';
export { runScoringRule } from './scoring-run.ts';
export type { InputValue, RuleBid, ScoredBid, ScoringInputs, ScoringRun, TraceStep } from './scoring-run.ts';
export { ruleInWords } from './rule-words.ts';
export type {
  Bilingual,
  RuleConstant,
  RuleInput,
  RuleParameter,
  RuleResult,
  RuleStep,
  ScoringRule,
  Unit,
} from './rule-syntax.ts';
export { comprehensiveP2Rule, lowestPriceP1Rule, presetRules } from './presets.ts';
export { priceFormulas } from './price-formulas.ts';

export {
  checkRuleFits,
  criterionKinds,
  lotCriteriaFormat,
  lotCriteriaVersion,
  parseLotCriteria,
  parseScore,
  passFailItems,
  scoredItems,
  tieBreakers,
} from './criteria.ts';
export type {
  AbnormalPolicy,
  Aggregation,
  Criterion,
  CriterionKind,
  LotCriteria,
  LowPricePolicy,
  PassFailCriterion,
  ScoredCriterion,
  TieBreaker,
} from './criteria.ts';
export { comprehensiveCriteria } from './demo-criteria.ts';
export { checkScoreSheet, checkVoteSheet, vetoGrounds } from './score-sheet.ts';
export type { ScoreSheet, Verdict, VetoGround, VoteSheet } from './score-sheet.ts';
export type { AbnormalReason, Flag } from './flags.ts';
export type { Ranked } from './ranking.ts';
export { evaluateLot } from './evaluate-lot.ts';
export type { BidEvaluation, Candidate, EvaluatedBid, LotEvaluation, LotInputs, Veto } from './evaluate-lot.ts';

export { committeeStates, committeeTransitions, memberStates, memberTransitions } from './committee-states.ts';
export type { CommitteeEvent, CommitteeState, MemberEvent, MemberState } from './committee-states.ts';
export {
  addMember,
  concludeReview,
  dissolveCommittee,
  formCommittee,
  getMember,
  moveMember,
  seatedMembers,
  sittingExperts,
  withoutVoid,
} from './committee.ts';
export type {
  ChairBallot,
  Committee,
  CommitteeDecision,
  CommitteeFact,
  CommitteeMember,
  MemberCommand,
  Seat,
} from './committee.ts';
export { voteForChair } from './chair-election.ts';
export { signingStatuses } from './report-signing.ts';
export type { SigningActs, SigningStatus } from './report-signing.ts';
export { buildReportContent } from './report-content.ts';
export type { ReportBid, ReportContent, ReportInputs, ReportItem } from './report-content.ts';
