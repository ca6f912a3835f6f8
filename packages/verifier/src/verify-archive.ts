import { formatInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { openArchive } from './archive.ts';
import type { Archive } from './archive.ts';
import { readContainer } from './container.ts';
import type { ArchiveProfile } from './container.ts';
import { readPolicy } from './policy.ts';
import type { TrustedPolicy, VerifyPolicy } from './policy.ts';
import { runStep } from './report.ts';
import type { Check, LocalText, StepOutcome, StepReport, StepResult } from './report.ts';
import { checkAward } from './steps/award.ts';
import { checkBids } from './steps/bids.ts';
import { checkClosing, checkReceipts } from './steps/closing.ts';
import type { BaseFacts, Context } from './steps/context.ts';
import { checkDeposits } from './steps/deposits.ts';
import { checkDocuments } from './steps/documents.ts';
import { checkDraws } from './steps/draws.ts';
import { checkAcceptances, checkReleases } from './steps/holders.ts';
import { checkLog } from './steps/log.ts';
import { checkNotice } from './steps/notice.ts';
import { checkPrices } from './steps/prices.ts';
import { checkRegisters } from './steps/registers.ts';
import { checkScores } from './steps/scores.ts';
import { checkMembers, checkSeal } from './steps/seal.ts';
import { readTrustSet } from './trust-set.ts';

/** Every step of a verification, in order. Docs: archive.md, section "Verification". */
export const archiveSteps = {
  container: { zh: '档案结构', en: 'Container' },
  members: { zh: '逐个成员的散列', en: 'Members' },
  trust: { zh: '随附证书与吊销列表', en: 'Enclosed certificates and lists' },
  seal: { zh: '平台签章与时间戳', en: 'Seal and time stamp' },
  log: { zh: '存证日志与见证', en: 'Evidence log and witnesses' },
  notice: { zh: '招标公告', en: 'Notice' },
  documents: { zh: '签章文件', en: 'Signed documents' },
  acceptances: { zh: '开标密钥承诺', en: 'Acceptances of holders' },
  closing: { zh: '截标集合', en: 'Closing set' },
  receipts: { zh: '投标回执', en: 'Receipts' },
  releases: { zh: '密钥释放', en: 'Released keys' },
  bids: { zh: '投标人名单与报价表', en: 'Bidders and price table' },
  registers: { zh: '重新开启投标登记', en: 'Registers opened again' },
  deposits: { zh: '信用减免与保函', en: 'Credit decisions and guarantees' },
  prices: { zh: '重新开启报价', en: 'Prices opened again' },
  draws: { zh: '系数与专家抽取', en: 'Draws of coefficient and committee' },
  scores: { zh: '评分逐位重算', en: 'Scores computed again' },
  award: { zh: '排序、候选人与中标', en: 'Ranking, candidates, award' },
} as const satisfies Record<string, LocalText>;
export type ArchiveStepId = keyof typeof archiveSteps;

export interface ArchiveFacts {
  readonly profile: ArchiveProfile;
  readonly tenderId: string;
  readonly code: string;
  readonly title: LocalText | undefined;
  readonly state: string;
  readonly createdAt: string;
  readonly origin: string;
  readonly sealedBy: string | undefined;
  readonly witnesses: readonly { readonly name: string; readonly at: string; readonly independent: boolean }[];
  /** The log's key was taken from the archive: whoever made the archive chose it. */
  readonly logKeyFromArchive: boolean;
}

export interface ArchiveVerdict {
  readonly ok: boolean;
  readonly steps: readonly StepReport[];
  /** Undefined when the container could not be read. */
  readonly facts: ArchiveFacts | undefined;
}

type Runner = <T>(id: ArchiveStepId, work: (check: Check) => Promise<StepResult<T>>) => Promise<T | undefined>;

function makeRunner(steps: StepReport[]): Runner {
  return async (id, work) => {
    const outcome: StepOutcome<Awaited<ReturnType<typeof work>>['value']> = await runStep(
      { id, title: archiveSteps[id] },
      work,
    );
    steps.push(outcome.report);
    return outcome.value;
  };
}

/** The way of a bid: closing, receipts, keys, registers, prices, draws, scores, award. */
async function runProcedure(run: Runner, context: Context, base: BaseFacts): Promise<void> {
  const holders = await run('acceptances', (check) => checkAcceptances(context, base, check));
  const closing = await run('closing', (check) => checkClosing(context, base, check));
  await run('receipts', (check) => checkReceipts(context, base, closing, check));
  const released = await run('releases', (check) => checkReleases(context, base, holders, check));
  await run('bids', (check) => checkBids(context, { base, closing }, check));
  const opened = await run('registers', (check) =>
    checkRegisters(context, { base, holders, released, closing }, check),
  );
  await run('deposits', (check) => checkDeposits(context, { base, opened }, check));
  await run('prices', (check) => checkPrices(context, { holders, released, opened }, check));
  const draws = await run('draws', (check) => checkDraws(context, { base, closing, opened }, check));
  const evaluation = await run('scores', (check) => checkScores(context, { base, draws }, check));
  await run('award', (check) => checkAward(context, { base, evaluation }, check));
}

async function runAll(run: Runner, archive: Archive, { policy, at }: { policy: TrustedPolicy; at: Instant }) {
  await run('members', (check) => checkMembers(archive, check));
  const trust = await run('trust', async (check) => {
    const value = await readTrustSet(archive, policy, check);
    return {
      value,
      detail: `${value.intermediates.length} certificates, ${value.crls === 'not-checked' ? 0 : value.crls.length} lists`,
    };
  });
  if (trust === undefined) return {};
  const context: Context = { archive, policy, trust, at };
  const seal = await run('seal', (check) => checkSeal(context, check));
  const log = await run('log', (check) => checkLog(context, check));
  const notice = await run('notice', (check) => checkNotice(context, { log }, check));
  await run('documents', (check) => checkDocuments(context, { notice }, check));
  const base: BaseFacts = { seal, log, notice };
  await runProcedure(run, context, base);
  return base;
}

function factsOf(archive: Archive, { seal, log, notice }: Partial<BaseFacts>): ArchiveFacts {
  const { profile, tenderId, code, state, createdAt, origin } = archive.container.index;
  return {
    profile,
    tenderId,
    code,
    state,
    createdAt,
    origin,
    title: notice?.notice.title,
    sealedBy: seal?.organization,
    witnesses: (log?.last?.cosignatures ?? []).map(({ name, at, independent }) => ({
      name,
      at: formatInstant(at),
      independent,
    })),
    logKeyFromArchive: log?.keyFromArchive ?? true,
  };
}

/**
 * Checks an archive offline: no network, no database, no clock. Every step is taken, whatever an earlier one found; each broken
 * thing is named. `at` is the time of the verification.
 * @throws DomainError `E_VERIFY_POLICY` for a policy that makes no sense; everything about the file is in the verdict.
 */
export async function verifyArchive(bytes: Uint8Array, policy: VerifyPolicy, at: Instant): Promise<ArchiveVerdict> {
  const trusted = readPolicy(policy);
  const steps: StepReport[] = [];
  const run = makeRunner(steps);
  const archive = await run('container', async () => {
    const container = readContainer(bytes);
    const { profile, state } = container.index;
    return { value: openArchive(container), detail: `${profile}, ${state}, ${bytes.length} bytes` };
  });
  if (archive === undefined) return { ok: false, steps, facts: undefined };
  const base = await runAll(run, archive, { policy: trusted, at });
  return { ok: steps.every(({ ok }) => ok), steps, facts: factsOf(archive, base) };
}
