export { evaluationErrorCodes } from './error-codes.ts';
export type { EvaluationErrorCode } from './error-codes.ts';
export {
  absolute, add, compare, divide, formatExact, formatFraction, formatRounded, integer, isDecimal, isZero, multiply, negate,
  parseDecimal, rational, round, roundingModes, subtract, sum,
} from './rational.ts';
export type { Rational, Rounding, RoundingMode } from './rational.ts';

export { deriveDrawSeed, drawPurposes, permute } from './draw-stream.ts';
export type { DrawPurpose, DrawSeedInputs } from './draw-stream.ts';
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
export type { Bilingual, RuleConstant, RuleInput, RuleParameter, RuleResult, RuleStep, ScoringRule, Unit } from './rule-syntax.ts';
export { comprehensiveP2Rule, lowestPriceP1Rule, presetRules } from './presets.ts';
