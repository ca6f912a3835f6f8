import type { LocalText } from './notice.ts';
import type { RuleNumber } from './rules-version.ts';

export const noticeFindingCodes = [
  'N_AFTER_DEADLINE',
  'N_ISSUE_TO_DEADLINE',
  'N_DOCUMENT_WINDOW',
  'N_QUESTIONS',
  'N_OBJECTIONS',
  'N_PUBLICITY',
  'N_CONTRACT_DAYS',
  'N_DEADLINE_UNRESOLVED',
  'N_HOLIDAYS_UNPUBLISHED',
  'N_COMMITTEE_SIZE',
  'N_COMMITTEE_EXPERTS',
  'N_COMMITTEE_QUOTAS',
  'N_DEPOSIT_RATE',
  'N_DEPOSIT_CAP',
  'N_DEPOSIT_FORM',
  'N_CEILING_PRICE',
  'N_ESTIMATE',
  'N_LOTS',
  'N_STAGES',
  'N_HOLDERS',
  'N_SETS',
  'N_SETS_INSIDERS',
  'N_COEFFICIENT',
  'N_RETENDER',
  'N_NOT_LAW',
  'N_ASSUMPTION',
] as const;
export type NoticeFindingCode = (typeof noticeFindingCodes)[number];

/** error: the notice cannot be published. warning: shown beside the field, and kept with the notice. */
export type Severity = 'error' | 'warning';

export interface NoticeFinding {
  readonly code: NoticeFindingCode;
  readonly severity: Severity;
  /** Where the rule stands; null for a rule of the format itself. */
  readonly article: LocalText | null;
  readonly message: LocalText;
  /** Member of the notice, e.g. `timetable.deadline`. */
  readonly path: string;
}

export const isBlocking = (finding: NoticeFinding): boolean => finding.severity === 'error';

/** A finding against a number of the law; the message repeats the law's own sentence. */
export const againstRule = (code: NoticeFindingCode, path: string, rule: RuleNumber): NoticeFinding => ({
  code,
  severity: 'error',
  article: rule.article,
  message: rule.text,
  path,
});

export const againstFormat = (
  code: NoticeFindingCode,
  path: string,
  zh: string,
  en: string,
  severity: Severity = 'error',
): NoticeFinding => ({
  code,
  severity,
  article: null,
  message: { zh, en },
  path,
});
