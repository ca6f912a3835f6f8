import {
  awardTender,
  fetchArchive,
  makeAwardNotice,
  publishCandidates,
  readTender,
  recordContract,
  signWhatWaits,
  STEP_PATIENCE_MS,
  waitFor,
} from '@qej/client';
import type { SessionClient } from '@qej/client';
import { formatInstant } from '@qej/kernel';
import { toPem } from '@qej/pki';
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
      await makeAwardNotice(session, tenderId, bidId);
      for (const key of ['tenderee', 'agency']) await signWhatWaits((await stage.people.person(key)).session, tenderId);
      await awardTender(session, tenderId);
    },
  );

/** Score letters are written after the award, one after the other. */
const awaitLetter = ({ api }: SessionClient, tenderId: string) =>
  waitFor(
    'a score letter',
    async () => {
      const { scoreLetterDocumentId, ...result } = await api.getMyResult({ params: { tenderId } });
      return scoreLetterDocumentId === undefined ? undefined : { ...result, scoreLetterDocumentId };
    },
    { timeoutMs: STEP_PATIENCE_MS, everyMs: 500 },
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
        const { scoreLetterDocumentId: documentId, ...result } = await awaitLetter(session, tenderId);
        await stage.output.write(`${key}/得分.json`, new TextEncoder().encode(`${JSON.stringify(result, null, 1)}\n`));
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

/** Documents have titles; files need an ending. */
const fileName = ({ name, mediaType }: { readonly name: string; readonly mediaType: string }): string =>
  mediaType === 'application/pdf' && !name.toLowerCase().endsWith('.pdf') ? `${name}.pdf` : name;

/** Every document that tenderee or bidder may read, and the public's. */
export const playDocuments = (stage: Stage, { tenderId }: PublishedTender): Promise<void> =>
  stage.story.step(
    'documents',
    { zh: '取回全部文件', en: 'All documents fetched' },
    { zh: '招标文件、开标记录、评标报告、通知书等 PDF', en: 'tender document, records, report, notices as PDF' },
    async () => {
      const { session } = await stage.people.person('tenderee');
      const taken = new Set<string>();
      for (const document of (await readTender(session.api, tenderId)).documents) {
        const bytes = await session.api.getDocument({ params: { documentId: document.documentId } });
        const name = fileName(document);
        await stage.output.write(
          `documents/${taken.has(name) ? `${document.documentId.slice(0, 8)} ${name}` : name}`,
          bytes,
        );
        taken.add(name);
      }
    },
  );

/** Both archives. @returns the sizes in bytes */
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
      const publicArchive = await fetchArchive(stage.publicApi, tenderId, 'public');
      const fullArchive = await fetchArchive(session.api, tenderId, 'full');
      await stage.output.write('archive-public.qej', publicArchive);
      await stage.output.write('archive-full.qej', fullArchive);
      await writeTrust(stage);
      return { publicBytes: publicArchive.length, fullBytes: fullArchive.length };
    },
  );

const text = (lines: readonly string[]): Uint8Array =>
  new TextEncoder().encode(lines.map((line) => `${line}\n`).join(''));

/** What a verifier on another machine must know from elsewhere; here it is taken from the platform, and named so. */
async function writeTrust({ trust, policy, output }: Stage): Promise<void> {
  const pem = (items: readonly { readonly der: Uint8Array }[], label?: 'X509 CRL'): string =>
    items.map(({ der }) => toPem(der, label)).join('');
  await output.write('trust/roots.pem', new TextEncoder().encode(pem(trust.roots)));
  await output.write('trust/lists.pem', new TextEncoder().encode(pem(trust.crls, 'X509 CRL')));
  await output.write('trust/log.vkey', text([policy.logKey]));
  await output.write('trust/witness.vkey', text(policy.witnesses.map(({ vkey }) => vkey)));
}
