import { DomainError } from '@qej/kernel';
import { minimumForDropping } from './criteria.ts';
import type { Aggregation, LotCriteria, ScoredCriterion } from './criteria.ts';
import { compare, divide, formatExact, formatFraction, formatRounded, integer, round, sum, ZERO } from './rational.ts';
import type { Rational } from './rational.ts';
import type { Bilingual } from './rule-syntax.ts';
import type { Mark } from './score-sheet.ts';
import type { TraceStep } from './scoring-run.ts';

export interface CriterionMarks {
  readonly criterion: ScoredCriterion;
  readonly marks: readonly Mark[];
}

export interface TechnicalScore {
  readonly perCriterion: readonly { readonly criterionId: string; readonly value: Rational }[];
  readonly technical: Rational;
  readonly steps: readonly TraceStep[];
}

const METHOD: Record<Aggregation['method'], Bilingual> = {
  mean: { zh: '各专家评分的算术平均值', en: 'mean of the experts' },
  'drop-extremes': { zh: '去掉一个最高分和一个最低分后的算术平均值', en: 'mean without one highest and one lowest' },
};

function average(values: readonly Rational[], method: Aggregation['method']): Rational {
  if (values.length === 0) return ZERO;
  if (method === 'mean') return divide(sum(values), integer(values.length));
  if (values.length < minimumForDropping) {
    throw new DomainError('E_EVALUATION_CRITERIA', { detail: 'extremes are dropped with five experts or more' });
  }
  const kept = values.toSorted(compare).slice(1, -1);
  return divide(sum(kept), integer(kept.length));
}

/** Each expert's sum over all scored criteria, in order of expert id. */
export function expertTotals(given: readonly CriterionMarks[]): Mark[] {
  const [first] = given;
  if (first === undefined) return [];
  return first.marks.map(({ expertId }, place) => ({
    expertId,
    score: sum(given.map(({ marks }) => marks[place]?.score ?? ZERO)),
  }));
}

function line(
  name: string,
  title: Bilingual,
  [formula, value, text]: readonly [Bilingual, Rational, string],
): TraceStep {
  return { name, title, scope: 'bid', formula, value: text, exact: formatFraction(value) };
}

const listed = ({ zh, en }: Bilingual, marks: readonly Mark[]): Bilingual => {
  const scores = marks.map(({ score }) => formatExact(score)).join(', ');
  return { zh: `${zh}（${scores}）`, en: `${en} (${scores})` };
};

/** The technical score of one bid from all marks, rounded where the tender document says. */
export function aggregate(
  given: readonly CriterionMarks[],
  { aggregation }: Pick<LotCriteria, 'aggregation'>,
): TechnicalScore {
  const { method, over, roundAt, rounding } = aggregation;
  const perCriterion = given.map(({ criterion, marks }) => {
    const exact = average(
      marks.map(({ score }) => score),
      over === 'criterion' ? method : 'mean',
    );
    const value = roundAt === 'criterion' ? round(exact, rounding) : exact;
    const text = roundAt === 'criterion' ? formatRounded(value, rounding) : formatExact(value);
    const words = listed(METHOD[over === 'criterion' ? method : 'mean'], marks);
    return {
      criterionId: criterion.id,
      value,
      step: line(`criterion:${criterion.id}`, criterion.title, [words, value, text]),
    };
  });
  const totals = expertTotals(given);
  const exact =
    over === 'criterion'
      ? sum(perCriterion.map(({ value }) => value))
      : average(
          totals.map(({ score }) => score),
          method,
        );
  const technical = round(exact, rounding);
  const words = over === 'criterion' ? { zh: '各项之和', en: 'sum of the criteria' } : listed(METHOD[method], totals);
  const last = line('technical', { zh: '技术分', en: 'technical score' }, [
    words,
    technical,
    formatRounded(technical, rounding),
  ]);
  return { perCriterion, technical, steps: [...perCriterion.map(({ step }) => step), last] };
}
