import type { Call, PlatformApi } from '@qej/contract';
import { doOnce } from '../http/once.ts';
import type { SessionClient } from '../http/session-client.ts';
import { readTender, tenderAt } from './course.ts';
import type { TenderView } from './course.ts';

/** Decides for a candidate and makes the award notice; waits for the end of the publicity. @returns the document's id */
export async function makeAwardNotice({ api }: SessionClient, tenderId: string, bidId: string): Promise<string> {
  const find = async (): Promise<string | undefined> =>
    (await readTender(api, tenderId)).documents.find(({ kind }) => kind === 'award-notice')?.documentId;
  return doOnce(find, () => api.makeAwardNotice({ params: { tenderId }, body: { bidId } }), {
    unless: ['E_PUBLICITY_RUNNING'],
    patienceMs: 120_000,
  });
}

export const awardTender = ({ api }: SessionClient, tenderId: string): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'awarded'), () => api.awardTender({ params: { tenderId } }), {
    unless: ['E_DOCUMENT_UNSIGNED'],
    patienceMs: 60_000,
  });

export const recordContract = (
  { api }: SessionClient,
  tenderId: string,
  contract: Call<PlatformApi['recordContract']>['body'],
): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'contracted'), () => api.recordContract({ params: { tenderId }, body: contract }));
