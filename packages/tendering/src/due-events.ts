import { instant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { endOfDays } from './day-count.ts';
import type { Opening } from './opening.ts';
import { rulesVersion } from './rules.ts';
import type { Tender } from './tender.ts';

export const dueEventKinds = [
  'close',
  'end-decryption-window',
  'end-confirmation-window',
  'end-price-window',
  'publish-candidates-due',
  'end-publicity',
  'contract-due',
] as const;
export type DueEventKind = (typeof dueEventKinds)[number];

/** Something that time does to a tender. The worker applies it under a lock, at or after `at`. */
export interface DueEvent {
  readonly kind: DueEventKind;
  readonly tenderId: string;
  readonly lotId: string | null;
  readonly at: Instant;
}

const after = (at: Instant): Instant => instant(at + 1);

/** By state; the deadline's own millisecond still belongs to the bidders, so closing is due one later. */
function dueOfTender(tender: Tender): { readonly kind: DueEventKind; readonly at: Instant } | undefined {
  switch (tender.state) {
    case 'published':
      return { kind: 'close', at: after(tender.closesAt) };
    case 'price-decrypting':
      return { kind: 'end-price-window', at: after(tender.priceWindowEndsAt) };
    case 'reported': {
      const rules = rulesVersion(tender.notice.rulesVersion);
      const { zone } = tender.notice.timetable.deadline;
      return {
        kind: 'publish-candidates-due',
        at: endOfDays(rules, zone, tender.reportedAt, rules.numbers.publicityStart.value),
      };
    }
    case 'candidates-published':
      return { kind: 'end-publicity', at: tender.publicityEndsAt };
    case 'awarded':
      return { kind: 'contract-due', at: tender.contractDueAt };
    default:
      return undefined;
  }
}

function dueOfOpening(opening: Opening): { readonly kind: DueEventKind; readonly at: Instant } | undefined {
  if (opening.state === 'decrypting') return { kind: 'end-decryption-window', at: after(opening.windowEndsAt) };
  if (opening.state === 'confirming') return { kind: 'end-confirmation-window', at: after(opening.confirmingEndsAt) };
  return undefined;
}

/** Pure: everything that time will do next, earliest first. */
export function dueEvents(tender: Tender, openings: readonly Opening[] = []): readonly DueEvent[] {
  const { tenderId } = tender;
  const own = dueOfTender(tender);
  const due = own === undefined ? [] : [{ ...own, tenderId, lotId: null }];
  const ofLots = openings.flatMap((opening) => {
    const found = dueOfOpening(opening);
    return found === undefined ? [] : [{ ...found, tenderId, lotId: opening.lotId }];
  });
  return [...due, ...ofLots].toSorted((a, b) => a.at - b.at);
}

/** What is stored beside the tender; null: nothing to wait for. */
export const nextCheckAt = (tender: Tender, openings: readonly Opening[] = []): Instant | null =>
  dueEvents(tender, openings)[0]?.at ?? null;
