import { holderGroupOf } from '@qej/sealed-bid';
import type { CryptoProvider, HolderGroup, ReleasedKeys, Stage } from '@qej/sealed-bid';
import { fromBase64, fromHex } from '@qej/kernel';
import { procedureOf } from '@qej/tendering';
import type { Opening, ReleaseGate, ReleaseStage } from '@qej/tendering';
import type { Transaction } from '../ports.ts';
import type { TenderRecord } from '../records.ts';
import { noticeOf } from '../tender/tender-course.ts';
import { OPENING, openingOf } from './opening-course.ts';

const AFTER_COUNT: readonly Opening['state'][] = [
  'decrypting',
  'halves-complete',
  'coefficient-drawn',
  'prices-shown',
  'confirming',
  'record-signed',
];
const AFTER_CLOSING: readonly Opening['state'][] = ['closing-fixed', 'register-open', 'list-published', ...AFTER_COUNT];

/** Prices may open once every half is in and the coefficient, where there is one, cannot change any more. */
const isPriceDue = (opening: Opening): boolean =>
  AFTER_COUNT.includes(opening.state) &&
  opening.state !== 'decrypting' &&
  !(opening.state === 'halves-complete' && opening.hasCoefficient);

const gates: Readonly<Record<ReleaseGate, (opening: Opening, record: TenderRecord) => boolean>> = {
  'closing-cosigned': ({ state }) => AFTER_CLOSING.includes(state),
  'owners-published': ({ state }) => AFTER_COUNT.includes(state),
  'halves-complete': isPriceDue,
  'technical-locked': (_opening, { state }) => ['technical-locked', 'price-decrypting'].includes(state),
};

/** The stages that holders may release now (DOMAIN: key release). None before the closing is fixed. */
export function releaseGate(record: TenderRecord): readonly ReleaseStage[] {
  if (record.notice === null || record.course[OPENING] === undefined) return [];
  const opening = openingOf(record);
  return procedureOf(noticeOf(record))
    .releases.filter(({ gate }) => gates[gate](opening, record))
    .map(({ stage }) => stage);
}

export interface StageKeys {
  readonly group: HolderGroup;
  readonly released: ReleasedKeys;
  /** Is an authorised set complete? */
  readonly isSufficient: boolean;
}

/** Holders of a stage with what they have released so far. @throws DomainError `E_ACCEPTANCE` */
export async function stageKeysOf(
  tx: Transaction,
  provider: CryptoProvider,
  { tenderId, stage }: { readonly tenderId: string; readonly stage: Exclude<Stage, 'committee'> },
): Promise<StageKeys> {
  const acceptances = await tx.acceptances.list({ tenderId, stage });
  const group = await holderGroupOf(
    provider,
    acceptances.map(({ acceptance, proof }) => ({ bytes: fromBase64(acceptance), proof: fromBase64(proof) })),
  );
  const releases = await tx.releases.list({ tenderId, stage });
  const released = new Map(
    releases.map(({ holderId, scalar }) => [group.holders.findIndex(({ id }) => id === holderId), fromHex(scalar)]),
  );
  released.delete(-1);
  return { group, released, isSufficient: group.sets.some((set) => set.every((index) => released.has(index))) };
}
