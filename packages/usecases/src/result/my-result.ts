import type { Output, PlatformApi } from '@qej/contract';
import type { BidEvaluation } from '@qej/evaluation';
import { DomainError } from '@qej/kernel';
import { vetoWords } from '../evaluation/evaluation-words.ts';
import { disclosureOf } from '../evaluation/disclosure.ts';
import { readLockedScores } from '../evaluation/locked-scores.ts';
import type { EvaluationInputs, LockedScores } from '../evaluation/locked-scores.ts';
import { readSheet } from '../evaluation/sheets.ts';
import type { OpenedBid } from '../evaluation/ports.ts';
import type { Caller } from '../ports.ts';
import type { SheetRecord, TenderRecord } from '../records.ts';
import { noticeOf } from '../tender/tender-course.ts';
import type { ResultPorts } from './ports.ts';

type MyResult = Output<PlatformApi['getMyResult']>;

export interface OwnResult {
  readonly bid: OpenedBid;
  readonly locked: LockedScores;
  readonly own: BidEvaluation;
  readonly notes: readonly { readonly criterionId: string; readonly text: string }[];
}

const SEPARATED = {
  'lower-price': '总分相同，报价低者在前 Equal totals, the lower price goes first',
  'higher-technical': '总分相同，技术分高者在前 Equal totals, the higher technical score goes first',
  draw: '总分相同，抽取决定次序 Equal totals, the order was drawn',
} as const;

/** What the experts wrote beside their marks, without saying who. */
export function notesOf(rows: readonly SheetRecord[], experts: readonly number[]): OwnResult['notes'] {
  return rows
    .filter(({ seat }) => experts.includes(seat))
    .flatMap((row) => readSheet(row).marks)
    .flatMap(({ criterionId, note }) =>
      note === undefined || note.trim() === '' ? [] : [{ criterionId, text: note }],
    );
}

const reasonsOf = ({ own, notes, locked }: OwnResult): string[] => [
  ...vetoWords(own).map(({ zh, en }) => `${zh} · ${en}`),
  ...(own.separatedBy === undefined ? [] : [SEPARATED[own.separatedBy]]),
  ...notes.map(({ criterionId, text }) => `${titleOf(locked.inputs, criterionId)}：${text}`),
];

export function titleOf({ criteria }: EvaluationInputs, id: string): string {
  const { items } = criteria as unknown as { items: { id: string; title: { zh: string } }[] }; // parsed when frozen
  return items.find((item) => item.id === id)?.title.zh ?? id;
}

/** Prices of all bids that went into the price score; they are public since the opening. No technical score of another. */
const ruleInputsOf = ({ inputs, evaluation }: LockedScores) => ({
  parameters: inputs.parameters,
  bids: evaluation.perBid
    .filter(({ vetoes }) => vetoes.length === 0)
    .map(({ bidId, price }) => ({ id: bidId, inputs: { price } })),
});

async function readOwn(ports: ResultPorts, record: TenderRecord, caller: Caller): Promise<OwnResult> {
  const { bid, rows } = await ports.db.read(async (tx) => {
    const found = (await ports.bids.openedBidsOf(tx, record.id)).find(
      ({ organizationId }) => organizationId === caller.organizationId,
    );
    if (found === undefined) throw new DomainError('E_NOT_FOUND');
    return {
      bid: found,
      rows: await tx.sheets.list({ tenderId: record.id, bidId: found.bidId }, { orderBy: { seat: 'asc' } }),
    };
  });
  const locked = await readLockedScores(ports.blobs, record);
  const own = locked.evaluation.perBid.find(({ bidId }) => bidId === bid.bidId);
  if (own === undefined) throw new DomainError('E_NOT_FOUND');
  const experts = locked.inputs.experts.map((expertId) => Number(expertId.slice('seat-'.length)));
  return { bid, locked, own, notes: notesOf(rows, experts) };
}

/**
 * A bidder's own marks, reasons and the computation, from the moment that the regime names: the browser computes the price score
 * again from `rule` and `ruleInputs`, and the technical score from `criteria` and `perCriterion`.
 * @throws DomainError `E_STATE` before that, `E_NOT_FOUND`
 */
export async function getMyResult(ports: ResultPorts, tenderId: string, caller: Caller): Promise<MyResult> {
  const record = await ports.db.read((tx) => tx.tenders.get({ id: tenderId }));
  const { regime } = noticeOf(record);
  if (!disclosureOf(regime).ownScores.includes(record.state))
    throw new DomainError('E_STATE', { detail: 'the result is not published yet' });
  const result = await readOwn(ports, record, caller);
  const { own, locked } = result;
  const { deposit, letter } = await ports.db.read(async (tx) => ({
    deposit: await ports.deposits.depositOf(tx, tenderId, caller.organizationId),
    letter: await tx.documents.find({ tenderId, kind: 'score-letter', organizationId: caller.organizationId }),
  }));
  return {
    bidId: own.bidId,
    passed: own.passed,
    ...(own.rank === undefined ? {} : { rank: own.rank }),
    ...(own.technical === undefined ? {} : { technical: own.technical }),
    ...(own.priceScore === undefined ? {} : { priceScore: own.priceScore }),
    ...(own.total === undefined ? {} : { total: own.total }),
    perCriterion: own.perCriterion,
    steps: own.steps,
    reasons: reasonsOf(result),
    criteria: locked.inputs.criteria,
    rule: locked.inputs.rule,
    ruleInputs: ruleInputsOf(locked),
    deposit: { ...deposit },
    ...(letter === undefined ? {} : { scoreLetterDocumentId: letter.id }),
  };
}
