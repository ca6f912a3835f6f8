import { DomainError } from '@qej/kernel';
import type { ExpertField, PersonFacts } from './pool.ts';

/** Who may be drawn at all. Logged before closing, or before the draw, as data. An empty list asks nothing. */
export interface DrawFilters {
  /** One of these specialties is needed. */
  readonly specialties: readonly string[];
  readonly regions: readonly string[];
  /** Tenderee, agency and bidders: nobody with an interest in one of them may sit ([L2] art. 46). */
  readonly excludedEmployers: readonly string[];
  readonly excludedPersons: readonly string[];
  readonly maxWorkload: number;
}

/** Who may sit together. */
export interface DrawQuotas {
  /** Of the committee, at least numerator/denominator (rounded up) are of these fields ([L1] art. 37: 2/3). */
  readonly fields: { readonly of: readonly ExpertField[]; readonly numerator: number; readonly denominator: number };
  readonly maxPerEmployer: number;
  /** At least so many members with a specialty. */
  readonly specialties: readonly { readonly specialty: string; readonly min: number }[];
}

export const filterReasons = ['suspended', 'specialty', 'region', 'employer', 'person', 'workload'] as const;
export const quotaReasons = ['field-quota', 'employer-quota', 'specialty-quota'] as const;
export type FilterReason = (typeof filterReasons)[number];
export type QuotaReason = (typeof quotaReasons)[number];

/** At least two thirds technical or economic, two of one employer at most. */
export const defaultQuotas: DrawQuotas = {
  fields: { of: ['technical', 'economic'], numerator: 2, denominator: 3 },
  maxPerEmployer: 2,
  specialties: [],
};

const sharesOne = (left: readonly string[], right: readonly string[]): boolean =>
  left.some((item) => right.includes(item));

const FILTERS: Record<FilterReason, (facts: PersonFacts, filters: DrawFilters) => boolean> = {
  suspended: (facts) => facts.isSuspended,
  specialty: (facts, filters) => filters.specialties.length > 0 && !sharesOne(facts.specialties, filters.specialties),
  region: (facts, filters) => filters.regions.length > 0 && !filters.regions.includes(facts.region),
  employer: (facts, filters) => sharesOne(facts.employers, filters.excludedEmployers),
  person: (facts, filters) => filters.excludedPersons.includes(facts.personId),
  workload: (facts, filters) => facts.workload > filters.maxWorkload,
};

/** The first filter that keeps this person out, in the order of {@link filterReasons}. */
export const filterReason = (facts: PersonFacts, filters: DrawFilters): FilterReason | undefined =>
  filterReasons.find((reason) => FILTERS[reason](facts, filters));

const minimumOfFields = ({ fields }: DrawQuotas, size: number): number =>
  Math.ceil((size * fields.numerator) / fields.denominator);

/** @throws DomainError `E_DRAW_QUOTA` for quotas that no committee of this size can meet. */
export function checkQuotas(quotas: DrawQuotas, size: number): void {
  const { numerator, denominator } = quotas.fields;
  const counts = [numerator, denominator, quotas.maxPerEmployer, ...quotas.specialties.map(({ min }) => min)];
  const areCounts = counts.every((count) => Number.isSafeInteger(count) && count >= 0);
  if (!areCounts || denominator < 1 || numerator > denominator || quotas.maxPerEmployer < 1) {
    throw new DomainError('E_DRAW_QUOTA', { detail: 'quotas are whole numbers' });
  }
  if (quotas.specialties.some(({ min }) => min > size))
    throw new DomainError('E_DRAW_QUOTA', { detail: 'more specialists than seats' });
}

function lacksSpecialists(quotas: DrawQuotas, seated: readonly PersonFacts[], seatsLeft: number): boolean {
  const missing = quotas.specialties.map(({ specialty, min }) => {
    const present = seated.filter((person) => person.specialties.includes(specialty)).length;
    return Math.max(0, min - present);
  });
  return missing.reduce((total, count) => total + count, 0) > seatsLeft;
}

/**
 * Whether `next` may take a seat beside `seated` in a committee of `size`. A seat that is still needed for a quota is
 * kept free; specialties that one person has together are counted apart, which keeps the rule simple and only stricter.
 */
export function quotaReason(
  next: PersonFacts,
  { seated, size, quotas }: { seated: readonly PersonFacts[]; size: number; quotas: DrawQuotas },
): QuotaReason | undefined {
  const others = size - minimumOfFields(quotas, size);
  const isOther = !quotas.fields.of.includes(next.field);
  const seatedOthers = seated.filter((person) => !quotas.fields.of.includes(person.field)).length;
  if (isOther && seatedOthers >= others) return 'field-quota';
  const colleagues = next.employers.map(
    (employer) => seated.filter((person) => person.employers.includes(employer)).length,
  );
  if (colleagues.some((count) => count >= quotas.maxPerEmployer)) return 'employer-quota';
  const together = [...seated, next];
  return lacksSpecialists(quotas, together, size - together.length) ? 'specialty-quota' : undefined;
}
