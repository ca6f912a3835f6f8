import { isInsiderSet } from './holders.ts';
import type { Notice } from './notice.ts';
import type { NoticeFinding } from './notice-finding.ts';
import { againstFormat, againstRule } from './notice-finding.ts';
import type { RulesVersion } from './rules-version.ts';

/** L-8: odd, at least five, experts at least two thirds; quotas fit the drawn seats. */
export function checkCommittee(notice: Notice, rules: RulesVersion): readonly NoticeFinding[] {
  const { size, expertSeats, quotas } = notice.committee;
  const { committeeMinimum, expertShareThirds } = rules.numbers;
  const findings: NoticeFinding[] = [];
  if (size < committeeMinimum.value || size % 2 === 0)
    findings.push(againstRule('N_COMMITTEE_SIZE', 'committee.size', committeeMinimum));
  if (expertSeats * 3 < size * expertShareThirds.value || expertSeats > size) {
    findings.push(againstRule('N_COMMITTEE_EXPERTS', 'committee.expertSeats', expertShareThirds));
  }
  const quotaSeats = quotas.reduce((sum, quota) => sum + quota.seats, 0);
  if (quotaSeats > expertSeats || new Set(quotas.map((quota) => quota.specialty)).size !== quotas.length) {
    findings.push(
      againstFormat(
        'N_COMMITTEE_QUOTAS',
        'committee.quotas',
        '专业席位数超过专家席位，或者专业重复',
        'quotas exceed the expert seats or repeat a specialty',
      ),
    );
  }
  return findings;
}

function checkSets(notice: Notice): readonly NoticeFinding[] {
  const { holders, sets } = notice;
  const findings: NoticeFinding[] = [];
  const spelled = sets.map((set) => set.join());
  const wellFormed = sets.every((set) =>
    set.every((index, at) => index < holders.length && (at === 0 || index > (set[at - 1] ?? -1))),
  );
  const sorted = spelled.toSorted(compareSets).join(';') === spelled.join(';');
  if (!wellFormed || !sorted || new Set(spelled).size !== sets.length) {
    findings.push(
      againstFormat(
        'N_SETS',
        'sets',
        '开启组合须为升序、不重复的持有人序号',
        'sets must be sorted, distinct lists of holder indices',
      ),
    );
    return findings;
  }
  if (sets.some((set) => set.length < 2)) {
    findings.push(againstFormat('N_SETS', 'sets', '一人不得单独开启', 'nobody opens alone'));
  }
  if (holders.some((_, index) => !sets.some((set) => set.includes(index)))) {
    findings.push(againstFormat('N_SETS', 'sets', '有持有人不在任何组合内', 'a holder is in no set'));
  }
  const hasThird = holders.some((holder) => holder.role !== 'agency' && holder.role !== 'escrow');
  if (hasThird && sets.some((set) => isInsiderSet(holders, set))) {
    findings.push(
      againstFormat(
        'N_SETS_INSIDERS',
        'sets',
        '有第三方持有人时，代理机构与平台不得自行开启',
        'agency and operator alone must not open where there is a third holder',
      ),
    );
  }
  return findings;
}

/** Element by element as numbers, a prefix first. */
function compareSets(a: string, b: string): number {
  const [left, right] = [a.split(',').map(Number), b.split(',').map(Number)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** SEALING: access structure. */
export function checkHolders(notice: Notice): readonly NoticeFinding[] {
  const findings: NoticeFinding[] = [];
  if (new Set(notice.holders.map((holder) => holder.holderId)).size !== notice.holders.length) {
    findings.push(againstFormat('N_HOLDERS', 'holders', '持有人重复', 'a holder is named twice'));
  }
  if (!notice.holders.some((holder) => holder.role === 'venue-witness' || holder.role === 'notary')) {
    findings.push(
      againstFormat(
        'N_HOLDERS',
        'holders',
        '没有独立的第三方持有人（见证人员或者公证机构）',
        'no independent third holder (venue witness or notary)',
        'warning',
      ),
    );
  }
  return [...findings, ...checkSets(notice)];
}
