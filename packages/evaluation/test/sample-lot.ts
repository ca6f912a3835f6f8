import {
  comprehensiveCriteria,
  comprehensiveP2Rule,
  parseLotCriteria,
  parseScoringRule,
  passFailItems,
  scoredItems,
} from '../src/index.ts';
import type { LotCriteria, LotInputs, ScoreSheet, Verdict, VoteSheet } from '../src/index.ts';

export const criteria: LotCriteria = parseLotCriteria(comprehensiveCriteria);
export const rule = parseScoringRule(comprehensiveP2Rule);
export const experts = ['e1', 'e2', 'e3', 'e4', 'e5'];

export const passed: Verdict = { pass: true };
export const rejected: Verdict = {
  pass: false,
  ground: 'unqualified-bidder',
  clause: '初步评审 2',
  evidence: '第 12 页',
};

export function voteSheet(bidId: string, expertId: string, changes: Record<string, Verdict> = {}): VoteSheet {
  const verdicts = Object.fromEntries(passFailItems(criteria).map(({ id }) => [id, passed]));
  return { bidId, expertId, verdicts: { ...verdicts, ...changes } };
}

export function scoreSheet(bidId: string, expertId: string, changes: Record<string, string> = {}): ScoreSheet {
  const scores = Object.fromEntries(scoredItems(criteria).map(({ id }) => [id, '8']));
  return { bidId, expertId, scores: { ...scores, ...changes } };
}

/** Five experts who give every bid 8 for each of the four items and reject nothing. */
export function sampleLot(prices: Readonly<Record<string, string>>): LotInputs {
  const bids = Object.entries(prices).map(([id, price]) => ({ id, price }));
  const pairs = bids.flatMap(({ id }) => experts.map((expertId) => [id, expertId] as const));
  return {
    criteria,
    rule,
    parameters: { ceiling: '1000.00' },
    experts,
    bids,
    votes: pairs.map(([bidId, expertId]) => voteSheet(bidId, expertId)),
    sheets: pairs.map(([bidId, expertId]) => scoreSheet(bidId, expertId)),
    reasons: [],
  };
}

export const replaceSheet = <Sheet extends { bidId: string; expertId: string }>(
  sheets: readonly Sheet[],
  sheet: Sheet,
): Sheet[] => sheets.map((one) => (one.bidId === sheet.bidId && one.expertId === sheet.expertId ? sheet : one));
