import type { LocalText } from './notice.ts';

export const rulesVersionIds = ['cn-2026', 'demo'] as const;
export type RulesVersionId = (typeof rulesVersionIds)[number];

/** One number of the law: what it is, what it says, where it stands. */
export interface RuleNumber {
  /** L-1 … of the project's table of rules. */
  readonly ruleId: string;
  readonly value: number;
  readonly unit: 'days' | 'working-days' | 'count' | 'basis-points' | 'minor-units' | 'percent';
  /** Article, as cited to a person. */
  readonly article: LocalText;
  readonly text: LocalText;
  /** Set where no source of authority was at hand. */
  readonly assumption: boolean;
}

export const ruleNumberIds = [
  'issueToDeadline',
  'documentWindow',
  'amendmentBeforeDeadline',
  'objectionBeforeDeadline',
  'objectionReply',
  'minimumBidders',
  'committeeMinimum',
  'expertShareThirds',
  'maximumCandidates',
  'publicityStart',
  'publicityDuration',
  'contractAfterAward',
  'depositRateCeiling',
  'depositCapWorksGoods',
  'depositCapSurveyDesign',
  'depositRefund',
  'performanceBondCeiling',
] as const;
export type RuleNumberId = (typeof ruleNumberIds)[number];

/**
 * The rules a tender is published under; a changed law is a new version beside the old one.
 * `dayMs` null: days are calendar days of the tender's zone; a number: a "day" lasts that many milliseconds (demo).
 */
export interface RulesVersion {
  readonly id: RulesVersionId;
  readonly label: LocalText;
  readonly isLaw: boolean;
  readonly effectiveFrom: string;
  readonly dayMs: number | null;
  readonly numbers: Readonly<Record<RuleNumberId, RuleNumber>>;
}
