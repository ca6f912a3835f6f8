import type { api } from '@qej/contract';
import { presetRules } from '@qej/evaluation';
import { DomainError, parseMoney, formatMoney } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import {
  defaultSets,
  defaultTimetable,
  procedureOf,
  readNoticeJson,
  resolveDeadline,
  rulesVersion,
} from '@qej/tendering';
import type { FileReference, HolderRole, Notice, Party } from '@qej/tendering';
import type { HolderEntry } from '../identity/index.ts';

/** What the agency writes. */
export type TenderDraft = (typeof api.createTender.body)['_output'];

export interface NoticeFacts {
  readonly tenderId: string;
  readonly lotId: string;
  readonly tenderee: Party;
  readonly agency: Party;
  readonly holders: readonly HolderEntry[];
  readonly document: FileReference;
  readonly attachments: readonly FileReference[];
  readonly now: Instant;
}

const preset = (id: string): { readonly [key: string]: Json } => {
  const found = presetRules.find(
    (rule) => typeof rule === 'object' && rule !== null && 'id' in rule && rule['id'] === id,
  );
  if (found === undefined) throw new DomainError('E_VALIDATION', { detail: `scoringRule.preset: no rule ${id}` });
  return found as { readonly [key: string]: Json };
};

/** The price mark that a rule gives at most. */
function priceMaxOf(rule: { readonly [key: string]: Json }): string {
  const result = rule['result'];
  const max =
    typeof result === 'object' && result !== null && !Array.isArray(result)
      ? (result as { max?: Json }).max
      : undefined;
  return typeof max === 'string' ? max : '40';
}

const addDecimals = (values: readonly string[]): string =>
  formatMoney({
    amountMinor: values.reduce((total, value) => total + parseMoney(pad(value)).amountMinor, 0n),
    currency: 'CNY',
  });
/** Two decimals, as marks are printed. */
function pad(decimal: string): string {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return `${whole}.${fraction.padEnd(2, '0').slice(0, 2)}`;
}

/** The criteria document of docs/formats/scoring-rule.md out of the draft's items. */
function criteriaOf(draft: TenderDraft, priceMax: string): Json {
  const items: Json[] = [
    ...draft.passFail.map(({ itemId, title, clause }): Json => ({ id: itemId, kind: 'pass-fail', title, clause })),
    ...draft.criteria.map(({ criterionId, title, max, step, kind }): Json => ({
      id: criterionId,
      kind,
      title,
      clause: '评标办法前附表',
      max,
      step,
    })),
  ];
  return {
    format: 'qej-lot-criteria',
    v: 1,
    items,
    full: addDecimals([priceMax, ...draft.criteria.map(({ max }) => max)]),
    priceMax,
    total: 'technical-plus-price',
    aggregation: {
      method: draft.committee.size >= 5 ? 'drop-extremes' : 'mean',
      over: 'expert-total',
      roundAt: 'technical',
      rounding: { decimals: 2, mode: 'half-up' },
    },
    tieBreak: ['lower-price', 'higher-technical', 'draw'],
    maxCandidates: 3,
    abnormal: { meanPercent: '30', madFactor: '3', madFloorPercent: '10' },
    lowPrice: { ofMean: '0.5', ofNextLowest: '0.5', ofCeiling: '0.45' },
  };
}

const depositOf = ({ deposit }: TenderDraft): Json => ({
  v: 1,
  rateBasisPoints: deposit.rateBasisPoints,
  capAmount: '800000.00',
  forms: ['guarantee', 'commitment'],
  waiverPolicyId: deposit.creditPolicy,
  guaranteeTailDays: 28,
  mixedForms: false,
});

/** Days of the rules that a publicity of so many milliseconds takes, at least the law's three. */
const publicityDays = (draft: TenderDraft): number => {
  const { dayMs, numbers } = rulesVersion(draft.rulesVersion);
  return Math.max(numbers.publicityDuration.value, Math.ceil(draft.publicityMs / (dayMs ?? 86_400_000)));
};

/**
 * The notice that the draft becomes. Which rules it breaks is for `checkNotice` to say.
 * @throws DomainError `E_FORMAT`, `E_WALL_TIME_MISSING`, `E_WALL_TIME_AMBIGUOUS`
 */
export function composeNotice(draft: TenderDraft, facts: NoticeFacts): Notice {
  const rules = rulesVersion(draft.rulesVersion);
  const deadline = resolveDeadline(draft.deadline.wallTime, draft.deadline.zone);
  const rule = preset(draft.scoringRule.preset);
  const holders = facts.holders.map(({ holderId, role, name }) => ({ holderId, role: role as HolderRole, name }));
  const regime = { regime: draft.regime, procedure: 'one-envelope' } as const;
  return readNoticeJson({
    v: 1,
    tenderId: facts.tenderId,
    code: draft.code,
    title: draft.title,
    rulesVersion: draft.rulesVersion,
    ...regime,
    category: 'works',
    suite: 'intl',
    openingMode: draft.openingMode,
    tenderee: facts.tenderee,
    agency: facts.agency,
    lots: [{ lotId: facts.lotId, no: 1, ...draft.lot }],
    timetable: {
      ...defaultTimetable(rules, deadline, facts.now),
      bidValidityDays: draft.bidValidityDays,
      decryptionWindowMs: draft.decryptionWindowMs,
      publicityDays: publicityDays(draft),
    },
    stages: procedureOf(regime).stages,
    holders,
    sets: defaultSets(holders),
    qualifications: draft.passFail.map(({ itemId, title, clause }) => ({
      itemId: itemIdHex(itemId),
      name: title,
      clause,
    })),
    criteria: criteriaOf(draft, priceMaxOf(rule)),
    scoringRule: rule,
    deposit: depositOf(draft),
    committee: {
      size: draft.committee.size,
      expertSeats: draft.committee.size,
      reserves: 5,
      quotas: [],
      filters: { regions: [], excludedUsccs: [], maxRecentCommittees: null },
    },
    coefficient: draft.coefficient ?? null,
    document: facts.document,
    attachments: facts.attachments,
    consortiumAllowed: false,
    retenderOf: draft.retenderOf ?? null,
  });
}

/** The notice names qualification items by 32 hex digits; the drafter's short name is spelled in them. */
function itemIdHex(name: string): string {
  const hex = Array.from(new TextEncoder().encode(name), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.slice(0, 32).padEnd(32, '0');
}
