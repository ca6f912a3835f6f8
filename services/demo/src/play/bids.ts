import {
  applicantOf,
  awaitCertificate,
  awaitIncludedReceipt,
  awaitQuote,
  bidderDecrypter,
  checkReceipt,
  decideOwnCredit,
  depositDeclaration,
  findGuarantors,
  guaranteeValidTo,
  newSealAttempt,
  openUploadPass,
  partyOf,
  payQuote,
  sealBid,
  sendApplication,
  signBytesWith,
  startGuarantee,
} from '@qej/client';
import type { OwnCreditDecision, SentSeal, UploadPass } from '@qej/client';
import type { GuaranteeReference } from '@qej/deposits';
import { makeDemoBidFile } from '@qej/documents';
import { formatMoney, money, parseInstant } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { bytesSource } from '@qej/sealed-bid';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import { mapLimit } from '../concurrency.ts';
import type { Person } from '../people.ts';
import { ceilingOf } from './draft.ts';
import type { PublishedTender } from './notice.ts';
import { LANES } from './stage.ts';
import type { Stage } from './stage.ts';

/** The files of one bidder, made before the clock runs. */
export interface BidFiles {
  readonly key: string;
  readonly technical: Uint8Array;
  readonly quotation: Uint8Array;
}

export interface SealedByBidder {
  readonly key: string;
  readonly messageHash: string;
  readonly price: string;
  readonly waived: string;
  readonly guaranteed: string;
  readonly sealMs: number;
  readonly bytes: number;
  readonly sent: SentSeal;
}

const QUOTATION_MB = 0.2;

/** Real PDF files of the size that was asked for, and kept in the output folder. */
export async function makeBidFiles(stage: Stage): Promise<readonly BidFiles[]> {
  const { options, people, output } = stage;
  return mapLimit(stage.bidderKeys, LANES, async (key) => {
    const bidder = people.logins.find((login) => login.key === key)?.organization ?? key;
    const seed = `${options.seed}/${key}`;
    const technical = await makeDemoBidFile({ title: '技术标：施工组织设计', bidder, megabytes: options.fileMb, seed });
    const quotation = await makeDemoBidFile({
      title: '商务标：已标价工程量清单',
      bidder,
      megabytes: QUOTATION_MB,
      seed: `${seed}/price`,
    });
    await output.write(`${key}/技术标.pdf`, technical);
    await output.write(`${key}/商务标.pdf`, quotation);
    return { key, technical, quotation };
  });
}

/** Applies, pays in the sandbox, waits for the certificate. */
async function coverByGuarantee(
  stage: Stage,
  { lot }: PublishedTender,
  { session, login }: Person,
  { decision, rule }: OwnCreditDecision,
): Promise<GuaranteeReference> {
  const { clock, trust, output } = stage;
  const platform = session.api;
  const [guarantor] = await findGuarantors(platform, trust, clock.now());
  if (guarantor === undefined) throw new Error('the platform has no guarantor');
  const applicant = applicantOf(session.identity, {
    organizationId: login.organizationId,
    address: '青岛市（演示地址）',
  });
  const validTo = guaranteeValidTo(lot, rule.guaranteeTailDays);
  const pending = await startGuarantee(guarantor, applicant, { lot, amount: decision.due, validTo, now: clock.now() });
  await sendApplication({ platform, provider }, guarantor, applicant, pending);
  await payQuote(await awaitQuote(platform, applicant, pending));
  const deps = { platform, trust, now: () => clock.now() };
  const { issued, reference } = await awaitCertificate(deps, applicant, pending);
  await output.write(`${login.key}/投标保函.pdf`, issued.certificate);
  return reference;
}

async function passOf(stage: Stage, { session, login }: Person): Promise<UploadPass> {
  const known = stage.passes.get(login.key);
  if (known !== undefined && parseInstant(known.expiresAt) > stage.clock.now() + 3_600_000) return known;
  const pass = await openUploadPass(session.api, stage.intake);
  stage.passes.set(login.key, pass);
  return pass;
}

