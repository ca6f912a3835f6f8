import { parseMoney, proportion } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import type { Notice, NoticeLot } from './notice.ts';
import type { NoticeFinding } from './notice-finding.ts';
import { againstFormat, againstRule } from './notice-finding.ts';
import type { RuleNumber, RulesVersion } from './rules-version.ts';

/** What this check reads of the deposit rule; the deposits package owns and validates the whole. */
interface DepositCeiling {
  readonly rateBasisPoints: number;
  readonly capAmount: string | null;
}

function readCeiling(deposit: Json): DepositCeiling | undefined {
  if (deposit === null || typeof deposit !== 'object' || Array.isArray(deposit)) return undefined;
  const { rateBasisPoints, capAmount } = deposit as { readonly [key: string]: Json };
  if (typeof rateBasisPoints !== 'number' || !Number.isSafeInteger(rateBasisPoints) || rateBasisPoints < 0)
    return undefined;
  if (capAmount !== null && (typeof capAmount !== 'string' || !/^\d{1,14}\.\d{2}$/.test(capAmount))) return undefined;
  return { rateBasisPoints, capAmount };
}

/** L-17 knows works, goods and survey/design; services fall under L-16 alone. */
function statutoryCap(notice: Notice, rules: RulesVersion): RuleNumber | undefined {
  if (notice.regime === 'government-procurement') return undefined;
  if (notice.category === 'survey-design') return rules.numbers.depositCapSurveyDesign;
  return notice.category === 'services' ? undefined : rules.numbers.depositCapWorksGoods;
}

function checkDeposit(notice: Notice, rules: RulesVersion): readonly NoticeFinding[] {
  const ceiling = readCeiling(notice.deposit);
  if (ceiling === undefined)
    return [againstFormat('N_DEPOSIT_FORM', 'deposit', '保证金规则无法读取', 'the deposit rule cannot be read')];
  const findings: NoticeFinding[] = [];
  const { depositRateCeiling } = rules.numbers;
  if (ceiling.rateBasisPoints > depositRateCeiling.value)
    findings.push(againstRule('N_DEPOSIT_RATE', 'deposit.rateBasisPoints', depositRateCeiling));
  const cap = statutoryCap(notice, rules);
  if (cap === undefined) return findings;
  const reached = notice.lots.some((lot) => largestDeposit(lot, ceiling) > BigInt(cap.value));
  if (reached) findings.push(againstRule('N_DEPOSIT_CAP', 'deposit.capAmount', cap));
  if (cap.assumption) {
    findings.push(
      againstFormat(
        'N_ASSUMPTION',
        'deposit.capAmount',
        `${cap.ruleId}：${cap.text.zh}（假设值，待核）`,
        `${cap.ruleId}: ${cap.text.en} (assumption)`,
        'warning',
      ),
    );
  }
  return findings;
}

function largestDeposit(lot: NoticeLot, ceiling: DepositCeiling): bigint {
  const share = proportion(parseMoney(lot.estimate), ceiling.rateBasisPoints, 'down').amountMinor;
  const cap = ceiling.capAmount === null ? share : parseMoney(ceiling.capAmount).amountMinor;
  return share < cap ? share : cap;
}

/** L-16, L-17, and prices that cannot be meant. */
export function checkMoney(notice: Notice, rules: RulesVersion): readonly NoticeFinding[] {
  const findings: NoticeFinding[] = [];
  notice.lots.forEach((lot, index) => {
    const estimate = parseMoney(lot.estimate).amountMinor;
    if (estimate <= 0n)
      findings.push(
        againstFormat('N_ESTIMATE', `lots[${index}].estimate`, '估算价须大于零', 'the estimate must be more than zero'),
      );
    if (lot.ceilingPrice === null) return;
    const ceilingPrice = parseMoney(lot.ceilingPrice).amountMinor;
    const path = `lots[${index}].ceilingPrice`;
    if (ceilingPrice <= 0n)
      findings.push(
        againstFormat('N_CEILING_PRICE', path, '最高投标限价须大于零', 'the ceiling price must be more than zero'),
      );
    else if (ceilingPrice > estimate) {
      findings.push(
        againstFormat(
          'N_CEILING_PRICE',
          path,
          '最高投标限价高于估算价',
          'the ceiling price is above the estimate',
          'warning',
        ),
      );
    }
  });
  return [
    ...findings,
    ...(findings.some((finding) => finding.code === 'N_ESTIMATE') ? [] : checkDeposit(notice, rules)),
  ];
}
