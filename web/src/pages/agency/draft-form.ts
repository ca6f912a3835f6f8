import { api } from '@qej/contract';
import type { Call, PlatformApi } from '@qej/contract';
import { comprehensiveCriteria } from '@qej/evaluation';
import { formatMoney, parseMoney, proportion } from '@qej/kernel';

/** What the agency writes, as the contract takes it. */
export type TenderDraft = Call<PlatformApi['createTender']>['body'];
export type ScoredItem = TenderDraft['criteria'][number];
export type PassFailItem = TenderDraft['passFail'][number];

const ZONE = 'Asia/Shanghai';

/** `YYYY-MM-DDTHH:mm:ss` on the wall of the zone, as a deadline is written. */
export function wallTimeAt(ms: number, zone: string = ZONE): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(ms));
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}:${of('second')}`;
}

/** A `datetime-local` field leaves out seconds that are zero. */
export const wholeWallTime = (value: string): string => (/T\d{2}:\d{2}$/.test(value) ? `${value}:00` : value);

/** Units in which the two periods are typed: the law counts days and minutes, the demo rules seconds. */
export const periodUnitMs = (rulesVersion: TenderDraft['rulesVersion']) =>
  rulesVersion === 'demo'
    ? ({ window: 1_000, publicity: 1_000 } as const)
    : ({ window: 60_000, publicity: 86_400_000 } as const);

interface CriteriaDocument {
  readonly items: readonly {
    readonly id: string;
    readonly kind: string;
    readonly title: { readonly zh: string; readonly en: string };
    readonly clause: string;
    readonly max?: string;
    readonly step?: string;
  }[];
}
// The demo criteria are a constant of the evaluation package, held to its format by that package's tests.
const example = comprehensiveCriteria as unknown as CriteriaDocument;

const examplePassFail = (): PassFailItem[] =>
  example.items
    .filter(({ kind }) => kind === 'pass-fail')
    .map(({ id, title, clause }) => ({ itemId: id, title: { ...title }, clause }));
const exampleCriteria = (): ScoredItem[] =>
  example.items
    .filter(({ kind }) => kind !== 'pass-fail')
    .map(({ id, title, kind, max, step }) => ({
      criterionId: id,
      title: { ...title },
      kind: kind === 'objective' ? 'objective' : 'subjective',
      max: max ?? '10',
      step: step ?? '0.5',
    }));

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A new draft: the usual criteria, rule and periods; titles and sums are for the drafter. */
export function newDraft(now: number, demo: boolean): TenderDraft {
  const unit = periodUnitMs(demo ? 'demo' : 'cn-2026');
  return {
    code: '',
    title: { zh: '', en: '' },
    rulesVersion: demo ? 'demo' : 'cn-2026',
    regime: 'mandatory-tender',
    openingMode: 'joint',
    tendereeOrganizationId: '',
    lot: { name: { zh: '', en: '' }, estimate: '10000000.00', ceilingPrice: '10000000.00' },
    deadline: { wallTime: wallTimeAt(now + (demo ? 3 * MINUTE_MS : 25 * DAY_MS)), zone: ZONE },
    bidValidityDays: 90,
    decryptionWindowMs: (demo ? 120 : 60) * unit.window,
    publicityMs: (demo ? 20 : 3) * unit.publicity,
    holders: [],
    passFail: examplePassFail(),
    criteria: exampleCriteria(),
    scoringRule: { preset: 'comprehensive-p2' },
    deposit: { rateBasisPoints: 200, creditPolicy: 'demo-policy-1' },
    committee: { size: 5, specialties: [] },
    description: '',
  };
}

export interface FieldIssue {
  readonly path: string;
  readonly message: string;
}

/** What keeps the form from being a draft at all; the law is checked by the platform afterwards. */
export function issuesOf(draft: TenderDraft): readonly FieldIssue[] {
  const { error } = api.createTender.body.safeParse(draft);
  return error?.issues.map(({ path, message }) => ({ path: path.join('.'), message })) ?? [];
}

/** Largest deposit that a tender document may ask for works (七部委30号令 art. 37). */
const DEPOSIT_CAP = '800000.00';

/** estimate × rate, at most the cap; undefined while the estimate is no sum. */
export function depositAmount({ lot, deposit }: TenderDraft): string | undefined {
  if (!/^(0|[1-9]\d{0,13})\.\d{2}$/.test(lot.estimate) || !Number.isInteger(deposit.rateBasisPoints)) return undefined;
  const wanted = proportion(parseMoney(lot.estimate), Math.max(0, deposit.rateBasisPoints), 'down');
  const cap = parseMoney(DEPOSIT_CAP);
  return formatMoney(wanted.amountMinor > cap.amountMinor ? cap : wanted);
}

/** Sum of the marks of all scored items, as long as each is a number. */
export function marksTotal(criteria: readonly ScoredItem[]): string | undefined {
  if (criteria.some(({ max }) => !/^\d{1,8}(\.\d{1,2})?$/.test(max))) return undefined;
  const hundredths = criteria.reduce((total, { max }) => {
    const [whole = '0', fraction = ''] = max.split('.');
    return total + Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
  }, 0);
  return String(hundredths / 100);
}

/** The next free short name `prefix-n`. */
export function freshName(prefix: string, taken: readonly string[]): string {
  let n = taken.length + 1;
  while (taken.includes(`${prefix}-${n}`)) n += 1;
  return `${prefix}-${n}`;
}
