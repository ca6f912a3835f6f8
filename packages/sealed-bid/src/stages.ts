import { refusal } from './errors.ts';

/** In the order in which they are opened. `committee` is reserved: no reader accepts it yet. */
export const stages = ['register', 'technical', 'price', 'committee'] as const;
export type Stage = (typeof stages)[number];

export const contentStages = ['technical', 'price'] as const;
/** A stage that carries files and counts for the bid root. */
export type ContentStage = (typeof contentStages)[number];

/** `joint`: the bidder's half is needed for content stages; `group`: the holders' sets alone. */
export const openingModes = ['joint', 'group'] as const;
export type OpeningMode = (typeof openingModes)[number];

/** Whether the bidder's half b of this stage is derived from B, or the empty string. */
export const needsBidderHalf = (stage: Stage, opening: OpeningMode): boolean =>
  stage !== 'register' && opening === 'joint';

/** At least one, each once, in opening order. @throws DomainError `E_STAGE` */
export function checkContentStages(list: readonly ContentStage[]): void {
  const places = list.map((stage) => contentStages.indexOf(stage));
  const ordered = places.every((place, i) => place >= 0 && (i === 0 || place > (places[i - 1] ?? -1)));
  if (list.length === 0 || !ordered)
    throw refusal('E_STAGE', { detail: `content stages ${list.join(',')}`, fault: 'bidder' });
}
