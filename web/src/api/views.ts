import type { Answer, PlatformApi } from '@qej/contract';

/** Shapes of answers, named for pages. */
export type SessionView = Answer<PlatformApi['getSession']>;
export type TenderView = Answer<PlatformApi['getTender']>;
export type TenderSummary = Answer<PlatformApi['listTenders']>['items'][number];
export type TenderState = TenderSummary['state'];
export type TimelineNode = TenderView['timeline'][number];
export type DocumentRef = TenderView['documents'][number];
export type Checkpoint = Answer<PlatformApi['getCheckpoint']>;
export type LogProof = Answer<PlatformApi['getLogProof']>;
export type LogEntry = LogProof['entry'];
export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}
