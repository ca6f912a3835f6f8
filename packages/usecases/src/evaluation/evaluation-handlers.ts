import { DomainError } from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import type { Handlers } from '../handlers.ts';
import { startEvaluation, voteChair } from './chair-commands.ts';
import { drawTenderCommittee } from './draw-committee.ts';
import { getEvaluationResult } from './evaluation-result.ts';
import { CLOSE_ROOM, finishEvaluation } from './finish-evaluation.ts';
import { getBidFile } from './get-bid-file.ts';
import { lockScores } from './lock-scores.ts';
import { makeReport } from './make-report.ts';
import { answerCall, declare, listMyCalls, signIn } from './member-commands.ts';
import type { EvaluationPorts } from './ports.ts';
import { listRecordings } from './recordings.ts';
import { viewCommittee } from './view-committee.ts';
import { getSheetDigest, getWorkbench, saveSheet, submitSheets } from './workbench.ts';

type Names =
  | 'drawCommittee'
  | 'getCommittee'
  | 'listMyCalls'
  | 'answerCall'
  | 'signIn'
  | 'declare'
  | 'voteChair'
  | 'startEvaluation'
  | 'getWorkbench'
  | 'getBidFile'
  | 'saveSheet'
  | 'getSheetDigest'
  | 'submitSheets'
  | 'lockScores'
  | 'getEvaluationResult'
  | 'makeReport'
  | 'finishEvaluation'
  | 'listRecordings';

/** From the draw to the signed report. Who may call what says the contract; whose seat it is say the handlers. */
export function makeEvaluationHandlers(ports: EvaluationPorts): Handlers<Names> {
  const { db } = ports;
  return {
    drawCommittee: async ({ params: { tenderId } }, { caller, now }) => {
      await drawTenderCommittee(ports, tenderId, now);
      return db.read(async (tx) =>
        viewCommittee(tx, ports, { record: await tx.tenders.get({ id: tenderId }), caller }),
      );
    },
    getCommittee: ({ params: { tenderId } }, { caller }) =>
      db.read(async (tx) => viewCommittee(tx, ports, { record: await tx.tenders.get({ id: tenderId }), caller })),
    listMyCalls: (_input, { caller }) => db.read((tx) => listMyCalls(tx, caller)),
    answerCall: async ({ params, body }, context) => {
      await answerCall(ports, { ...params, ...body }, context);
      return { ok: true };
    },
    signIn: ({ params }, context) => signIn(ports, params.tenderId, context),
    declare: ({ params, body }, context) => declare(ports, { ...params, ...body }, context),
    voteChair: ({ params, body }, context) => voteChair(ports, { ...params, ...body }, context),
    startEvaluation: ({ params }, context) => startEvaluation(ports, params.tenderId, context),
    getWorkbench: ({ params }, { caller }) => getWorkbench(ports, params.tenderId, caller),
    getBidFile: ({ params }, context) => getBidFile(ports, params, context),
    saveSheet: ({ params, body }, context) => {
      if (body.bidId !== params.bidId) throw new DomainError('E_VALIDATION', { detail: 'bidId differs from the path' });
      return saveSheet(ports, { tenderId: params.tenderId, sheet: body }, context);
    },
    getSheetDigest: ({ params }, { caller }) => getSheetDigest(ports, params.tenderId, caller),
    submitSheets: ({ params, body }, context) => submitSheets(ports, { ...params, ...body }, context),
    lockScores: async ({ params }, context) => {
      await lockScores(ports, params.tenderId, context);
      return getEvaluationResult(ports, params.tenderId, context.caller);
    },
    getEvaluationResult: ({ params }, { caller }) => getEvaluationResult(ports, params.tenderId, caller),
    makeReport: ({ params, body }, context) =>
      makeReport(ports, { ...params, dissents: body.dissents, reasons: body.reasons ?? [] }, context),
    finishEvaluation: ({ params }, context) => finishEvaluation(ports, params.tenderId, context),
    listRecordings: ({ params }) => db.read((tx) => listRecordings(tx, params.tenderId)),
  };
}

/** Written by this station's own enqueueJob. */
const tenderIdOf = (payload: Json): string => (payload as { readonly tenderId: string }).tenderId;

export const evaluationJobs = (
  ports: EvaluationPorts,
): Record<string, (payload: Json, now: Instant) => Promise<void>> => ({
  [CLOSE_ROOM]: (payload) => ports.rooms.close(tenderIdOf(payload)),
});
