import type { Answer, Call, PlatformApi } from '@qej/contract';
import { canonicalBytes, fromBase64, toBase64 } from '@qej/kernel';
import { doOnce } from '../http/once.ts';
import { STEP_PATIENCE_MS } from '../http/retry.ts';
import type { SessionClient } from '../http/session-client.ts';
import { signDetached } from '../sign.ts';
import { readTender, tenderAt } from './course.ts';
import type { TenderView } from './course.ts';

export type CommitteeView = Answer<PlatformApi['getCommittee']>;
export type Seat = CommitteeView['seats'][number];
export type Workbench = Answer<PlatformApi['getWorkbench']>;
export type Sheet = Call<PlatformApi['saveSheet']>['body'];

const ORDER: readonly Seat['state'][] = ['called', 'accepted', 'signed-in', 'declared'];
const isPast = ({ state }: Seat, wanted: Seat['state']): boolean =>
  state === 'released' || ORDER.indexOf(state) >= ORDER.indexOf(wanted);

/** Calls that wait for an answer. */
export async function openCalls({ api }: SessionClient, tenderId: string): Promise<boolean> {
  const { items } = await api.listMyCalls({});
  return items.some((call) => call.tenderId === tenderId && call.state === 'called');
}

/** The caller's own seat; undefined where it has none. */
const callState = async ({ api }: SessionClient, tenderId: string): Promise<string | undefined> =>
  (await api.listMyCalls({})).items.find((call) => call.tenderId === tenderId)?.state;

export const answerCall = (session: SessionClient, tenderId: string, accept = true): Promise<string> =>
  doOnce(
    async () => {
      const state = await callState(session, tenderId);
      return state === undefined || state === 'called' ? undefined : state;
    },
    () => session.api.answerCall({ params: { tenderId }, body: { accept } }),
  );

async function ownSeat({ api }: SessionClient, tenderId: string): Promise<Seat | undefined> {
  return (await api.getCommittee({ params: { tenderId } })).seats.find(({ mine }) => mine);
}
const seatAt =
  (session: SessionClient, tenderId: string, wanted: Seat['state']) => async (): Promise<Seat | undefined> => {
    const seat = await ownSeat(session, tenderId);
    return seat !== undefined && isPast(seat, wanted) ? seat : undefined;
  };

/** Before the sign-in the committee is not shown to its own member everywhere: the call says how far one is. */
export const signIn = (session: SessionClient, tenderId: string): Promise<string> =>
  doOnce(
    async () => {
      const state = await callState(session, tenderId);
      return state === 'signed-in' || state === 'declared' || state === 'released' ? state : undefined;
    },
    () => session.api.signIn({ params: { tenderId } }),
  );

/** What an expert signs at the declaration, purpose `qej-declaration/1`. */
export const declarationBytes = (declaration: {
  readonly tenderId: string;
  readonly seat: number;
  readonly recuse: boolean;
  readonly reason: string;
}): Uint8Array<ArrayBuffer> => canonicalBytes({ v: 1, ...declaration, reason: declaration.reason.normalize('NFC') });

/** Declares that nothing stands in the way. */
export const declareFree = (session: SessionClient, tenderId: string): Promise<Seat> =>
  doOnce(seatAt(session, tenderId, 'declared'), async () => {
    const seat = await ownSeat(session, tenderId);
    if (seat === undefined) throw new Error('the expert has no seat');
    const content = declarationBytes({ tenderId, seat: seat.seat, recuse: false, reason: '' });
    const cms = toBase64(await signDetached(session.identity.signer, 'qej-declaration/1', content));
    await session.api.declare({ params: { tenderId }, body: { recuse: false, cms } });
  });

/** Votes for a seat; once the chair is elected there is nothing left to vote on. */
export const voteChair = (session: SessionClient, tenderId: string, choice: number): Promise<CommitteeView> =>
  doOnce(
    async () => {
      const committee = await session.api.getCommittee({ params: { tenderId } });
      const own = committee.seats.find(({ mine }) => mine)?.seat;
      const hasVoted = committee.chairVotes.some(({ seat, voted }) => seat === own && voted);
      return hasVoted || committee.seats.some(({ isChair }) => isChair) ? committee : undefined;
    },
    () => session.api.voteChair({ params: { tenderId }, body: { seat: choice } }),
  );

export const startEvaluation = ({ api }: SessionClient, tenderId: string): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'evaluating'), () => api.startEvaluation({ params: { tenderId } }));

/** Keeps the marks for one bid; saving the same marks again changes nothing. */
export const saveSheet = ({ api }: SessionClient, tenderId: string, sheet: Sheet): Promise<unknown> =>
  api.saveSheet({ params: { tenderId, bidId: sheet.bidId }, body: sheet });

/** Signs all own sheets and submits them. */
export const submitSheets = ({ api, identity }: SessionClient, tenderId: string): Promise<Workbench> =>
  doOnce(
    async () => {
      const workbench = await api.getWorkbench({ params: { tenderId } });
      return workbench.submittedAt === undefined ? undefined : workbench;
    },
    async () => {
      const { bytes } = await api.getSheetDigest({ params: { tenderId } });
      const cms = toBase64(await signDetached(identity.signer, 'qej-scores/1', fromBase64(bytes)));
      await api.submitSheets({ params: { tenderId }, body: { cms } });
    },
  );

export const lockScores = ({ api }: SessionClient, tenderId: string): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'scored'), () => api.lockScores({ params: { tenderId } }), {
    unless: ['E_SHEETS_OPEN'],
  });

/** Makes the report unless it is there. @returns the document's id */
export async function makeReport({ api }: SessionClient, tenderId: string): Promise<string> {
  const find = async (): Promise<string | undefined> =>
    (await readTender(api, tenderId)).documents.find(({ kind }) => kind === 'report')?.documentId ??
    (await api.getEvaluationResult({ params: { tenderId } })).reportDocumentId;
  return doOnce(find, () => api.makeReport({ params: { tenderId }, body: { dissents: [] } }), {
    patienceMs: STEP_PATIENCE_MS,
  });
}

export const finishEvaluation = ({ api }: SessionClient, tenderId: string): Promise<TenderView> =>
  doOnce(tenderAt(api, tenderId, 'reported'), () => api.finishEvaluation({ params: { tenderId } }), {
    unless: ['E_DOCUMENT_UNSIGNED'],
    patienceMs: STEP_PATIENCE_MS,
  });
