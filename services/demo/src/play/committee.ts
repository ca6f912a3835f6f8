import {
  answerCall,
  declareFree,
  drawCommittee,
  finishEvaluation,
  lockScores,
  makeReport,
  openCalls,
  saveSheet,
  signDocument,
  signIn,
  startEvaluation,
  submitSheets,
  voteChair,
  STEP_PATIENCE_MS,
  waitFor,
} from '@qej/client';
import type { CommitteeView, SessionClient, Sheet, Workbench } from '@qej/client';
import { mapLimit } from '../concurrency.ts';
import type { PublishedTender } from './notice.ts';
import { LANES } from './stage.ts';
import type { Stage } from './stage.ts';

/** An expert of this committee. */
export interface Member {
  readonly key: string;
  readonly session: SessionClient;
}

const committeeOf = ({ api }: SessionClient, tenderId: string): Promise<CommitteeView> =>
  api.getCommittee({ params: { tenderId } });
const isSitting = ({ seats }: CommitteeView): boolean =>
  seats.filter(({ state }) => state !== 'called' && state !== 'declined' && state !== 'recused').length > 0 &&
  seats.every(({ state }) => state !== 'called');

/** Every expert of the pool looks whether it was called; a seat that is declined calls the next one. */
async function answerCalls(stage: Stage, tenderId: string): Promise<readonly Member[]> {
  const { people } = stage;
  const agency = await people.person('agency');
  const keys = people.logins.filter(({ role }) => role === 'expert').map(({ key }) => key);
  const members = new Map<string, Member>();
  await waitFor(
    'every seat to be taken',
    async () => {
      await mapLimit(keys, LANES, async (key) => {
        const { session } = await people.person(key);
        if (!(await openCalls(session, tenderId))) return;
        await answerCall(session, tenderId);
        members.set(key, { key, session });
      });
      return isSitting(await committeeOf(agency.session, tenderId)) ? true : undefined;
    },
    { timeoutMs: STEP_PATIENCE_MS, everyMs: 500 },
  );
  return [...members.values()];
}

/** Draw, calls, sign-in, declarations, election of the chair. @returns the members, the chair first */
export async function playCommittee(stage: Stage, { tenderId }: PublishedTender): Promise<readonly Member[]> {
  const { story, people, options } = stage;
  const agency = await people.person('agency');
  await story.step(
    'draw',
    { zh: `抽取 ${options.experts} 名专家`, en: `${options.experts} experts drawn` },
    { zh: '种子来自各标书里的随机数，任何人可重算', en: 'the seed comes from inside the bids; anybody can draw again' },
    () => drawCommittee(agency.session, tenderId),
  );
  const members = await story.step(
    'calls',
    { zh: '专家应答、签到、签署承诺', en: 'Experts answer, sign in, declare' },
    { zh: '签到前姓名对各方保密', en: 'names stay hidden from everybody until sign-in' },
    async () => {
      const called = await answerCalls(stage, tenderId);
      await mapLimit(called, LANES, async ({ session }) => {
        await signIn(session, tenderId);
        await declareFree(session, tenderId);
      });
      return called;
    },
  );
  return story.step(
    'chair',
    { zh: '推选评标委员会组长', en: 'The committee elects its chair' },
    { zh: '无记名投票', en: 'by secret ballot' },
    () => electChair(members, tenderId),
  );
}

async function electChair(members: readonly Member[], tenderId: string): Promise<readonly Member[]> {
  const [first] = members;
  if (first === undefined) throw new Error('the committee has no members');
  const { seats } = await committeeOf(first.session, tenderId);
  const choice = Math.min(...seats.filter(({ state }) => state === 'declared').map(({ seat }) => seat));
  for (const { session } of members) await voteChair(session, tenderId, choice);
  const chair = await Promise.all(
    members.map(async (member) => ({
      member,
      isChair: (await committeeOf(member.session, tenderId)).seats.some(({ mine, isChair }) => mine && isChair),
    })),
  );
  return chair.toSorted((a, b) => Number(b.isChair) - Number(a.isChair)).map(({ member }) => member);
}

