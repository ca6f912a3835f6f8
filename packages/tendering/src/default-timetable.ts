import { formatInstant, parseInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { latestBeforeDays } from './day-count.ts';
import type { Deadline, Timetable } from './notice.ts';
import type { RulesVersion } from './rules-version.ts';

const MINUTE_MS = 60_000;

/**
 * The timetable a form starts with: documents, questions and objections run as long as the law lets them, so that only the
 * deadline can be too early. Windows and bid validity are usual values, not law.
 */
export function defaultTimetable(rules: RulesVersion, deadline: Deadline, from: Instant): Timetable {
  const { objectionBeforeDeadline, publicityDuration, contractAfterAward } = rules.numbers;
  const objections = latestBeforeDays(rules, deadline.zone, parseInstant(deadline.at), objectionBeforeDeadline.value);
  const windowMs = rules.isLaw ? 30 * MINUTE_MS : MINUTE_MS;
  return {
    documentsFrom: formatInstant(from),
    documentsUntil: deadline.at,
    questionsUntil: formatInstant(objections > from ? objections : from),
    objectionsUntil: formatInstant(objections),
    deadline,
    bidValidityDays: 90,
    decryptionWindowMs: windowMs,
    confirmationWindowMs: windowMs,
    publicityDays: publicityDuration.value,
    contractDays: contractAfterAward.value,
  };
}
