import { renderScoreLetter } from '@qej/documents';
import type { ScoreLetterContent } from '@qej/documents';
import { formatExact, parseLotCriteria, passFailItems, scoredItems } from '@qej/evaluation';
import { instant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { storeDocument } from '../documents/create-document.ts';
import { groundWords, vetoWords } from '../evaluation/evaluation-words.ts';
import { readLockedScores } from '../evaluation/locked-scores.ts';
import type { LockedScores } from '../evaluation/locked-scores.ts';
import { PLATFORM, stepWords, tenderReference } from '../evaluation/report-content.ts';
import type { OpenedBid } from '../evaluation/ports.ts';
import type { SheetRecord, TenderRecord } from '../records.ts';
import { noticeOf } from '../tender/tender-course.ts';
import { notesOf } from './my-result.ts';
import type { OwnResult } from './my-result.ts';
import type { ResultPorts } from './ports.ts';
import { publishedTender } from './result-course.ts';

function outcomeOf(record: TenderRecord, { own, locked }: OwnResult): string {
  const tender = publishedTender(record);
  const isWinner = tender.state !== 'candidates-published' && tender.awards.some(({ bidId }) => bidId === own.bidId);
  if (isWinner) return '中标 Winner';
  if (!own.passed)
    return `未通过评审：${vetoWords(own)
      .map(({ zh }) => zh)
      .join('；')}`;
  const isCandidate = locked.evaluation.candidates.some(({ bidId }) => bidId === own.bidId);
  return isCandidate
    ? '中标候选人，未中标 Candidate, not chosen'
    : '有效投标，未被推荐为中标候选人 Valid bid, not a candidate';
}

function qualificationOf({ own, locked }: OwnResult): ScoreLetterContent['qualification'] {
  const criteria = parseLotCriteria(locked.inputs.criteria);
  return passFailItems(criteria).map(({ id, title }) => {
    const veto = own.vetoes.find(({ criterionId }) => criterionId === id);
    const votes = locked.inputs.votes.filter(({ bidId }) => bidId === own.bidId);
    const passes = votes.filter(({ verdicts }) => verdicts[id]?.pass === true).length;
    const grounds = veto?.grounds.map((ground) => groundWords[ground].zh).join('；') ?? '';
    return {
      title: title.zh,
      result: veto === undefined ? '通过' : '否决',
      reason: `${passes}/${votes.length} 票通过${grounds === '' ? '' : `；${grounds}`}`,
    };
  });
}

function itemsOf({ own, locked, notes }: OwnResult): ScoreLetterContent['items'] {
  const criteria = parseLotCriteria(locked.inputs.criteria);
  return scoredItems(criteria).map(({ id, title, max }, index) => {
    const marks = own.perCriterion.find(({ criterionId }) => criterionId === id);
    const written = [...new Set(notes.filter(({ criterionId }) => criterionId === id).map(({ text }) => text))];
    return {
      code: `J${index + 1}`,
      title: title.zh,
      full: formatExact(max),
      score: marks?.score ?? '—',
      reason:
        written.length > 0
          ? written.join('；')
          : `各成员评分：${marks?.marks.map(({ score }) => score).join('、') ?? '—'}`,
    };
  });
}

function letterOf(record: TenderRecord, result: OwnResult, now: Instant): ScoreLetterContent {
  const notice = noticeOf(record);
  const { own, locked, bid } = result;
  const number = locked.inputs.bids.findIndex(({ id }) => id === own.bidId) + 1;
  return {
    frame: {
      code: `${notice.code}-GZ-${String(number).padStart(2, '0')}`,
      platform: PLATFORM,
      issuedAt: now,
      dataHash: locked.course.resultSha256,
      zone: notice.timetable.deadline.zone,
    },
    tender: tenderReference(notice, record.lotId),
    bidder: bid.name,
    issuer: notice.agency.name,
    outcome: outcomeOf(record, result),
    ...(own.rank === undefined ? {} : { rank: { place: own.rank, of: locked.evaluation.ranking.length } }),
    total: own.total ?? '—',
    items: itemsOf(result),
    qualification: qualificationOf(result),
    priceSteps: [...locked.evaluation.set, ...own.steps.filter(({ name }) => !name.startsWith('criterion:'))].map(
      stepWords,
    ),
    objectionUntil: instant(publishedTender(record).publicityEndsAt),
  };
}

async function writeLetter(
  ports: ResultPorts,
  record: TenderRecord,
  { result, now }: { result: OwnResult; now: Instant },
): Promise<void> {
  const { organizationId } = result.bid;
  const which = { tenderId: record.id, kind: 'score-letter', organizationId };
  if ((await ports.db.read((tx) => tx.documents.find(which))) !== undefined) return;
  const pdf = await renderScoreLetter(letterOf(record, result, now), {
    demo: noticeOf(record).rulesVersion === 'demo',
  });
  const bytes = await ports.trust.sealPdf(pdf, {
    fieldName: 'platform',
    reason: '评审得分与理由告知 Scores and reasons',
    at: now,
  });
  const row = await storeDocument(ports.blobs, {
    tenderId: record.id,
    organizationId,
    kind: 'score-letter',
    name: '评审得分与理由告知书',
    bytes,
    audience: 'organization',
    at: now,
  });
  await ports.db.transaction('result:score-letter', async (tx) => {
    await tx.tenders.lock({ id: record.id });
    if ((await tx.documents.find(which)) === undefined) await tx.documents.insert(row);
  });
}

function resultOf(locked: LockedScores, bid: OpenedBid, rows: readonly SheetRecord[]): OwnResult[] {
  const own = locked.evaluation.perBid.find(({ bidId }) => bidId === bid.bidId);
  const experts = locked.inputs.experts.map((expertId) => Number(expertId.slice('seat-'.length)));
  const mine = rows.filter(({ bidId }) => bidId === bid.bidId);
  return own === undefined ? [] : [{ bid, locked, own, notes: notesOf(mine, experts) }];
}

/** One letter for each bidder, sealed by the platform; a letter that is there is not written again. */
export async function writeScoreLetters(ports: ResultPorts, tenderId: string, now: Instant): Promise<void> {
  const { record, bids, rows } = await ports.db.read(async (tx) => ({
    record: await tx.tenders.get({ id: tenderId }),
    bids: await ports.bids.openedBidsOf(tx, tenderId),
    rows: await tx.sheets.list({ tenderId }, { orderBy: { seat: 'asc' } }),
  }));
  const locked = await readLockedScores(ports.blobs, record);
  for (const bid of bids)
    for (const result of resultOf(locked, bid, rows)) await writeLetter(ports, record, { result, now });
  ports.live.publish({ tenderId, topic: 'tender' });
}