interface Criterion {
  readonly id: string;
  readonly max: string;
  readonly step: string;
  readonly kind: string;
}

/** Marks near 80 % of the maximum, on the criterion's steps; an objective item gets one and the same mark from everybody. */
function scoreOf(
  { numbers }: Stage,
  { id, max, step, kind }: Criterion,
  { bidId, expert }: { bidId: string; expert: string },
): string {
  const steps = Math.round(Number(max) / Number(step));
  const who = kind === 'objective' ? 'all' : expert;
  const lift = numbers.below(`bid/${bidId}/${id}`, 13) + numbers.below(`mark/${bidId}/${id}/${who}`, 7);
  const taken = Math.round((steps * (74 + lift)) / 100);
  const value = Math.min(steps, taken) * Number(step);
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

function sheetFor(stage: Stage, workbench: Workbench, bidId: string, expert: string): Sheet {
  // What the criteria of this format hold: docs/formats/scoring-rule.md.
  const criteria = workbench.criteria as readonly Criterion[];
  const passFail = workbench.passFail as readonly { readonly id: string }[];
  return {
    bidId,
    marks: criteria.map((criterion) => ({
      criterionId: criterion.id,
      score: scoreOf(stage, criterion, { bidId, expert }),
    })),
    passFail: passFail.map(({ id }) => ({ itemId: id, pass: true })),
  };
}

async function review(stage: Stage, tenderId: string, { key, session }: Member): Promise<void> {
  const workbench = await session.api.getWorkbench({ params: { tenderId } });
  if (workbench.submittedAt !== undefined) return;
  for (const { bidId, files } of workbench.bids) {
    const [file] = files;
    if (file !== undefined) await session.api.getBidFile({ params: { tenderId, bidId, fileIndex: file.fileIndex } });
    await saveSheet(session, tenderId, sheetFor(stage, workbench, bidId, key));
  }
  await submitSheets(session, tenderId);
}

/** The evaluation is under way: the first half of the members has handed in its sheets. */
export async function playScoring(
  stage: Stage,
  { tenderId }: PublishedTender,
  members: readonly Member[],
): Promise<void> {
  const [chair] = members;
  if (chair === undefined) throw new Error('the committee has no members');
  await stage.story.step(
    'scoring',
    { zh: '组长宣布开始评标', en: 'The chair starts the evaluation' },
    { zh: '评标室开放，逐家打开文件', en: 'the room opens, files are opened one by one' },
    async () => {
      await startEvaluation(chair.session, tenderId);
      await mapLimit(members.slice(0, Math.floor(members.length / 2)), LANES, (member) =>
        review(stage, tenderId, member),
      );
    },
  );
}

/** Review by every member, lock and ranking by the chair, the report signed by all. */
export async function playEvaluation(
  stage: Stage,
  { tenderId }: PublishedTender,
  members: readonly Member[],
): Promise<void> {
  const { story } = stage;
  const [chair] = members;
  if (chair === undefined) throw new Error('the committee has no members');
  await story.step(
    'review',
    { zh: '独立评审与打分', en: 'Independent review and marks' },
    { zh: '逐家打开文件，评分表由本人证书签名后提交', en: 'files opened one by one; sheets signed by each expert' },
    () => mapLimit(members, LANES, (member) => review(stage, tenderId, member)),
  );
  await story.step(
    'ranking',
    { zh: '锁定评分，计算价格分与排序', en: 'Scores locked, price score and ranking computed' },
    { zh: '每一步算式可由第二套程序重算', en: 'every step can be computed again by another program' },
    () => lockScores(chair.session, tenderId),
  );
  await story.step(
    'report',
    { zh: '评标报告由全体专家签字', en: 'Report signed by all experts' },
    { zh: '逐一签在同一份 PDF 上', en: 'one after the other on the same PDF' },
    async () => {
      const documentId = await makeReport(chair.session, tenderId);
      for (const { session } of members) await signDocument(session, documentId);
      await finishEvaluation(chair.session, tenderId);
    },
  );
}
