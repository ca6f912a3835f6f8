import type { Call, PlatformApi } from '@qej/contract';
import { canonicalBytes, formatInstant, parseInstant, plusMs, toBase64 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { doOnce } from '../http/once.ts';
import { STEP_PATIENCE_MS } from '../http/retry.ts';
import type { SessionClient } from '../http/session-client.ts';
import { signDetached } from '../sign.ts';
import { readTender, tenderAt } from './course.ts';
import type { TenderView } from './course.ts';

/** Decides for a candidate and makes the award notice; waits for the end of the publicity. @returns the document's id */
export async function makeAwardNotice({ api }: SessionClient, tenderId: string, bidId: string): Promise<string> {
  const find = async (): Promise<string | undefined> =>
    (await readTender(api, tenderId)).documents.find(({ kind }) => kind === 'award-notice')?.documentId;
  return doOnce(find, () => api.makeAwardNotice({ params: { tenderId }, body: { bidId } }), {
    unless: ['E_PUBLICITY_RUNNING'],
    patienceMs: STEP_PATIENCE_MS,
  });
}

export const awardTender = ({ api }: SessionClient, tenderId: string): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'awarded'), () => api.awardTender({ params: { tenderId } }), {
    unless: ['E_DOCUMENT_UNSIGNED'],
    patienceMs: STEP_PATIENCE_MS,
  });

export const recordContract = (
  { api }: SessionClient,
  tenderId: string,
  contract: Call<PlatformApi['recordContract']>['body'],
): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'contracted'), () => api.recordContract({ params: { tenderId }, body: contract }));

/** What a tenderee signs when it grants a mandate (委托书), purpose `qej-mandate/1`; null = for all its tenders. */
export const mandateBytes = (mandate: {
  readonly agencyOrganizationId: string;
  readonly tendereeOrganizationId: string;
  readonly tenderId: string | null;
  readonly from: string;
  readonly to: string;
}): Uint8Array<ArrayBuffer> => canonicalBytes({ v: 1, ...mandate });

const MANDATE_MS = 365 * 86_400_000;

/** Grants an agency a signed mandate for a year, unless one is in force. */
export async function grantMandate(
  { api, identity }: SessionClient,
  {
    agencyOrganizationId,
    tendereeOrganizationId,
  }: { readonly agencyOrganizationId: string; readonly tendereeOrganizationId: string },
  now: Instant,
): Promise<void> {
  const { items } = await api.listMandates({});
  const isInForce = items.some(
    ({ agency, tenderId, from, to }) =>
      agency.organizationId === agencyOrganizationId &&
      tenderId === undefined &&
      parseInstant(from) <= now &&
      now < parseInstant(to),
  );
  if (isInForce) return;
  const [from, to] = [formatInstant(now), formatInstant(plusMs(now, MANDATE_MS))];
  const content = mandateBytes({ agencyOrganizationId, tendereeOrganizationId, tenderId: null, from, to });
  const cms = toBase64(await signDetached(identity.signer, 'qej-mandate/1', content));
  await api.grantMandate({ body: { agencyOrganizationId, scope: {}, from, to, cms } });
}
