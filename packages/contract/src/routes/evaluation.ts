import * as z from 'zod';
import {
  byTender,
  zBase64,
  zBilingualText,
  zDecimal,
  zHash,
  zId,
  zInstant,
  zJson,
  zMoney,
  zOk,
} from '../primitives.ts';
import { defineRoute, only, open, within } from '../route.ts';
import { zDocumentRef, zTenderView } from './tender.ts';

const byBid = z.strictObject({ tenderId: zId, bidId: zId });
const zSeat = z.strictObject({
  seat: z.int(),
  state: z.enum(['called', 'accepted', 'declined', 'signed-in', 'declared', 'recused', 'released']),
  /** Present once names are no longer sealed for the caller. */
  name: z.string().optional(),
  kind: z.enum(['technical', 'economic']),
  poolIndex: z.int().optional(),
  isChair: z.boolean(),
  mine: z.boolean(),
  progress: z.strictObject({ done: z.int(), all: z.int(), submitted: z.boolean() }),
});
export const zCommittee = z.strictObject({
  tenderId: zId,
  state: z.string(),
  seats: z.array(zSeat),
  poolRoot: zHash.optional(),
  seed: zHash.optional(),
  drawSeq: z.int().optional(),
  /** Who is asked and who has voted in this round; the choices are shown to nobody. */
  chairVotes: z.array(z.strictObject({ seat: z.int(), voted: z.boolean() })),
  /** While a chair is to be elected: after a tie only those who are tied stand. */
  ballot: z.strictObject({ round: z.int(), eligible: z.array(z.int()) }).optional(),
  roomOpen: z.boolean(),
});
const zMark = z.strictObject({
  criterionId: z.string(),
  score: zDecimal,
  note: z.string().max(2_000).optional(),
});
const zPassMark = z.strictObject({
  itemId: z.string(),
  pass: z.boolean(),
  opinion: z.string().max(2_000).optional(),
  ground: z.string().max(60).optional(),
});
export const zSheet = z.strictObject({
  bidId: zId,
  marks: z.array(zMark),
  passFail: z.array(zPassMark),
});
export const zWorkbench = z.strictObject({
  tenderId: zId,
  seat: z.int(),
  submittedAt: zInstant.optional(),
  criteria: zJson,
  passFail: zJson,
  bids: z.array(
    z.strictObject({
      bidId: zId,
      bidder: z.string(),
      files: z.array(
        z.strictObject({
          fileIndex: z.int(),
          stage: z.string(),
          part: z.string(),
          name: z.string(),
          mediaType: z.string(),
          bytes: z.int(),
        }),
      ),
    }),
  ),
  sheets: z.array(zSheet),
  savedAt: zInstant.optional(),
});
const zRankedBid = z.strictObject({
  bidId: zId,
  bidder: z.string(),
  passed: z.boolean(),
  /** Absent where the bid did not get so far. */
  technical: zDecimal.optional(),
  priceScore: zDecimal.optional(),
  total: zDecimal.optional(),
  price: zMoney,
  rank: z.int().optional(),
  vetoes: z.array(zBilingualText),
  steps: zJson,
});
export const zEvaluationResult = z.strictObject({
  computedAt: zInstant,
  bids: z.array(zRankedBid),
  candidates: z.array(zId),
  flags: z.array(zBilingualText),
  /** Experts whose total stands out: the report needs a written reason for each. */
  abnormal: z.array(
    z.strictObject({ bidId: zId, seat: z.int(), deviationPercent: z.string(), reason: z.string().optional() }),
  ),
  /** What the log's `scores-locked` entry says. */
  inputsSha256: zHash,
  resultSha256: zHash,
  reportDocumentId: zId.optional(),
});

