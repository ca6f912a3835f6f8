import { formatExact, parseDecimal, passFailItems, scoredItems, sum } from '@qej/evaluation';
import type { BidEvaluation, Committee, LotCriteria, TraceStep } from '@qej/evaluation';
import type { EvaluationReportContent } from '@qej/documents';
import { instant, parseMoney } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Notice } from '@qej/tendering';
import { memberIdOf } from './committee-course.ts';
import type { CommitteeCourse } from './committee-course.ts';
import { flagWords, groundWords } from './evaluation-words.ts';
import type { LockedScores } from './locked-scores.ts';
import type { OpenedBid } from './ports.ts';

export const PLATFORM = '青e见电子招标投标平台';

export interface ReportMember {
  readonly seat: number;
  readonly userId: string;
  readonly name: string;
  readonly employer: string;
  readonly specialty: string;
  readonly isChair: boolean;
  readonly submittedAt: number;
}
export interface ReportFacts {
  readonly notice: Notice;
  readonly course: CommitteeCourse;
  readonly locked: LockedScores;
  readonly bids: readonly OpenedBid[];
  readonly members: readonly ReportMember[];
  readonly startedAt: Instant;
  readonly drawnAt: Instant;
  readonly drawHash: string;
  readonly criteria: LotCriteria;
  readonly now: Instant;
}

export const tenderReference = (notice: Notice, lotId: string): EvaluationReportContent['tender'] => {
  const lot = notice.lots.find((one) => one.lotId === lotId);
  return { code: notice.code, name: notice.title.zh, lotCode: String(lot?.no ?? 1), lotName: lot?.name.zh ?? '' };
};

const seatName = (seat: number): string => `专家${seat}`;
export const stepWords = ({ title, formula, value }: TraceStep): string => `${title.zh}：${formula.zh} = ${value}`;
const numberOf = (bids: readonly OpenedBid[], bidId: string): number =>
  bids.findIndex((bid) => bid.bidId === bidId) + 1;

function qualificationOf({ criteria, bids, locked }: ReportFacts): EvaluationReportContent['qualification'] {
  return passFailItems(criteria).map(({ id, title }, index) => ({
    code: `Z${index + 1}`,
    title: title.zh,
    votes: bids.map(({ bidId }) => {
      const verdicts = locked.inputs.votes
        .filter((vote) => vote.bidId === bidId)
        .map(({ verdicts: given }) => given[id]);
      const fail = verdicts.filter((verdict) => verdict?.pass === false).length;
      return { pass: verdicts.length - fail, fail, passed: 2 * fail <= verdicts.length };
    }),
  }));
}

function vetoesOf({ criteria, bids, locked }: ReportFacts): EvaluationReportContent['vetoes'] {
  const codeOf = (id: string) => `Z${passFailItems(criteria).findIndex((item) => item.id === id) + 1}`;
  return locked.evaluation.perBid.flatMap(({ bidId, vetoes }) =>
    vetoes.map(({ criterionId, votes, of, grounds }) => {
      const against = locked.inputs.votes
        .filter((vote) => vote.bidId === bidId)
        .flatMap(({ verdicts }) => (verdicts[criterionId]?.pass === false ? [verdicts[criterionId]] : []));
      return {
        bid: numberOf(bids, bidId),
        itemCode: codeOf(criterionId),
        ground: grounds.map((ground) => groundWords[ground].zh).join('；'),
        clause: against[0]?.clause ?? '',
        evidence: [...new Set(against.map(({ evidence }) => evidence))].join('；'),
        votes: `${votes} : ${of - votes} 否决`,
      };
    }),
  );
}

function sheetsOf({ criteria, bids, locked, members }: ReportFacts): EvaluationReportContent['sheets'] {
  const scored = locked.evaluation.perBid.filter(({ vetoes }) => vetoes.length === 0).map(({ bidId }) => bidId);
  const items = scoredItems(criteria);
  return members.map(({ seat, submittedAt }) => ({
    seat: seatName(seat),
    lockedAt: instant(submittedAt),
    rows: locked.inputs.sheets
      .filter(({ bidId, expertId }) => expertId === memberIdOf(seat) && scored.includes(bidId))
      .map(({ bidId, scores }) => {
        const given = items.map(({ id }) => scores[id] ?? '');
        return { bid: numberOf(bids, bidId), scores: given, sum: formatExact(sum(given.map(parseDecimal))) };
      }),
  }));
}

