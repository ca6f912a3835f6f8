import { DomainError, formatInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Committee } from './committee.ts';
import { sittingExperts } from './committee.ts';
import { passFailItems, scoredItems } from './criteria.ts';
import type { LotCriteria } from './criteria.ts';
import type { BidEvaluation, Candidate, LotEvaluation } from './evaluate-lot.ts';
import type { Flag } from './flags.ts';
import { formatExact } from './rational.ts';
import type { SigningStatus } from './report-signing.ts';
import type { Bilingual, ScoringRule } from './rule-syntax.ts';
import type { ScoreSheet, VoteSheet } from './score-sheet.ts';
import type { TraceStep } from './scoring-run.ts';

export interface ReportInputs {
  readonly tender: { readonly id: string; readonly number: string; readonly title: string; readonly tenderee: string };
  readonly lot: { readonly id: string; readonly title: string };
  readonly criteria: LotCriteria;
  readonly rule: ScoringRule;
  readonly evaluation: LotEvaluation;
  readonly committee: Committee;
  /** Names as the report prints them, by member and by bid. */
  readonly names: {
    readonly members: Readonly<Record<string, string>>;
    readonly bids: Readonly<Record<string, string>>;
  };
  readonly votes: readonly VoteSheet[];
  readonly sheets: readonly ScoreSheet[];
  readonly signing: readonly SigningStatus[];
}

export interface ReportItem {
  readonly id: string;
  readonly title: Bilingual;
  readonly clause: string;
  readonly kind: 'pass-fail' | 'objective' | 'subjective';
  readonly max?: string;
}

export interface ReportBid extends BidEvaluation {
  readonly bidder: string;
}

/** Plain JSON data (no bigint, no instants as numbers) that the documents package prints and the archive keeps. */
export interface ReportContent {
  readonly format: 'qej-evaluation-report';
  readonly v: 1;
  readonly tender: ReportInputs['tender'];
  readonly lot: ReportInputs['lot'];
  readonly concludedAt: string;
  readonly committee: readonly { readonly memberId: string; readonly name: string; readonly isChair: boolean }[];
  /** Members whose conclusions are void (L-10), with the reason. */
  readonly replaced: readonly { readonly memberId: string; readonly name: string; readonly reason: string }[];
  readonly items: readonly ReportItem[];
  readonly method: { readonly id: string; readonly title: Bilingual };
  readonly votes: readonly VoteSheet[];
  readonly sheets: readonly ScoreSheet[];
  readonly derivation: readonly TraceStep[];
  readonly bids: readonly ReportBid[];
  readonly ranking: readonly (Candidate & { readonly bidder: string; readonly isCandidate: boolean })[];
  readonly flags: readonly Flag[];
  readonly dissents: readonly { readonly memberId: string; readonly name: string; readonly reason: string }[];
  readonly signing: readonly {
    readonly memberId: string;
    readonly name: string;
    readonly status: SigningStatus['status'];
    readonly at?: string;
  }[];
}

function nameIn(names: Readonly<Record<string, string>>, id: string): string {
  const name = Object.hasOwn(names, id) ? names[id] : undefined;
  if (name === undefined)
    throw new DomainError('E_EVALUATION_UNKNOWN', { detail: 'somebody has no name in the report', params: { id } });
  return name;
}

const reportItems = (criteria: LotCriteria): ReportItem[] => [
  ...passFailItems(criteria).map(({ id, title, clause, kind }) => ({ id, title, clause, kind })),
  ...scoredItems(criteria).map(({ id, title, clause, kind, max }) => ({
    id,
    title,
    clause,
    kind,
    max: formatExact(max),
  })),
];

const inOrder = <Sheet extends { bidId: string; expertId: string }>(sheets: readonly Sheet[]): Sheet[] =>
  sheets.toSorted((a, b) =>
    a.bidId === b.bidId
      ? Number(a.expertId > b.expertId) - Number(a.expertId < b.expertId)
      : a.bidId < b.bidId
        ? -1
        : 1,
  );

function rankingLines({ evaluation, names }: ReportInputs): ReportContent['ranking'] {
  return evaluation.ranking.map(({ id, rank }) => {
    const own = evaluation.perBid.find(({ bidId }) => bidId === id);
    const isCandidate = evaluation.candidates.some(({ bidId }) => bidId === id);
    return {
      bidId: id,
      rank,
      total: own?.total ?? '',
      price: own?.price ?? '',
      bidder: nameIn(names.bids, id),
      isCandidate,
    };
  });
}

function people({ committee, names, signing }: ReportInputs) {
  const name = (memberId: string) => nameIn(names.members, memberId);
  const replaced = committee.members.filter(({ state }) => state === 'recused' || state === 'left');
  return {
    committee: sittingExperts(committee).map((memberId) => ({
      memberId,
      name: name(memberId),
      isChair: memberId === committee.chairId,
    })),
    replaced: replaced.map(({ memberId, reason = '' }) => ({ memberId, name: name(memberId), reason })),
    dissents: signing.flatMap((one) =>
      one.status === 'dissents' ? [{ memberId: one.memberId, name: name(one.memberId), reason: one.reason }] : [],
    ),
    signing: signing.map((one) => {
      const head = { memberId: one.memberId, name: name(one.memberId), status: one.status };
      return one.status === 'pending' ? head : { ...head, at: formatInstant(one.at) };
    }),
  };
}

/**
 * What the evaluation report (评标报告) says: committee, items, sheets, derivation, ranking, dissent. Every number is a
 * decimal string with its formula beside it, so that a bidder can compute it again.
 * @throws DomainError `E_EVALUATION_INCOMPLETE` while a flag is open, `E_EVALUATION_UNKNOWN` for a missing name.
 */
export function buildReportContent(inputs: ReportInputs, now: Instant): ReportContent {
  const { tender, lot, criteria, rule, evaluation, names } = inputs;
  if (!evaluation.isSettled) throw new DomainError('E_EVALUATION_INCOMPLETE', { detail: 'a flag is open' });
  return {
    format: 'qej-evaluation-report',
    v: 1,
    tender,
    lot,
    concludedAt: formatInstant(now),
    ...people(inputs),
    items: reportItems(criteria),
    method: { id: rule.id, title: rule.title },
    votes: inOrder(inputs.votes),
    sheets: inOrder(inputs.sheets),
    derivation: evaluation.set,
    bids: evaluation.perBid.map((bid) => ({ ...bid, bidder: nameIn(names.bids, bid.bidId) })),
    ranking: rankingLines(inputs),
    flags: evaluation.flags,
  };
}
