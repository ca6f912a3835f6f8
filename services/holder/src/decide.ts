import { parseInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Stage } from '@qej/sealed-bid';
import { procedureOf } from '@qej/tendering';
import type { Notice, ReleaseGate } from '@qej/tendering';
import { refuse } from './refuse.ts';

/** What the platform asks. */
export interface Task {
  readonly tenderId: string;
  readonly lotId: string;
  readonly stage: string;
}

/** What this holder has promised before. */
export interface Kept {
  readonly tenderId: string;
  readonly lotId: string;
  readonly stage: Stage;
  readonly noticeHash: string;
}

/**
 * May the holder accept this stage? It answers for one notice of a tender only, for lots and stages that this notice has, and
 * not for one whose deadline has passed.
 * @throws DomainError `E_HOLDER_NOT_NAMED`, `E_HOLDER_SECOND_NOTICE`, `E_HOLDER_OTHER_STAGE`, `E_HOLDER_TOO_LATE`
 */
export function decideAcceptance(
  task: Task,
  facts: {
    readonly holderId: string;
    readonly notice: Notice;
    readonly noticeHash: string;
    readonly kept: readonly Kept[];
    readonly now: Instant;
  },
): Stage {
  const { notice, noticeHash, holderId, kept, now } = facts;
  if (notice.tenderId !== task.tenderId) refuse('E_HOLDER_NOTICE_HASH', 'the notice is another tender’s');
  if (!notice.holders.some((holder) => holder.holderId === holderId)) refuse('E_HOLDER_NOT_NAMED', notice.code);
  const before = kept.find((one) => one.tenderId === task.tenderId && one.noticeHash !== noticeHash);
  if (before !== undefined)
    refuse('E_HOLDER_SECOND_NOTICE', 'another notice of this tender was accepted', { accepted: before.noticeHash });
  const stage = procedureOf(notice).releases.find((release) => release.stage === task.stage)?.stage;
  if (stage === undefined || !notice.lots.some(({ lotId }) => lotId === task.lotId))
    return refuse('E_HOLDER_OTHER_STAGE', `${task.lotId} ${task.stage} is not in the notice`);
  if (now >= parseInstant(notice.timetable.deadline.at)) refuse('E_HOLDER_TOO_LATE', 'the deadline has passed');
  return stage;
}

/** An entry of the log that was proven to stand in a tree which the known witness cosigned at `cosignedAt`. */
export interface ProvenEntry {
  readonly seq: number;
  readonly type: string;
  readonly lotId: string | undefined;
  readonly at: Instant;
  readonly commitment: string;
  readonly cosignedAt: Instant;
}

/** Type of the log entry that shows that a gate was passed. */
const GATE_ENTRY: Readonly<Record<ReleaseGate, string>> = {
  'closing-cosigned': 'closing',
  'owners-published': 'owners-published',
  'halves-complete': 'halves-complete',
  'technical-locked': 'technical-locked',
};

/** Entries that a release of this stage needs, the closing first. */
export function neededEntries(notice: Notice, stage: Stage): readonly string[] {
  const gate = procedureOf(notice).releases.find((release) => release.stage === stage)?.gate;
  if (gate === undefined) return refuse('E_HOLDER_OTHER_STAGE', `${stage} is not in the notice`);
  return [...new Set(['closing', GATE_ENTRY[gate]])];
}

/**
 * May the holder release this stage? Its own clock must be past the latest deadline; the closing entry of the lot, written after
 * the deadline, must be cosigned after the deadline by the witness that it knows; and the stage's gate must be in the log.
 * @returns the closing entry
 * @throws DomainError `E_HOLDER_TOO_EARLY`, `E_HOLDER_NO_CLOSING`, `E_HOLDER_COSIGNED_EARLY`, `E_HOLDER_GATE`
 */
export function decideRelease(facts: {
  readonly notice: Notice;
  readonly lotId: string;
  readonly stage: Stage;
  /** Of the latest edition. */
  readonly deadline: Instant;
  readonly entries: readonly ProvenEntry[];
  readonly now: Instant;
}): ProvenEntry {
  const { notice, lotId, stage, deadline, entries, now } = facts;
  if (now <= deadline)
    refuse('E_HOLDER_TOO_EARLY', 'the deadline has not passed on this clock', { leftMs: deadline - now });
  const ofLot = (type: string): ProvenEntry[] =>
    entries.filter((entry) => entry.type === type && entry.lotId === lotId);
  const [closing] = ofLot('closing');
  if (closing === undefined || closing.at <= deadline)
    return refuse('E_HOLDER_NO_CLOSING', 'the log has no closing of this lot after the deadline');
  for (const type of neededEntries(notice, stage)) {
    const entry = ofLot(type)[0];
    if (entry === undefined || entry.seq < closing.seq)
      return refuse('E_HOLDER_GATE', `the log has no entry ${type} of this lot`, { entry: type });
    if (entry.cosignedAt <= deadline)
      refuse('E_HOLDER_COSIGNED_EARLY', `the witness has not cosigned ${type} after the deadline yet`, { entry: type });
  }
  return closing;
}
