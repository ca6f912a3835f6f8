import { intakeClient, readPublishedPolicy, readPublishedRoots, readTender, terminateTender } from '@qej/client';
import type { UploadPass } from '@qej/client';
import type { Clock } from '@qej/kernel';
import { stops } from '../options.ts';
import type { Stop } from '../options.ts';
import type { Output } from '../output.ts';
import { openPeople } from '../people.ts';
import type { People } from '../people.ts';
import { seededNumbers } from '../random.ts';
import type { Story } from '../story.ts';
import { makeBidFiles, playBids, playReceipts } from './bids.ts';
import type { SealedByBidder } from './bids.ts';
import { playCommittee, playEvaluation, playScoring } from './committee.ts';
import { playNotice } from './notice.ts';
import type { PublishedTender } from './notice.ts';
import { playDeadline, playOpening } from './opening.ts';
import { playArchive, playAward, playCandidates, playContract, playDocuments, playScores } from './result.ts';
import { openPublicApi, patience } from './stage.ts';
import type { PlayOptions, Stage } from './stage.ts';

export interface PlayDeps {
  readonly origin: string;
  readonly intakeOrigin: string;
  /** Data directory of the platform. */
  readonly data: string;
  readonly story: Story;
  readonly output: Output;
  readonly clock: Clock;
  /** Shared between plays on one platform: log-ins and upload sessions are kept. */
  readonly people?: People;
  readonly passes?: Map<string, UploadPass>;
  /** First bidder of the demo world that takes part, from 0; others follow in turn. */
  readonly firstBidder?: number;
}

export interface PlayResult {
  readonly tenderId: string;
  readonly code: string;
  readonly state: string;
  readonly bids: readonly Omit<SealedByBidder, 'sent'>[];
  readonly receiptsVerified: number;
  readonly archive: { readonly publicBytes: number; readonly fullBytes: number } | undefined;
  /** The tender that repeated this one. */
  readonly retender: PlayResult | undefined;
}

async function openStage(deps: PlayDeps, options: PlayOptions): Promise<Stage> {
  const { origin, intakeOrigin, data, story, output, clock, firstBidder = 0 } = deps;
  const publicApi = openPublicApi(origin);
  const people = deps.people ?? (await openPeople(origin, data, patience));
  const keys = people.logins.filter(({ role }) => role === 'bidder').map(({ key }) => key);
  const turned = [...keys.slice(firstBidder % keys.length), ...keys.slice(0, firstBidder % keys.length)];
  return {
    origin,
    options,
    people,
    bidderKeys: turned.slice(0, options.bidders),
    story,
    output,
    clock,
    numbers: seededNumbers(options.seed),
    publicApi,
    intake: intakeClient({ origin: intakeOrigin }, patience),
    trust: await readPublishedRoots(publicApi),
    policy: await readPublishedPolicy(publicApi),
    passes: deps.passes ?? new Map<string, UploadPass>(),
  };
}

interface Progress {
  readonly bids: readonly SealedByBidder[];
  readonly receiptsVerified: number;
  readonly failed: boolean;
}
const nothing: Progress = { bids: [], receiptsVerified: 0, failed: false };
/** States in which a tender has an archive. */
const ENDED: readonly string[] = ['awarded', 'contracted', 'failed-few', 'terminated'];

const goesTo = ({ options }: Stage, stop: Stop): boolean => stops.indexOf(options.until) >= stops.indexOf(stop);

async function afterOpening(stage: Stage, tender: PublishedTender): Promise<void> {
  if (!goesTo(stage, 'committee')) return;
  const members = await playCommittee(stage, tender);
  if (!goesTo(stage, 'scoring')) return;
  await playScoring(stage, tender, members);
  if (!goesTo(stage, 'evaluation')) return;
  await playEvaluation(stage, tender, members);
  if (!goesTo(stage, 'candidates')) return;
  await playCandidates(stage, tender);
  if (!goesTo(stage, 'award')) return;
  await playAward(stage, tender);
  await playScores(stage, tender);
  if (!goesTo(stage, 'contract')) return;
  await playContract(stage, tender);
}

async function playFrom(
  stage: Stage,
  tender: PublishedTender,
  files: Awaited<ReturnType<typeof makeBidFiles>>,
): Promise<Progress> {
  if (stage.options.terminate) {
    await terminate(stage, tender);
    return { ...nothing, failed: true };
  }
  if (!goesTo(stage, 'bids')) return nothing;
  const bids = await playBids(stage, tender, files);
  const receiptsVerified = await playReceipts(stage, bids);
  if (!goesTo(stage, 'opening')) return { ...nothing, bids, receiptsVerified };
  await playDeadline(stage, tender);
  const { failed } = await playOpening(stage, tender);
  if (!failed) await afterOpening(stage, tender);
  return { bids, receiptsVerified, failed };
}

const terminate = (stage: Stage, { tenderId }: PublishedTender): Promise<unknown> =>
  stage.story.step(
    'terminate',
    { zh: '终止招标并说明理由', en: 'Tender terminated with reasons' },
    { zh: '终止公告签章后进入日志', en: 'the notice of termination is sealed and logged' },
    async () =>
      terminateTender(
        (await stage.people.person('agency')).session,
        tenderId,
        '建设规模发生调整，原招标内容不再适用（演示）。',
      ),
  );

async function playOne(stage: Stage, retenderOf?: string): Promise<PlayResult> {
  const files = await stage.story.step(
    'files',
    { zh: `生成 ${stage.bidderKeys.length} 家投标文件`, en: `Files of ${stage.bidderKeys.length} bidders made` },
    { zh: '真实 PDF，同一种子同样内容', en: 'real PDFs, the same for the same seed' },
    () => makeBidFiles(stage),
  );
  const tender = await playNotice(stage, retenderOf);
  const { failed, bids, ...progress } = await playFrom(stage, tender, files);
  const { state } = await readTender(stage.publicApi, tender.tenderId);
  const archive = ENDED.includes(state) ? await playArchive(stage, tender) : undefined;
  await playDocuments(stage, tender);
  const { options, people } = stage;
  const retendered = failed && options.retender && retenderOf === undefined;
  const keys = people.logins.filter(({ role }) => role === 'bidder').map(({ key }) => key);
  const again: Stage = {
    ...stage,
    bidderKeys: keys.slice(0, Math.max(3, options.bidders)),
    options: { ...options, terminate: false },
    output: stage.output.below('retender'),
  };
  return {
    tenderId: tender.tenderId,
    code: tender.code,
    state,
    bids: bids.map(({ sent: _sent, ...bid }) => bid),
    ...progress,
    archive,
    retender: retendered ? await playOne(again, tender.tenderId) : undefined,
  };
}

/** Plays one tender through the public API as separate clients would, as far as the options say. */
export const playTender = async (deps: PlayDeps, options: PlayOptions): Promise<PlayResult> =>
  playOne(await openStage(deps, options));
