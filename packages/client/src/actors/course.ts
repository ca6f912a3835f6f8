import type { Answer, PlatformApi } from '@qej/contract';
import { tenderStates } from '@qej/tendering';
import type { TenderState } from '@qej/tendering';
import type { PlatformClient } from '../http/api-clients.ts';
import { waitFor } from '../http/retry.ts';

export type TenderView = Answer<PlatformApi['getTender']>;

const ENDS: readonly TenderState[] = ['failed-few', 'terminated'];

/** Has the tender come as far as this state, on the way or past it? An end counts only as itself. */
export function hasReached(state: TenderState, wanted: TenderState): boolean {
  if (state === wanted) return true;
  if (ENDS.includes(state) || ENDS.includes(wanted)) return false;
  return tenderStates.indexOf(state) > tenderStates.indexOf(wanted);
}

export const readTender = (api: PlatformClient, tenderId: string): Promise<TenderView> =>
  api.getTender({ params: { tenderId } });

/** The tender once it is so far, else undefined: for `doOnce`. */
export const tenderAt =
  (api: PlatformClient, tenderId: string, wanted: TenderState) => async (): Promise<TenderView | undefined> => {
    const view = await readTender(api, tenderId);
    return hasReached(view.state, wanted) ? view : undefined;
  };

/** Waits for a state or for an end of the tender, whichever comes first. */
export const awaitTender = (
  api: PlatformClient,
  tenderId: string,
  wanted: TenderState,
  options: { readonly timeoutMs: number; readonly everyMs?: number },
): Promise<TenderView> =>
  waitFor(
    `tender ${tenderId} to be ${wanted}`,
    async () => {
      const view = await readTender(api, tenderId);
      return hasReached(view.state, wanted) || ENDS.includes(view.state) ? view : undefined;
    },
    options,
  );
