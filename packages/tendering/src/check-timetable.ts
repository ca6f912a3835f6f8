import { DomainError, formatInstant, parseInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { earliestAfterDays, latestBeforeDays } from './day-count.ts';
import { isCalendarPublished } from './holidays.ts';
import type { Notice } from './notice.ts';
import type { NoticeFinding } from './notice-finding.ts';
import { againstFormat, againstRule } from './notice-finding.ts';
import type { RulesVersion } from './rules-version.ts';
import { resolveDeadline, wallOf } from './wall-time.ts';

function checkDeadline(notice: Notice, now: Instant): readonly NoticeFinding[] {
  const { wall, zone, at } = notice.timetable.deadline;
  const path = 'timetable.deadline';
  try {
    if (resolveDeadline(wall, zone).at !== at) {
      return [
        againstFormat(
          'N_DEADLINE_UNRESOLVED',
          path,
          '截止时间与所列时区的时刻不符',
          'wall time, zone and instant do not agree',
        ),
      ];
    }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return [
      againstFormat(
        'N_DEADLINE_UNRESOLVED',
        path,
        '该时区没有这一时刻，或者这一时刻出现两次',
        'the zone skips this wall time or shows it twice',
      ),
    ];
  }
  if (parseInstant(at) > now) return [];
  return [againstFormat('N_AFTER_DEADLINE', path, '投标截止时间已过', 'the deadline has passed')];
}

function checkIssue(notice: Notice, rules: RulesVersion, issued: Instant): readonly NoticeFinding[] {
  const { deadline, documentsUntil } = notice.timetable;
  const { issueToDeadline, documentWindow } = rules.numbers;
  const closesAt = parseInstant(deadline.at);
  const until = parseInstant(documentsUntil);
  const findings: NoticeFinding[] = [];
  if (closesAt < earliestAfterDays(rules, deadline.zone, issued, issueToDeadline.value)) {
    findings.push(againstRule('N_ISSUE_TO_DEADLINE', 'timetable.deadline', issueToDeadline));
  }
  if (until < earliestAfterDays(rules, deadline.zone, issued, documentWindow.value)) {
    findings.push(againstRule('N_DOCUMENT_WINDOW', 'timetable.documentsUntil', documentWindow));
  }
  if (until > closesAt) {
    const [zh, en] = ['文件发售不得晚于投标截止', 'documents cannot be offered after the deadline'];
    findings.push(againstFormat('N_DOCUMENT_WINDOW', 'timetable.documentsUntil', zh, en));
  }
  return findings;
}

/** A last moment for objections before the legal one would cut the bidders' right short. */
function checkVoices(notice: Notice, rules: RulesVersion, issued: Instant): readonly NoticeFinding[] {
  const { deadline, objectionsUntil, questionsUntil } = notice.timetable;
  const { objectionBeforeDeadline } = rules.numbers;
  const closesAt = parseInstant(deadline.at);
  const objections = parseInstant(objectionsUntil);
  const questions = parseInstant(questionsUntil);
  const findings: NoticeFinding[] = [];
  const legal = latestBeforeDays(rules, deadline.zone, closesAt, objectionBeforeDeadline.value);
  if (objections > closesAt || objections < legal) {
    findings.push(againstRule('N_OBJECTIONS', 'timetable.objectionsUntil', objectionBeforeDeadline));
  }
  if (questions > closesAt || questions < issued) {
    const [zh, en] = ['提问截止须在发出之后、投标截止之前', 'questions end between issue and deadline'];
    findings.push(againstFormat('N_QUESTIONS', 'timetable.questionsUntil', zh, en));
  }
  return findings;
}

/** L-1, L-2, L-4, L-13, L-15, and the deadline's own consistency. */
export function checkTimetable(notice: Notice, rules: RulesVersion, now: Instant): readonly NoticeFinding[] {
  const unusable = checkDeadline(notice, now);
  if (unusable.length > 0) return unusable;
  const { timetable } = notice;
  const from = parseInstant(timetable.documentsFrom);
  const issued = from > now ? from : now;
  const findings = [...checkIssue(notice, rules, issued), ...checkVoices(notice, rules, issued)];
  const { publicityDuration, contractAfterAward } = rules.numbers;
  if (timetable.publicityDays < publicityDuration.value) {
    findings.push(againstRule('N_PUBLICITY', 'timetable.publicityDays', publicityDuration));
  }
  if (timetable.contractDays > contractAfterAward.value) {
    findings.push(againstRule('N_CONTRACT_DAYS', 'timetable.contractDays', contractAfterAward));
  }
  const date = wallOf(parseInstant(timetable.deadline.at), timetable.deadline.zone).slice(0, 10);
  if (rules.isLaw && !isCalendarPublished(date)) {
    findings.push(
      againstFormat(
        'N_HOLIDAYS_UNPUBLISHED',
        'timetable.deadline',
        `${date.slice(0, 4)} 年节假日安排尚未载入，期限按周末计算`,
        `the holidays of ${date.slice(0, 4)} are not loaded; weekends are used`,
        'warning',
      ),
    );
  }
  return findings;
}

/** The earliest deadline that L-1 allows for a notice issued at `from`, for a form's default and its lower bound. */
export const earliestDeadline = (rules: RulesVersion, zone: string, from: Instant): string =>
  formatInstant(earliestAfterDays(rules, zone, from, rules.numbers.issueToDeadline.value));
