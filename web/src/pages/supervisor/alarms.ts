import type { Answer, PlatformApi } from '@qej/contract';
import type { TenderSummary } from '../../api/views.ts';
import type { Translate } from '../../composables/use-t.ts';

type Hall = Answer<PlatformApi['getHall']>;
type Committee = Answer<PlatformApi['getCommittee']>;

export interface Alarm {
  readonly id: 'deadline' | 'overdue' | 'fault' | 'objection' | 'gone' | 'failed';
  readonly text: string;
  /** Irreversible or against the procedure; the others are clocks. */
  readonly grave: boolean;
}
export interface Seen {
  readonly tender: TenderSummary;
  readonly hall?: Hall | undefined;
  readonly committee?: Committee | undefined;
}

const SOON_MS = 1_800_000;
/** Closing and witnessing take a few seconds after the deadline. */
const CLOSING_MS = 30_000;

/** What a supervisor should look at, from what everybody may see of bids and from states of the committee. */
export function alarmsOf({ tender, hall, committee }: Seen, now: number, t: Translate): readonly Alarm[] {
  const left = Date.parse(tender.deadline) - now;
  const faults = hall?.bids.filter(({ fault }) => fault !== undefined && !fault.confirmedBySupervisor).length ?? 0;
  const objections =
    hall?.bids.filter(({ confirmation }) => confirmation?.kind === 'objected' && confirmation.answer === undefined)
      .length ?? 0;
  const gone = committee?.seats.filter(({ state }) => state === 'declined' || state === 'recused').length ?? 0;
  const isPublished = tender.state === 'published';
  const found: readonly (Alarm | false)[] = [
    isPublished && left > 0 && left < SOON_MS && { id: 'deadline', text: t('supervisor.alarmDeadline'), grave: false },
    isPublished && left < -CLOSING_MS && { id: 'overdue', text: t('supervisor.alarmOverdue'), grave: true },
    faults > 0 && { id: 'fault', text: t('supervisor.alarmFault', { n: faults }), grave: true },
    objections > 0 && { id: 'objection', text: t('supervisor.alarmObjection', { n: objections }), grave: true },
    gone > 0 && { id: 'gone', text: t('supervisor.alarmGone', { n: gone }), grave: false },
    (tender.state === 'failed-few' || tender.state === 'terminated') && {
      id: 'failed',
      text: t('supervisor.alarmFailed'),
      grave: true,
    },
  ];
  return found.filter((one) => one !== false);
}
