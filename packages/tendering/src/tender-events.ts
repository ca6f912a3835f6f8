import type { Instant } from '@qej/kernel';
import type { Award, LotCandidates, TerminationGround } from './tender.ts';

/** What happened to a tender; each is appended to outbox and evidence log by the use case. */
export type TenderEvent =
  | { readonly type: 'TenderSubmitted'; readonly tenderId: string; readonly at: Instant; readonly noticeHash: string }
  | { readonly type: 'TenderRecalled'; readonly tenderId: string; readonly at: Instant }
  | {
      readonly type: 'TenderPublished';
      readonly tenderId: string;
      readonly at: Instant;
      readonly noticeHash: string;
      readonly closesAt: Instant;
    }
  | {
      readonly type: 'TenderAmended';
      readonly tenderId: string;
      readonly at: Instant;
      readonly edition: number;
      readonly closesAt: Instant;
    }
  | { readonly type: 'TenderClosed'; readonly tenderId: string; readonly at: Instant }
  | { readonly type: 'RegisterReleased'; readonly tenderId: string; readonly at: Instant }
  | { readonly type: 'TenderFailedFew'; readonly tenderId: string; readonly at: Instant; readonly distinctOwners: '<3' }
  | {
      readonly type: 'DecryptionStarted';
      readonly tenderId: string;
      readonly at: Instant;
      readonly windowEndsAt: Instant;
    }
  | { readonly type: 'PricesOpened'; readonly tenderId: string; readonly at: Instant }
  | { readonly type: 'OpeningRecordSigned'; readonly tenderId: string; readonly at: Instant; readonly sha256: string }
  | { readonly type: 'CommitteeDrawn'; readonly tenderId: string; readonly at: Instant; readonly drawHash: string }
  | { readonly type: 'EvaluationStarted'; readonly tenderId: string; readonly at: Instant }
  | { readonly type: 'TechnicalScoresLocked'; readonly tenderId: string; readonly at: Instant; readonly sha256: string }
  | { readonly type: 'ScoresLocked'; readonly tenderId: string; readonly at: Instant; readonly sha256: string }
  | { readonly type: 'ReportSigned'; readonly tenderId: string; readonly at: Instant; readonly sha256: string }
  | {
      readonly type: 'CandidatesPublished';
      readonly tenderId: string;
      readonly at: Instant;
      readonly publicityEndsAt: Instant;
      readonly lots: readonly LotCandidates[];
    }
  | { readonly type: 'ObjectionRaised'; readonly tenderId: string; readonly at: Instant; readonly objectionId: string }
  | {
      readonly type: 'ObjectionAnswered';
      readonly tenderId: string;
      readonly at: Instant;
      readonly objectionId: string;
    }
  | {
      readonly type: 'TenderAwarded';
      readonly tenderId: string;
      readonly at: Instant;
      readonly awards: readonly Award[];
      readonly sha256: string;
    }
  | {
      readonly type: 'ContractRecorded';
      readonly tenderId: string;
      readonly at: Instant;
      readonly lotIds: readonly string[];
    }
  | {
      readonly type: 'TenderTerminated';
      readonly tenderId: string;
      readonly at: Instant;
      readonly ground: TerminationGround;
      readonly reason: string;
    };
