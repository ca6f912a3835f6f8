import type { Instant } from '@qej/kernel';
import type { Notice } from '@qej/tendering';
import type { Archive } from '../archive.ts';
import type { TrustedPolicy } from '../policy.ts';
import type { SignerFact, TrustSet } from '../trust-set.ts';
import type { LogFacts } from './log.ts';

/** What every step reads. Facts of earlier steps are undefined where that step broke off. */
export interface Context {
  readonly archive: Archive;
  readonly policy: TrustedPolicy;
  readonly trust: TrustSet;
  /** When the verification is made; nothing may be later. */
  readonly at: Instant;
}

export interface NoticeFacts {
  readonly notice: Notice;
  readonly noticeHash: string;
}

/** What the first steps establish and the others build on. */
export interface BaseFacts {
  readonly seal: SignerFact | undefined;
  readonly log: LogFacts | undefined;
  readonly notice: NoticeFacts | undefined;
}

/** States in which an act must have happened, in the order of a tender's way. */
const WAY = [
  'published',
  'closed',
  'register-released',
  'decrypting',
  'prices-open',
  'opened',
  'committee-drawn',
  'evaluating',
  'scored',
  'reported',
  'candidates-published',
  'awarded',
  'contracted',
];

/** Has the tender got at least so far? A failed or terminated one is asked for nothing beyond its publication. */
export const hasReached = (archive: Archive, state: string): boolean => {
  const at = WAY.indexOf(archive.state);
  return at >= 0 && at >= WAY.indexOf(state);
};
