import { ApiError } from '@qej/contract';
import type { Call, PlatformApi } from '@qej/contract';
import { toBase64 } from '@qej/kernel';
import { doOnce } from '../http/once.ts';
import { STEP_PATIENCE_MS, waitFor } from '../http/retry.ts';
import type { SessionClient } from '../http/session-client.ts';
import type { Hall } from '../bidder/opening-acts.ts';
import { readNotice } from '../lot-keys.ts';
import { signDetached } from '../sign.ts';
import { hasReached, readTender, tenderAt } from './course.ts';
import type { TenderView } from './course.ts';
import { signDocument } from './sign-document.ts';

export type TenderDraft = Call<PlatformApi['createTender']>['body'];

async function findByCode({ api }: SessionClient, code: string): Promise<string | undefined> {
  const { due, waiting, finished } = await api.listMyTenders({});
  return [...due, ...waiting, ...finished].find((tender) => tender.code === code)?.tenderId;
}

/** A draft with this code; the code makes it safe to ask twice. `retenderOf` in the draft makes it a re-tender. */
export async function draftTender(session: SessionClient, draft: TenderDraft): Promise<string> {
  const { retenderOf } = draft;
  try {
    const { tenderId } =
      retenderOf === undefined
        ? await session.api.createTender({ body: draft })
        : await session.api.retender({ params: { tenderId: retenderOf }, body: draft });
    return tenderId;
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'E_CODE_TAKEN') throw error;
    const known = await findByCode(session, draft.code);
    if (known === undefined) throw error;
    return known;
  }
}

/** Attaches a file unless one of this name is there. */
export async function attachFile(
  { api }: SessionClient,
  tenderId: string,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> },
): Promise<void> {
  const { documents } = await readTender(api, tenderId);
  if (documents.some((document) => document.kind === 'attachment' && document.name === name)) return;
  await api.addAttachment({ params: { tenderId }, query: { name }, bytes });
}

/** Renders the tender document and signs it; one that is signed already stays. @returns its id */
export async function issueTenderDocument(session: SessionClient, tenderId: string): Promise<string> {
  const { documents, state } = await readTender(session.api, tenderId);
  const known = documents.find(({ kind }) => kind === 'tender-document');
  const isSettled = known !== undefined && (known.signatures.length > 0 || hasReached(state, 'awaiting-holders'));
  const { documentId } = isSettled ? known : await session.api.makeTenderDocument({ params: { tenderId } });
  if (!hasReached(state, 'awaiting-holders')) await signDocument(session, documentId);
  return documentId;
}

export const freezeNotice = ({ api }: SessionClient, tenderId: string): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'awaiting-holders'), () => api.freezeNotice({ params: { tenderId } }));

/** Waits until every holder has accepted every stage that the notice asks for. */
export const awaitAcceptances = (
  { api }: SessionClient,
  tenderId: string,
  timeoutMs = STEP_PATIENCE_MS,
): Promise<true> =>
  waitFor(
    'the acceptances of all holders',
    async () => {
      const { stages, holders } = await api.getSealingKeys({ params: { tenderId } });
      const isComplete = holders.every(({ accepted }) => stages.every((stage) => accepted.includes(stage)));
      return isComplete ? true : undefined;
    },
    { timeoutMs, everyMs: 250 },
  );

/** Signs the notice's own bytes and publishes them. @throws ApiError `E_HOLDERS_MISSING`, `E_NOTICE_FINDINGS` */
export async function publishTender({ api, identity }: SessionClient, tenderId: string): Promise<TenderView> {
  const { bytes } = await readNotice(api, tenderId);
  const cms = toBase64(await signDetached(identity.signer, 'qej-notice/1', bytes));
  const publish = () => api.publishTender({ params: { tenderId }, body: { cms } });
  return doOnce(tenderAt(api, tenderId, 'published'), publish);
}

const hallWhen =
  ({ api }: SessionClient, tenderId: string, isSo: (hall: Hall) => boolean) =>
  async (): Promise<Hall | undefined> => {
    const hall = await api.getHall({ params: { tenderId } });
    return isSo(hall) ? hall : undefined;
  };

/** Waits until the hall is so. */
export const awaitHall = (
  session: SessionClient,
  tenderId: string,
  what: string,
  isSo: (hall: Hall) => boolean,
  timeoutMs = STEP_PATIENCE_MS,
): Promise<Hall> => waitFor(what, hallWhen(session, tenderId, isSo), { timeoutMs, everyMs: 300 });

/** Publishes the list of bidders; the decryption window runs from here. */
export const startDecryption = (session: SessionClient, tenderId: string): Promise<Hall> =>
  doOnce(
    hallWhen(session, tenderId, ({ windowEndsAt }) => windowEndsAt !== undefined),
    () => session.api.startDecryption({ params: { tenderId } }),
  );

const BEFORE_THE_END: readonly string[] = ['list-published', 'decrypting'];

/** Ends the window once every half is in; where it has ended by itself there is nothing to end. */
export const closeWindow = (session: SessionClient, tenderId: string): Promise<Hall> =>
  doOnce(
    hallWhen(
      session,
      tenderId,
      ({ state, windowEndsAt }) => windowEndsAt !== undefined && !BEFORE_THE_END.includes(state),
    ),
    () => session.api.closeWindow({ params: { tenderId } }),
    { patienceMs: STEP_PATIENCE_MS, unless: ['E_WINDOW_OPEN'] },
  );

/** Makes the opening record once every bidder has confirmed, objected or been silent long enough. @returns the document's id */
export async function makeOpeningRecord(session: SessionClient, tenderId: string): Promise<string> {
  const { recordDocumentId } = await doOnce(
    hallWhen(session, tenderId, (hall) => hall.recordDocumentId !== undefined),
    () => session.api.makeOpeningRecord({ params: { tenderId } }),
    { patienceMs: STEP_PATIENCE_MS, unless: ['E_CONFIRMATIONS_OPEN'] },
  );
  if (recordDocumentId === undefined) throw new Error('the hall shows no opening record');
  return recordDocumentId;
}

export const finishOpening = ({ api }: SessionClient, tenderId: string): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'opened'), () => api.finishOpening({ params: { tenderId } }), {
    unless: ['E_DOCUMENT_UNSIGNED'],
  });

export const drawCommittee = ({ api }: SessionClient, tenderId: string): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'committee-drawn'), () => api.drawCommittee({ params: { tenderId } }));

export const publishCandidates = ({ api }: SessionClient, tenderId: string): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'candidates-published'), () => api.publishCandidates({ params: { tenderId } }));

export const terminateTender = ({ api }: SessionClient, tenderId: string, reason: string): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'terminated'), () => api.terminateTender({ params: { tenderId }, body: { reason } }));
