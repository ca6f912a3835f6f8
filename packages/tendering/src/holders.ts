import { newId } from '@qej/kernel';
import type { LocalText } from './notice.ts';

export const holderRoles = ['agency', 'venue-witness', 'escrow', 'notary'] as const;
/** escrow is the platform operator's key; venue-witness is 见证人员, never 行政监督人员. */
export type HolderRole = (typeof holderRoles)[number];

/** Who keeps an opening key of this tender. */
export interface NoticeHolder {
  readonly holderId: string;
  readonly role: HolderRole;
  readonly name: LocalText;
}

const INSIDE: readonly HolderRole[] = ['agency', 'escrow'];

/** Agency and operator together, without anybody else: the two who run the tender and could collude in silence. */
export const isInsiderSet = (holders: readonly NoticeHolder[], set: readonly number[]): boolean =>
  set.every((index) => {
    const role = holders[index]?.role;
    return role !== undefined && INSIDE.includes(role);
  });

/**
 * Every pair of holders opens, except pairs of agency and operator where a third holder exists. Two holders: both are needed.
 * @returns sorted sets of sorted indices.
 */
export function defaultSets(holders: readonly NoticeHolder[]): readonly (readonly number[])[] {
  if (holders.length < 3) return [holders.map((_, index) => index)];
  const sets: number[][] = [];
  for (let a = 0; a < holders.length; a++) {
    for (let b = a + 1; b < holders.length; b++) {
      if (!isInsiderSet(holders, [a, b])) sets.push([a, b]);
    }
  }
  return sets;
}

export interface HolderNames {
  readonly agency: LocalText;
  readonly venueWitness: LocalText;
  readonly escrow: LocalText;
}

/** The usual three (SEALING: access structure) with their default sets. */
export function defaultHolders(names: HolderNames): {
  readonly holders: readonly NoticeHolder[];
  readonly sets: readonly (readonly number[])[];
} {
  const holders: readonly NoticeHolder[] = [
    { holderId: newId<'holder'>(), role: 'agency', name: names.agency },
    { holderId: newId<'holder'>(), role: 'venue-witness', name: names.venueWitness },
    { holderId: newId<'holder'>(), role: 'escrow', name: names.escrow },
  ];
  return { holders, sets: defaultSets(holders) };
}