/** Between 82 and 98 % of the ceiling, to the yuan. */
function priceOf({ numbers }: Stage, key: string): string {
  const ceiling = ceilingOf(numbers) / 100n;
  const perMille = 820n + BigInt(numbers.below(`price/${key}`, 161));
  return formatMoney(money(((ceiling * perMille) / 1_000n) * 100n));
}

const priceJson = (total: string, manager: string): Json => ({
  total,
  currency: 'CNY',
  periodDays: 180,
  quality: '合格',
  manager,
});

async function bid(stage: Stage, tender: PublishedTender, files: BidFiles): Promise<SealedByBidder> {
  const person = await stage.people.person(files.key);
  const { session, login } = person;
  const began = performance.now();
  const { uscc } = partyOf(session.identity);
  const credit = await decideOwnCredit(session.api, tender.lot, uscc);
  const needsGuarantee = credit.decision.due.amountMinor > 0n;
  const guarantee = needsGuarantee ? await coverByGuarantee(stage, tender, person, credit) : null;
  const { point, decrypter } = bidderDecrypter(session.identity);
  const price = priceOf(stage, files.key);
  const pdf = (name: string, bytes: Uint8Array) => ({
    name,
    mediaType: 'application/pdf',
    part: 'main',
    source: bytesSource(bytes),
  });
  const saveRescue = (rescue: Uint8Array): Promise<void> =>
    stage.output.write(`${login.key}/应急解密文件.json`, rescue);
  const sent = await sealBid(
    { provider, intake: stage.intake, pass: await passOf(stage, person), saveRescue },
    {
      lot: tender.lot,
      attempt: await newSealAttempt(provider),
      files: { technical: [pdf('技术标.pdf', files.technical)], price: [pdf('商务标.pdf', files.quotation)] },
      price: priceJson(price, login.name),
      deposit: depositDeclaration(credit, guarantee) as unknown as Json, // canonical JSON by its own schema
      ownerCertificate: session.identity.signer.certificate.der,
      bidderKey: point,
      sign: signBytesWith(session.identity),
      decrypter,
    },
  );
  await stage.output.write(`${login.key}/投标回执.json`, sent.receipt);
  const { due, waived } = credit.decision;
  return {
    key: files.key,
    messageHash: sent.messageHash,
    price,
    waived: formatMoney(waived),
    guaranteed: formatMoney(due),
    sealMs: Math.round(performance.now() - began),
    bytes: files.technical.length + files.quotation.length,
    sent,
  };
}

/** Every bidder: credit decision, guarantee where something is due, sealing, upload, trial opening, seal, receipt. */
export const playBids = (
  stage: Stage,
  tender: PublishedTender,
  files: readonly BidFiles[],
): Promise<readonly SealedByBidder[]> =>
  stage.story.step(
    'bids',
    { zh: `${files.length} 家投标人密封并投递`, en: `${files.length} bidders seal and deliver` },
    {
      zh: '信用减免在本机算出，其余由保函覆盖；密文经匿名入口上传',
      en: 'credit waiver computed at the bidder, the rest by guarantee; ciphertext through the blind door',
    },
    () => mapLimit(files, LANES, (one) => bid(stage, tender, one)),
  );

/** The receipts once their ticks are in a cosigned tree, each checked step by step. @returns how many hold */
export const playReceipts = (stage: Stage, bids: readonly SealedByBidder[]): Promise<number> =>
  stage.story.step(
    'receipts',
    { zh: '核对全部回执', en: 'All receipts checked' },
    { zh: '签名、时间戳、日志包含证明、见证副签', en: 'signature, time stamp, inclusion in the log, cosignature' },
    async () => {
      const { trust, policy, intake, clock, output } = stage;
      await mapLimit(bids, LANES, async ({ key, messageHash }) => {
        const pack = await awaitIncludedReceipt(intake, messageHash);
        await checkReceipt(pack, { trust, policy, messageHash, requireTick: true, now: clock.now() });
        await output.write(`${key}/投标回执.json`, pack);
      });
      return bids.length;
    },
  );