export const evaluationRoutes = {
  drawCommittee: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/committee/draw',
    summary: '抽取专家 · draw the committee',
    access: within('tender-agency', 'agency'),
    params: byTender,
    response: zCommittee,
    errors: ['E_STATE', 'E_POOL_SMALL'],
  }),
  getCommittee: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/committee',
    summary: '评标委员会 · the committee',
    access: within('tender-participant', 'agency', 'tenderee', 'expert', 'supervisor'),
    params: byTender,
    response: zCommittee,
    errors: ['E_NOT_FOUND'],
  }),
  listMyCalls: defineRoute({
    method: 'GET',
    path: '/my/calls',
    summary: '我的抽取通知 · calls to me',
    access: only('expert'),
    response: z.strictObject({
      items: z.array(
        z.strictObject({
          tenderId: zId,
          seat: z.int(),
          state: z.string(),
          at: zInstant,
          text: zBilingualText,
        }),
      ),
    }),
    errors: [],
  }),
  answerCall: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/committee/call-answer',
    summary: '接受或谢绝 · accept or decline a call',
    access: only('expert'),
    params: byTender,
    body: z.strictObject({ accept: z.boolean(), reason: z.string().max(500).optional() }),
    response: zOk,
    errors: ['E_NOT_FOUND', 'E_STATE'],
  }),
  signIn: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/committee/sign-in',
    summary: '专家签到 · sign in',
    access: only('expert'),
    params: byTender,
    response: zCommittee,
    errors: ['E_NOT_FOUND', 'E_STATE'],
  }),
  declare: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/committee/declaration',
    summary: '承诺或回避 · declare or recuse',
    access: only('expert'),
    params: byTender,
    body: z.strictObject({
      recuse: z.boolean(),
      reason: z.string().max(500).optional(),
      cms: zBase64,
    }),
    response: zCommittee,
    errors: ['E_NOT_FOUND', 'E_STATE', 'E_SIGNATURE', 'E_CERT_UNBOUND', 'E_COMMITTEE_REASON'],
  }),
  voteChair: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/committee/chair-votes',
    summary: '推选组长 · vote for the chair',
    access: within('tender-committee', 'expert'),
    params: byTender,
    body: z.strictObject({ seat: z.int() }),
    response: zCommittee,
    errors: ['E_STATE', 'E_COMMITTEE_VOTE', 'E_COMMITTEE_MEMBER'],
  }),
  startEvaluation: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/evaluation/start',
    summary: '组长开始评标 · the chair starts',
    access: within('tender-committee', 'expert'),
    params: byTender,
    response: zCommittee,
    errors: ['E_STATE', 'E_NOT_CHAIR'],
  }),
  getWorkbench: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/workbench',
    summary: '评标工作台 · my workbench',
    access: within('tender-committee', 'expert'),
    params: byTender,
    response: zWorkbench,
    errors: ['E_STATE'],
  }),
  getBidFile: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/bids/:bidId/files/:fileIndex',
    summary: '投标文件 · a file of an opened bid',
    access: within('tender-participant', 'expert', 'supervisor', 'bidder', 'agency', 'tenderee'),
    params: byBid.extend({ fileIndex: z.coerce.number().int().min(0) }),
    bytesOut: { mediaType: 'application/octet-stream' },
    errors: ['E_NOT_FOUND', 'E_FORBIDDEN'],
  }),
  saveSheet: defineRoute({
    method: 'PUT',
    path: '/tenders/:tenderId/workbench/sheets/:bidId',
    summary: '保存评分 · save my marks for one bid',
    access: within('tender-committee', 'expert'),
    params: byBid,
    body: zSheet,
    response: z.strictObject({ savedAt: zInstant }),
    errors: ['E_STATE', 'E_SCORE_RANGE', 'E_EVALUATION_VETO_GROUND', 'E_NOT_FOUND'],
  }),
  submitSheets: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/workbench/submission',
    summary: '提交评分 · lock and sign my sheets',
    access: within('tender-committee', 'expert'),
    params: byTender,
    body: z.strictObject({ cms: zBase64 }),
    response: zWorkbench,
    errors: ['E_STATE', 'E_SHEET_INCOMPLETE', 'E_SIGNATURE', 'E_CERT_UNBOUND', 'E_CONFLICT'],
  }),
  getSheetDigest: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/workbench/digest',
    summary: '评分签名原文 · bytes to sign for the submission',
    access: within('tender-committee', 'expert'),
    params: byTender,
    response: z.strictObject({ bytes: zBase64 }),
    errors: ['E_STATE', 'E_SHEET_INCOMPLETE'],
  }),
  lockScores: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/evaluation/lock',
    summary: '锁定并汇总 · the chair locks and computes',
    access: within('tender-committee', 'expert'),
    params: byTender,
    response: zEvaluationResult,
    errors: ['E_STATE', 'E_NOT_CHAIR', 'E_SHEETS_OPEN', 'E_OBJECTIVE_DIVERGENCE', 'E_CONFLICT'],
  }),
  getEvaluationResult: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/evaluation/result',
    summary: '汇总与排序 · computed scores and ranking',
    access: within('tender-participant', 'expert', 'supervisor', 'agency', 'tenderee'),
    params: byTender,
    response: zEvaluationResult,
    errors: ['E_STATE'],
  }),
  makeReport: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/evaluation/report',
    summary: '生成评标报告 · make the report',
    access: within('tender-committee', 'expert'),
    params: byTender,
    body: z.strictObject({
      dissents: z.array(z.strictObject({ seat: z.int(), text: z.string().min(1).max(2_000) })).max(15),
      /** Why an expert's total stands out, one for each of `abnormal`. */
      reasons: z
        .array(z.strictObject({ bidId: zId, seat: z.int(), text: z.string().min(1).max(2_000) }))
        .max(500)
        .optional(),
    }),
    response: zDocumentRef,
    status: 201,
    errors: ['E_STATE', 'E_NOT_CHAIR', 'E_FLAGS_OPEN', 'E_COMMITTEE_MEMBER'],
  }),
  finishEvaluation: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/evaluation/end',
    summary: '评标结束 · end once all have signed',
    access: within('tender-committee', 'expert'),
    params: byTender,
    response: zTenderView,
    errors: ['E_STATE', 'E_NOT_CHAIR', 'E_DOCUMENT_UNSIGNED'],
  }),
  listRecordings: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/recordings',
    summary: '录制与散列 · recordings and their hashes',
    access: within('tender-participant', 'supervisor', 'agency'),
    params: byTender,
    response: z.strictObject({
      items: z.array(
        z.strictObject({
          recordingId: zId,
          participant: z.string(),
          source: z.string(),
          startedAt: zInstant,
          endedAt: zInstant,
          bytes: z.int(),
          sha256: zHash,
          logSeq: z.int().optional(),
        }),
      ),
    }),
    errors: [],
  }),

  publishCandidates: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/candidates',
    summary: '公示中标候选人 · publish the candidates',
    access: within('tender-agency', 'agency'),
    params: byTender,
    response: zTenderView,
    errors: ['E_STATE'],
  }),
  makeAwardNotice: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/award-notice',
    summary: '定标并生成中标通知书 · decide the award and make the notice',
    access: within('tender-tenderee', 'tenderee'),
    params: byTender,
    body: z.strictObject({ bidId: zId, reason: z.string().max(2_000).optional() }),
    response: zDocumentRef,
    status: 201,
    errors: ['E_STATE', 'E_PUBLICITY_RUNNING', 'E_NOT_CANDIDATE', 'E_REASON_MISSING', 'E_OBJECTION_OPEN'],
  }),
  awardTender: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/award',
    summary: '发出中标通知书 · award once the notice is signed',
    access: within('tender-tenderee', 'tenderee'),
    params: byTender,
    response: zTenderView,
    errors: ['E_STATE', 'E_DOCUMENT_UNSIGNED', 'E_PUBLICITY_RUNNING', 'E_OBJECTION_OPEN', 'E_WITNESS_MISSING'],
  }),
  recordContract: defineRoute({
    method: 'POST',
    path: '/tenders/:tenderId/contract',
    summary: '登记合同 · record the contract',
    access: within('tender-tenderee', 'tenderee'),
    params: byTender,
    body: z.strictObject({ signedOn: zInstant, amount: zMoney, sha256: zHash.optional() }),
    response: zTenderView,
    errors: ['E_STATE', 'E_CONTRACT'],
  }),
  getPublicResult: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/result',
    summary: '结果公示 · published result',
    access: open,
    params: byTender,
    response: z.strictObject({
      state: z.string(),
      candidates: z.array(
        z.strictObject({ rank: z.int(), bidId: zId, bidder: z.string(), price: zMoney, total: zDecimal }),
      ),
      publicityEndsAt: zInstant.optional(),
      winner: z.string().optional(),
      /** Why another than the first candidate was chosen. */
      awardReason: z.string().optional(),
      /** Names of the committee, where the regime publishes them with the result. */
      committee: z.array(z.string()).optional(),
      awardPrice: zMoney.optional(),
      awardDocumentId: zId.optional(),
    }),
    errors: ['E_NOT_FOUND'],
  }),
  getMyResult: defineRoute({
    method: 'GET',
    path: '/tenders/:tenderId/my-result',
    summary: '我的得分与理由 · my scores, reasons and the computation',
    access: within('tender-bidder', 'bidder'),
    params: byTender,
    response: z.strictObject({
      bidId: zId,
      passed: z.boolean(),
      rank: z.int().optional(),
      technical: zDecimal.optional(),
      priceScore: zDecimal.optional(),
      total: zDecimal.optional(),
      /** Own marks by seat: what the technical score is recomputed from. */
      perCriterion: zJson,
      steps: zJson,
      reasons: z.array(z.string()),
      criteria: zJson,
      rule: zJson,
      /** `runScoringRule(parseScoringRule(rule), ruleInputs)` gives the price score again. */
      ruleInputs: zJson,
      deposit: z.strictObject({ waived: zMoney, guaranteed: zMoney, state: z.string() }),
      scoreLetterDocumentId: zId.optional(),
    }),
    errors: ['E_STATE'],
  }),
};
