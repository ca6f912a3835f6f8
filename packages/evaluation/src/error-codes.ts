/** Every refusal of this package. The contract's error catalogue lists them. */
export const evaluationErrorCodes = [
  // exact numbers
  'E_DECIMAL',
  // draw
  'E_DRAW_SEED',
  'E_DRAW_POOL',
  'E_DRAW_LEAF',
  'E_DRAW_ROOT',
  'E_DRAW_QUOTA',
  'E_DRAW_TOO_FEW',
  'E_DRAW_RANGE',
  'E_DRAW_MISMATCH',
  // scoring rule: document
  'E_RULE_FORMAT',
  'E_RULE_NAME',
  'E_RULE_TYPE',
  'E_RULE_UNIT',
  'E_RULE_SIZE',
  // scoring rule: run
  'E_RULE_INPUT',
  'E_RULE_PARAMETER',
  'E_RULE_DIVISION',
  'E_RULE_EMPTY',
  // evaluation of a lot
  'E_EVALUATION_CRITERIA',
  'E_EVALUATION_UNKNOWN',
  'E_EVALUATION_DUPLICATE',
  'E_EVALUATION_SCORE',
  'E_EVALUATION_INCOMPLETE',
  'E_EVALUATION_VETO_GROUND',
  'E_EVALUATION_TIE_DRAW',
  // committee
  'E_COMMITTEE_SIZE',
  'E_COMMITTEE_MEMBER',
  'E_COMMITTEE_VOTE',
  'E_COMMITTEE_EARLY',
  'E_COMMITTEE_REASON',
] as const;

export type EvaluationErrorCode = (typeof evaluationErrorCodes)[number];
