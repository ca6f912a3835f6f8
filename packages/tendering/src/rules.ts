import type { LocalText } from './notice.ts';
import type { RuleNumber, RuleNumberId, RulesVersion, RulesVersionId } from './rules-version.ts';
import { cnNumbers } from './rules-cn-2026.ts';

const cn2026: RulesVersion = {
  id: 'cn-2026',
  label: { zh: '现行规则（2026 版整理）', en: 'Rules in force (2026 compilation)' },
  isLaw: true,
  effectiveFrom: '2026-01-01',
  dayMs: null,
  numbers: cnNumbers,
};

const notLaw: LocalText = {
  zh: '演示规则，不是法律：一“日”为一秒。',
  en: 'Demonstration rules, not the law: a "day" lasts one second.',
};

function shrunk(numbers: Readonly<Record<RuleNumberId, RuleNumber>>): Readonly<Record<RuleNumberId, RuleNumber>> {
  const entries = Object.entries(numbers).map(([key, number]) => [
    key,
    number.unit === 'days' || number.unit === 'working-days'
      ? { ...number, unit: 'days' as const, text: notLaw }
      : number,
  ]);
  return Object.fromEntries(entries) as Record<RuleNumberId, RuleNumber>; // same keys as the argument
}

const demo: RulesVersion = {
  id: 'demo',
  label: notLaw,
  isLaw: false,
  effectiveFrom: '2026-01-01',
  dayMs: 1000,
  numbers: shrunk(cnNumbers),
};

export const rulesVersions: Readonly<Record<RulesVersionId, RulesVersion>> = { 'cn-2026': cn2026, demo };

export const rulesVersion = (id: RulesVersionId): RulesVersion => rulesVersions[id];

/** How many times faster a day of these rules passes; 1 by law. */
export const dayFactor = (rules: RulesVersion): number => (rules.dayMs === null ? 1 : 86_400_000 / rules.dayMs);
