import { type Instant, type Money } from '@qej/kernel';
import { type DocumentFrame } from '../layout/flow.ts';
import { type SignatureBox } from '../layout/signature-boxes.ts';
import { type TenderReference } from './common.ts';

export interface CommitteeMember {
  /** Seat under which the member acts, e.g. `专家1`. */
  readonly seat: string;
  /** Name, or the seat again where the regime keeps names secret. */
  readonly name: string;
  readonly organisation: string;
  readonly specialty: string;
  readonly chair: boolean;
  readonly declaration: string;
}

export interface ReportBid {
  readonly number: number;
  readonly bidder: string;
  readonly price?: Money;
}

export interface QualificationItem {
  readonly code: string;
  readonly title: string;
  /** One per bid, in the order of `bids`. */
  readonly votes: readonly { readonly pass: number; readonly fail: number; readonly passed: boolean }[];
}

export interface Veto {
  readonly bid: number;
  readonly itemCode: string;
  /** Statutory ground ([L2] art. 51). */
  readonly ground: string;
  readonly clause: string;
  readonly evidence: string;
  readonly votes: string;
}

export interface ScoredCriterion {
  readonly code: string;
  readonly title: string;
  /** Decimal string. */
  readonly full: string;
}

export interface ScoreSheet {
  readonly seat: string;
  readonly lockedAt: Instant;
  /** One row per scored bid: decimal strings in the order of `criteria`, and their sum. */
  readonly rows: readonly { readonly bid: number; readonly scores: readonly string[]; readonly sum: string }[];
}

export interface RankingRow {
  readonly place: number;
  readonly bid: number;
  /** Decimal strings. */
  readonly technical: string;
  readonly price: string;
  readonly total: string;
  readonly candidate: boolean;
}

/** The evaluation report. Anchors: those of `signers`. */
export interface EvaluationReportContent {
  readonly frame: DocumentFrame;
  readonly tender: TenderReference;
  readonly tenderee: string;
  readonly agency: string;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
  readonly method: string;
  readonly draw: {
    readonly code: string;
    readonly seedSource: string;
    readonly pool: number;
    readonly recordHash: string;
    readonly drawnAt: Instant;
  };
  readonly committee: readonly CommitteeMember[];
  readonly bids: readonly ReportBid[];
  readonly qualification: readonly QualificationItem[];
  readonly vetoes: readonly Veto[];
  readonly clarifications: readonly { readonly bid: number; readonly question: string; readonly answer: string }[];
  readonly criteria: readonly ScoredCriterion[];
  readonly sheets: readonly ScoreSheet[];
  /** How the members' scores become one, in words. */
  readonly aggregation: string;
  readonly price: {
    /** The benchmark, step by step, with every intermediate value. */
    readonly steps: readonly string[];
    readonly rows: readonly {
      readonly bid: number;
      readonly evaluated: Money;
      readonly deviation: string;
      readonly score: string;
    }[];
  };
  readonly ranking: readonly RankingRow[];
  readonly abnormalScores: readonly string[];
  readonly lowPrices: readonly string[];
  readonly collusionClues: readonly string[];
  readonly dissents: readonly { readonly member: string; readonly text: string; readonly at: Instant }[];
  readonly signers: readonly SignatureBox[];
}

export const bidderOf = (c: EvaluationReportContent, number: number): string =>
  c.bids.find((bid) => bid.number === number)?.bidder ?? `投标 ${number}`;
