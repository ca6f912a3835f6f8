import type { Instant } from '@qej/kernel';
import { checkMoney } from './check-money.ts';
import { checkCommittee, checkHolders } from './check-people.ts';
import { checkTimetable } from './check-timetable.ts';
import type { Notice } from './notice.ts';
import type { NoticeFinding } from './notice-finding.ts';
import { againstFormat } from './notice-finding.ts';
import { procedureOf } from './procedures.ts';
import type { RulesVersion } from './rules-version.ts';

export { isBlocking } from './notice-finding.ts';

function checkStructure(notice: Notice): readonly NoticeFinding[] {
  const findings: NoticeFinding[] = [];
  const ids = new Set(notice.lots.map((lot) => lot.lotId));
  const numbers = new Set(notice.lots.map((lot) => lot.no));
  if (ids.size !== notice.lots.length || numbers.size !== notice.lots.length) {
    findings.push(againstFormat('N_LOTS', 'lots', '标段标识或者序号重复', 'lot ids and numbers must differ'));
  }
  if (notice.stages.join() !== procedureOf(notice).stages.join()) {
    findings.push(
      againstFormat('N_STAGES', 'stages', '开标阶段与招标程序不符', 'the stages are not those of the procedure'),
    );
  }
  if (notice.retenderOf === notice.tenderId) {
    findings.push(againstFormat('N_RETENDER', 'retenderOf', '重新招标不能指向自身', 'a tender cannot repeat itself'));
  }
  return findings;
}

function checkCoefficient(notice: Notice): readonly NoticeFinding[] {
  if (notice.coefficient === null) return [];
  const { from, to, step } = notice.coefficient;
  const [low, high, width] = [micro(from), micro(to), micro(step)];
  if (width > 0n && low <= high && (high - low) % width === 0n) return [];
  return [
    againstFormat(
      'N_COEFFICIENT',
      'coefficient',
      '抽取系数的区间与步长不符',
      'the range must be a whole number of steps',
    ),
  ];
}

/** The format allows at most six decimals. */
function micro(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(6, '0'));
}

/**
 * Everything that the rules in force and the format itself say about a notice. `now` is when it would be published.
 * Errors block the publication; warnings travel with the notice.
 */
export function checkNotice(notice: Notice, rules: RulesVersion, now: Instant): readonly NoticeFinding[] {
  const findings = [
    ...checkStructure(notice),
    ...checkTimetable(notice, rules, now),
    ...checkMoney(notice, rules),
    ...checkCommittee(notice, rules),
    ...checkHolders(notice),
    ...checkCoefficient(notice),
  ];
  if (!rules.isLaw)
    findings.push(againstFormat('N_NOT_LAW', 'rulesVersion', rules.label.zh, rules.label.en, 'warning'));
  return findings;
}