function rankingOf({ bids, locked }: ReportFacts): EvaluationReportContent['ranking'] {
  const { ranking, perBid, candidates } = locked.evaluation;
  return ranking.map(({ id, rank }) => {
    const own = perBid.find(({ bidId }) => bidId === id);
    return {
      place: rank,
      bid: numberOf(bids, id),
      technical: own?.technical ?? '',
      price: own?.priceScore ?? '',
      total: own?.total ?? '',
      candidate: candidates.some(({ bidId }) => bidId === id),
    };
  });
}

const deviationOf = ({ steps }: BidEvaluation): string => {
  const value = steps.find(({ name }) => name === 'deviation')?.value;
  return value === undefined ? '—' : `${value}%`;
};

function priceOf({ bids, locked }: ReportFacts): EvaluationReportContent['price'] {
  return {
    steps: locked.evaluation.set.map(stepWords),
    rows: locked.evaluation.perBid
      .filter(({ passed }) => passed)
      .map((bid) => ({
        bid: numberOf(bids, bid.bidId),
        evaluated: parseMoney(bid.price),
        deviation: deviationOf(bid),
        score: bid.priceScore ?? '',
      })),
  };
}

const aggregationWords = ({ aggregation }: LotCriteria): string => {
  const method = aggregation.method === 'mean' ? '算术平均值' : '去掉一个最高分和一个最低分后的算术平均值';
  const over = aggregation.over === 'criterion' ? '每一评分因素各成员评分的' : '各成员技术评分合计的';
  return `技术分为${over}${method}，保留 ${aggregation.rounding.decimals} 位小数；总分 = 技术分 + 报价分。`;
};

const declarationWords = (committee: Committee, seat: number): string =>
  committee.members[seat - 1]?.state === 'declared' ? '已声明无须回避' : (committee.members[seat - 1]?.reason ?? '');

/** What the PDF of the report says. Field `expert-<seat>` is the anchor of each member's signature. */
export function reportContent(facts: ReportFacts): EvaluationReportContent {
  const { notice, course, locked, bids, members, now } = facts;
  const nameOf = (bidId: string): string => bids.find((bid) => bid.bidId === bidId)?.name ?? bidId;
  const words = (kind: string): string[] =>
    locked.evaluation.flags.filter((flag) => flag.kind === kind).map((flag) => flagWords(flag, nameOf).zh);
  const memberOf = (seat: number) => members.find((member) => member.seat === seat);
  return {
    frame: {
      code: `${notice.code}-PB-01`,
      platform: PLATFORM,
      issuedAt: now,
      dataHash: locked.course.inputsSha256,
      zone: notice.timetable.deadline.zone,
    },
    tender: tenderReference(notice, locked.inputs.lotId),
    tenderee: notice.tenderee.name,
    agency: notice.agency.name,
    startedAt: facts.startedAt,
    endedAt: now,
    method: String((notice.scoringRule as { title?: { zh?: string } }).title?.zh ?? ''),
    draw: {
      code: notice.code,
      seedSource: '开标时解密的各投标登记中的随机数与截标根',
      pool: course.draw.poolSize,
      recordHash: facts.drawHash,
      drawnAt: facts.drawnAt,
    },
    committee: members.map(({ seat, name, employer, specialty, isChair }) => ({
      seat: seatName(seat),
      name,
      organisation: employer,
      specialty,
      chair: isChair,
      declaration: declarationWords(course.committee, seat),
    })),
    bids: bids.map(({ name, price }, index) => ({ number: index + 1, bidder: name, price: parseMoney(price) })),
    qualification: qualificationOf(facts),
    vetoes: vetoesOf(facts),
    clarifications: [],
    criteria: scoredItems(facts.criteria).map(({ title, max }, index) => ({
      code: `J${index + 1}`,
      title: title.zh,
      full: formatExact(max),
    })),
    sheets: sheetsOf(facts),
    aggregation: aggregationWords(facts.criteria),
    price: priceOf(facts),
    ranking: rankingOf(facts),
    abnormalScores: words('abnormal-score'),
    lowPrices: [...words('low-price'), ...words('few-valid-bids')],
    collusionClues: [],
    dissents: locked.course.dissents.map(({ seat, text, at }) => ({ member: seatName(seat), text, at: instant(at) })),
    signers: members.map(({ seat, isChair }) => ({
      anchor: `expert-${seat}`,
      role: isChair ? '组长 Chair' : '成员 Member',
      name: `${seatName(seat)}　${memberOf(seat)?.name ?? ''}`,
    })),
  };
}
