import {
  awardTender,
  makeAwardNotice,
  publishCandidates,
  readTender,
  recordContract,
  signWhatWaits,
} from '@qej/client';
import { formatInstant } from '@qej/kernel';
import { mapLimit } from '../concurrency.ts';
import type { PublishedTender } from './notice.ts';
import { LANES } from './stage.ts';
import type { Stage } from './stage.ts';

/** The first candidate, as the committee ranked it. */
async function firstCandidate(
  stage: Stage,
  tenderId: string,
): Promise<{ readonly bidId: string; readonly price: string }> {
  const { session } = await stage.people.person('tenderee');
  const { candidates, bids } = await session.api.getEvaluationResult({ params: { tenderId } });
  const bid = bids.find(({ bidId }) => bidId === candidates[0]);
  if (bid === undefined) throw new Error('there is no candidate');
  return bid;
}

export const playCandidates = (stage: Stage, { tenderId }: PublishedTender): Promise<unknown> =>
  stage.story.step(
    'candidates',
    { zh: '公示中标候选人', en: 'Candidates published' },
    {
      zh: '公示期内可提异议（演示规则下以秒计）',
      en: 'objections may be raised while it runs (seconds under the demo rules)',
    },
    async () => publishCandidates((await stage.people.person('agency')).session, tenderId),
  );

export const playAward = (stage: Stage, { tenderId }: PublishedTender): Promise<void> =>
  stage.story.step(
    'award',
    { zh: '招标人定标，签发中标通知书', en: 'Award decided, notice of award signed' },
    { zh: '公示期满后才可定标', en: 'only after the publicity has run its time' },
    async () => {
      const { session } = await stage.people.person('tenderee');
      const { bidId } = await firstCandidate(stage, tenderId);
      const documentId = await makeAwardNotice(session, tenderId, bidId);
      for (const key of ['tenderee', 'agency']) await signWhatWaits((await stage.people.person(key)).session, tenderId);
      await awardTender(session, tenderId);
      await stage.output.write('documents/中标通知书.pdf', await session.api.getDocument({ params: { documentId } }));
    },
  );

/** Every bidder looks at its own scores and takes its letter home. */
export const playScores = (stage: Stage, { tenderId }: PublishedTender): Promise<unknown> =>
  stage.story.step(
    'scores',
    { zh: '各投标人查看自己的得分与理由', en: 'Each bidder sees its scores and reasons' },
    { zh: '未中标者的保函随即解除', en: 'guarantees of those who cannot win any more are released' },
    () =>
      mapLimit(stage.bidderKeys, LANES, async (key) => {
        const { session } = await stage.people.person(key);
        const { scoreLetterDocumentId: documentId, ...result } = await session.api.getMyResult({
          params: { tenderId },
        });
        await stage.output.write(`${key}/得分.json`, new TextEncoder().encode(`${JSON.stringify(result, null, 1)}\n`));
        if (documentId === undefined) return;
        await stage.output.write(`${key}/得分通知书.pdf`, await session.api.getDocument({ params: { documentId } }));
      }),
  );

export const playContract = (stage: Stage, { tenderId }: PublishedTender): Promise<unknown> =>
  stage.story.step(
    'contract',
    { zh: '合同登记', en: 'Contract recorded' },
    { zh: '候选人与中标人的保证金随之返还或解除', en: 'deposits of candidates and winner are returned or released' },
    async () => {
      const { session } = await stage.people.person('tenderee');
      const { price: amount } = await firstCandidate(stage, tenderId);
      await recordContract(session, tenderId, { signedOn: formatInstant(stage.clock.now()), amount });
    },
  );

const isPdf = (name: string): boolean => name.toLowerCase().endsWith('.pdf');

/** Both archives, and every PDF that the tenderee may read. @returns the sizes in bytes */
export const playArchive = (
  stage: Stage,
  { tenderId }: PublishedTender,
): Promise<{ readonly publicBytes: number; readonly fullBytes: number }> =>
  stage.story.step(
    'archive',
    { zh: '归档：公开档案与完整档案', en: 'Archives: public and full' },
    { zh: '可在另一台机器上离线核验', en: 'to be verified offline on another machine' },
    async () => {
      const { session } = await stage.people.person('tenderee');
      const { documents } = await readTender(session.api, tenderId);
      for (const { documentId, name, kind } of documents) {
        const bytes = await session.api.getDocument({ params: { documentId } });
        await stage.output.write(`documents/${isPdf(name) ? name : `${kind}-${name}`}`, bytes);
      }
      const publicArchive = await stage.publicApi.getArchive({ params: { tenderId } });
      const fullArchive = await session.api.getFullArchive({ params: { tenderId } });
      await stage.output.write('archive-public.qej', publicArchive);
      await stage.output.write('archive-full.qej', fullArchive);
      return { publicBytes: publicArchive.length, fullBytes: fullArchive.length };
    },
  );
