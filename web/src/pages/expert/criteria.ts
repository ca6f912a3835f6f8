import { formatExact, parseDecimal, parseScore, sum, vetoGrounds } from '@qej/evaluation';
import type { ScoredCriterion, VetoGround } from '@qej/evaluation';
import type { Answer, Call, PlatformApi } from '@qej/contract';
import { DomainError } from '@qej/kernel';
import type { Bilingual } from '../../api/views.ts';

export type Workbench = Answer<PlatformApi['getWorkbench']>;
export type Sheet = Call<PlatformApi['saveSheet']>['body'];

export interface PassItem {
  readonly id: string;
  readonly title: Bilingual;
  readonly clause: string;
}
export interface ScoreItem extends PassItem {
  readonly kind: 'objective' | 'subjective';
  /** Decimal strings. */
  readonly max: string;
  readonly step: string;
}
/** As typed; may be unfinished. */
export interface MarkDraft {
  readonly score: string;
  readonly note: string;
}
export interface PassDraft {
  readonly pass: boolean | undefined;
  readonly opinion: string;
  readonly ground: VetoGround | '';
}
export interface SheetDraft {
  readonly marks: Readonly<Record<string, MarkDraft>>;
  readonly passFail: Readonly<Record<string, PassDraft>>;
}
export const emptyMark: MarkDraft = { score: '', note: '' };
export const emptyPass: PassDraft = { pass: undefined, opinion: '', ground: '' };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isBilingual = (value: unknown): value is Bilingual =>
  isRecord(value) && typeof value['zh'] === 'string' && typeof value['en'] === 'string';

function readItem(value: unknown): PassItem | undefined {
  if (!isRecord(value) || typeof value['id'] !== 'string' || !isBilingual(value['title'])) return undefined;
  return { id: value['id'], title: value['title'], clause: typeof value['clause'] === 'string' ? value['clause'] : '' };
}
/** Items of the notice; what this page does not know is left out, and the server asks for it. */
export function readPassItems(value: unknown): readonly PassItem[] {
  return Array.isArray(value) ? value.map(readItem).filter((item) => item !== undefined) : [];
}
export function readScoreItems(value: unknown): readonly ScoreItem[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    const item = readItem(one);
    if (item === undefined || !isRecord(one)) return [];
    const { kind, max, step } = one;
    if (typeof max !== 'string' || typeof step !== 'string') return [];
    return [{ ...item, kind: kind === 'objective' ? ('objective' as const) : ('subjective' as const), max, step }];
  });
}

const criterionOf = ({ id, title, clause, kind, max, step }: ScoreItem): ScoredCriterion => ({
  id,
  title,
  clause,
  kind,
  max: parseDecimal(max),
  step: parseDecimal(step),
});

/** Between nothing and the maximum, a multiple of the step. */
export function isGoodScore(item: ScoreItem, score: string): boolean {
  try {
    parseScore(criterionOf(item), score.trim());
    return true;
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}
export const isPassDone = ({ pass, opinion, ground }: PassDraft): boolean =>
  pass === true || (pass === false && opinion.trim() !== '' && ground !== '');

/** Sum of the good marks, exact. */
export function sumOf(items: readonly ScoreItem[], draft: SheetDraft): string {
  const good = items.filter((item) => isGoodScore(item, draft.marks[item.id]?.score ?? ''));
  return formatExact(sum(good.map(({ id }) => parseDecimal((draft.marks[id]?.score ?? '0').trim()))));
}
export function leftOf(
  { scores, passes }: { readonly scores: readonly ScoreItem[]; readonly passes: readonly PassItem[] },
  draft: SheetDraft,
): number {
  const openMarks = scores.filter((item) => !isGoodScore(item, draft.marks[item.id]?.score ?? '')).length;
  return openMarks + passes.filter(({ id }) => !isPassDone(draft.passFail[id] ?? emptyPass)).length;
}

export function draftOf(sheet: Workbench['sheets'][number] | undefined): SheetDraft {
  const known: readonly string[] = vetoGrounds;
  return {
    marks: Object.fromEntries(
      (sheet?.marks ?? []).map(({ criterionId, score, note }) => [criterionId, { score, note: note ?? '' }]),
    ),
    passFail: Object.fromEntries(
      (sheet?.passFail ?? []).map(({ itemId, pass, opinion, ground }) => [
        itemId,
        {
          pass,
          opinion: opinion ?? '',
          ground: ground !== undefined && known.includes(ground) ? (ground as VetoGround) : '',
        },
      ]),
    ),
  };
}
/** What can be kept of a draft: good marks and verdicts that were given. */
export function sheetOf(bidId: string, scores: readonly ScoreItem[], draft: SheetDraft): Sheet {
  const marks = scores.flatMap((item) => {
    const { score, note } = draft.marks[item.id] ?? emptyMark;
    if (!isGoodScore(item, score)) return [];
    return [{ criterionId: item.id, score: score.trim(), ...(note.trim() === '' ? {} : { note: note.trim() }) }];
  });
  const passFail = Object.entries(draft.passFail).flatMap(([itemId, { pass, opinion, ground }]) => {
    if (pass === undefined) return [];
    const why = pass
      ? {}
      : { ...(opinion.trim() === '' ? {} : { opinion: opinion.trim() }), ...(ground === '' ? {} : { ground }) };
    return [{ itemId, pass, ...why }];
  });
  return { bidId, marks, passFail };
}
