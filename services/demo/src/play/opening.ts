import {
  awaitHall,
  bidderDecrypter,
  closeWindow,
  confirmOwnPrices,
  finishOpening,
  makeOpeningRecord,
  releaseOwnHalves,
  signWhatWaits,
  startDecryption,
  STEP_PATIENCE_MS,
  waitFor,
} from '@qej/client';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import { mapLimit } from '../concurrency.ts';
import type { PublishedTender } from './notice.ts';
import { LANES } from './stage.ts';
import type { Stage } from './stage.ts';

/** What became of the lot at its opening. */
export type OpeningOutcome = { readonly failed: true } | { readonly failed: false; readonly recordDocumentId: string };

const FAILED = '<3';

/** Waits for the platform's clock; nothing moves it. */
export const playDeadline = (stage: Stage, { tenderId, deadline }: PublishedTender): Promise<void> =>
  stage.story.step(
    'deadline',
    { zh: '等待投标截止', en: 'Waiting for the deadline' },
    { zh: '按平台时钟真实等待', en: 'by the platform’s clock, in real time' },
    async () => {
      const leftMs = Math.max(0, deadline - stage.clock.now());
      await waitFor(
        'the deadline',
        async () =>
          (await stage.publicApi.getHall({ params: { tenderId } })).closedAt === undefined ? undefined : true,
        { timeoutMs: leftMs + STEP_PATIENCE_MS, everyMs: 500 },
      );
    },
  );

async function playHalves(stage: Stage, tenderId: string): Promise<void> {
  const { story, people, bidderKeys } = stage;
  const agency = await people.person('agency');
  await story.step(
    'decryption',
    { zh: '公布名单，开始解密', en: 'List published, decryption starts' },
    { zh: '投标人与保证金情况公开，报价仍密封', en: 'who bid and whose deposit is there; prices stay sealed' },
    () => startDecryption(agency.session, tenderId),
  );
  await story.step(
    'halves',
    { zh: '各投标人释放自己的一半密钥', en: 'Each bidder releases its half' },
    { zh: '份额与封标时的承诺一致才被接受', en: 'accepted only if it fits what was sealed' },
    () =>
      mapLimit(bidderKeys, LANES, async (key) => {
        const { session } = await people.person(key);
        const { decrypter } = bidderDecrypter(session.identity);
        await releaseOwnHalves({ platform: session.api, provider, decrypter }, tenderId);
      }),
  );
  await story.step(
    'prices',
    { zh: '结束解密，开启报价', en: 'Window closed, prices opened' },
    { zh: '全部份额到齐后，持有人才释放报价密钥', en: 'holders release the price key only once every half is in' },
    async () => {
      await closeWindow(agency.session, tenderId);
      await awaitHall(
        agency.session,
        tenderId,
        'the price table',
        ({ bids }) =>
          bids.length > 0 &&
          bids.every(({ price, state }) => price !== undefined || state === 'refused' || state === 'half-missing'),
      );
    },
  );
}

async function playRecord(stage: Stage, tenderId: string): Promise<string> {
  const { story, people, bidderKeys } = stage;
  const agency = await people.person('agency');
  await story.step(
    'confirmations',
    { zh: '投标人逐一确认报价', en: 'Each bidder confirms its line' },
    { zh: '用证书签认；有异议当场答复', en: 'signed by certificate; objections are answered on the spot' },
    () =>
      mapLimit(bidderKeys, LANES, async (key) => {
        const { session } = await people.person(key);
        await confirmOwnPrices(session, tenderId);
      }),
  );
  return story.step(
    'record',
    { zh: '开标记录签章，开标结束', en: 'Opening record signed, opening ends' },
    { zh: '主持人用证书签章，数据随附其中', en: 'signed by the host, the data attached to it' },
    async () => {
      const documentId = await makeOpeningRecord(agency.session, tenderId);
      for (const key of ['agency', 'witness', 'tenderee'])
        await signWhatWaits((await people.person(key)).session, tenderId);
      await finishOpening(agency.session, tenderId);
      return documentId;
    },
  );
}

/** From the closed register to the signed opening record; fewer than three bidders end it unopened. */
export async function playOpening(stage: Stage, { tenderId }: PublishedTender): Promise<OpeningOutcome> {
  const { story, people } = stage;
  const agency = await people.person('agency');
  const hall = await story.step(
    'register',
    { zh: '封存截标集合，释放登记密钥', en: 'Closing set fixed, register keys released' },
    { zh: '持有人各按自己的时钟和见证副签行事', en: 'each holder goes by its own clock and the witness’s cosignature' },
    () =>
      awaitHall(
        agency.session,
        tenderId,
        'the register to open',
        ({ count, hostStep, windowEndsAt }) =>
          count === FAILED || hostStep.command === 'start-decryption' || windowEndsAt !== undefined,
      ),
  );
  if (hall.count === FAILED) {
    story.note({
      zh: '投标人少于三家：全部标书保持密封，本次招标失败',
      en: 'fewer than three bidders: everything stays sealed, the tender has failed',
    });
    return { failed: true };
  }
  await playHalves(stage, tenderId);
  return { failed: false, recordDocumentId: await playRecord(stage, tenderId) };
}
