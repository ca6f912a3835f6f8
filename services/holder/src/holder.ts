import { readNotice, signDetached } from '@qej/client';
import type { PlatformClient, TrustRoots } from '@qej/client';
import type { WitnessPolicy } from '@qej/evidence';
import { DomainError, formatInstant, instant, toBase64 } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import { verifyChain } from '@qej/pki';
import type { Signer } from '@qej/pki';
import { makeAcceptance, makeRelease, newHolderScalar, openAcceptance } from '@qej/sealed-bid';
import { nodeProvider as provider } from '@qej/sealed-bid/node';
import { decodeNotice } from '@qej/tendering';
import type { Notice } from '@qej/tendering';
import { decideAcceptance, decideRelease, neededEntries } from './decide.ts';
import type { Task } from './decide.ts';
import { readProvenEntries } from './evidence.ts';
import type { KeptKey, KeyStore } from './key-store.ts';
import { refuse } from './refuse.ts';

export interface HolderDeps {
  readonly api: PlatformClient;
  readonly holderId: string;
  readonly signer: Signer;
  readonly trust: () => Promise<TrustRoots>;
  readonly policy: () => Promise<WitnessPolicy>;
  readonly store: KeyStore;
  /** The holder's own clock; the platform's is not believed. */
  readonly clock: Clock;
}

export interface TaskResult extends Task {
  readonly task: 'accept' | 'release';
  /** Undefined: done. */
  readonly refusal: DomainError | undefined;
}

export interface Holder {
  /** Does what is asked and may be done; a refusal of one task does not keep the others from being done. */
  work(kinds: readonly ('accept' | 'release')[]): Promise<readonly TaskResult[]>;
}

/** A certificate that is expired, revoked or of another authority signs nothing. @throws DomainError `E_HOLDER_CERTIFICATE` */
async function checkOwnCertificate({ signer, trust, clock }: HolderDeps): Promise<void> {
  const { roots, intermediates, crls } = await trust();
  try {
    const at = clock.now();
    const known = [...intermediates, ...signer.chain];
    await verifyChain({ leaf: signer.certificate, intermediates: known, roots, crls, at, usage: 'sign' });
  } catch (cause) {
    if (!(cause instanceof DomainError)) throw cause;
    throw new DomainError('E_HOLDER_CERTIFICATE', { detail: `${cause.code} ${cause.message}`, cause });
  }
}

async function makeKept(deps: HolderDeps, task: Task, notice: Notice, noticeHash: string): Promise<KeptKey> {
  const { holderId, clock, signer, store } = deps;
  const kept = await store.list();
  const stage = decideAcceptance(task, { holderId, notice, noticeHash, kept, now: clock.now() });
  const before = kept.find((one) => one.tenderId === task.tenderId && one.lotId === task.lotId && one.stage === stage);
  if (before !== undefined) return before;
  const scalar = await newHolderScalar(provider);
  const of = {
    noticeHash,
    lotId: task.lotId,
    stage,
    holderId,
    holders: notice.holders.map((holder) => holder.holderId),
    sets: notice.sets.map((set) => [...set]),
    acceptedAt: formatInstant(clock.now()),
  };
  const { bytes, proof } = await makeAcceptance(provider, of, scalar);
  const made: KeptKey = {
    tenderId: task.tenderId,
    lotId: task.lotId,
    stage,
    noticeHash,
    deadline: notice.timetable.deadline.at,
    acceptance: new Uint8Array(bytes),
    proof: new Uint8Array(proof),
    cms: new Uint8Array(await signDetached(signer, 'qej-acceptance/1', bytes)),
  };
  // On disk before anybody hears of it: a key that was promised and lost would shut every bid.
  await store.keep(made, scalar);
  scalar.fill(0);
  return made;
}

async function accept(deps: HolderDeps, task: Task): Promise<void> {
  await checkOwnCertificate(deps);
  const { tenderId } = task;
  const [{ notice, hash }, shown] = await Promise.all([
    readNotice(deps.api, tenderId),
    deps.api.getSealingKeys({ params: { tenderId } }),
  ]);
  if (shown.noticeHash !== hash) refuse('E_HOLDER_NOTICE_HASH', 'notice bytes and notice hash differ');
  const { acceptance, cms, proof } = await makeKept(deps, task, notice, hash);
  const item = { acceptance: toBase64(acceptance), cms: toBase64(cms), proof: toBase64(proof) };
  await deps.api.acceptKey({ params: { tenderId }, body: { holderId: deps.holderId, items: [item] } });
}

/** The notice that was accepted; bytes with another hash are somebody's new invention. */
async function acceptedNotice({ api }: HolderDeps, { tenderId, noticeHash }: KeptKey): Promise<Notice> {
  const { bytes, hash } = await readNotice(api, tenderId);
  if (hash !== noticeHash)
    refuse('E_HOLDER_SECOND_NOTICE', 'another notice than the accepted one', { accepted: noticeHash });
  return decodeNotice(bytes);
}

async function release(deps: HolderDeps, task: Task): Promise<void> {
  const { api, clock, store, signer, holderId } = deps;
  await checkOwnCertificate(deps);
  const { tenderId, lotId } = task;
  const own = (await store.list()).filter((one) => one.tenderId === tenderId);
  if (own.length === 0) refuse('E_HOLDER_NEVER_ACCEPTED', 'no key of this tender is kept here');
  const kept =
    own.find((one) => one.lotId === lotId && one.stage === task.stage) ??
    refuse('E_HOLDER_OTHER_STAGE', `${lotId} ${task.stage} was never accepted`);
  const notice = await acceptedNotice(deps, kept);
  const latest = await api.getTender({ params: { tenderId } });
  const deadline = instant(Math.max(Date.parse(kept.deadline), Date.parse(latest.deadline)));
  const types = neededEntries(notice, kept.stage);
  const isEarly = clock.now() <= deadline;
  const entries = isEarly ? [] : await readProvenEntries(api, tenderId, types, await deps.policy());
  const closing = decideRelease({ notice, lotId, stage: kept.stage, deadline, entries, now: clock.now() });
  const accepted = await openAcceptance(provider, { bytes: kept.acceptance, proof: kept.proof });
  const bytes = makeRelease(accepted, await store.openScalar(kept), closing.commitment);
  const cms = await signDetached(signer, 'qej-release/1', bytes);
  const item = { release: toBase64(bytes), cms: toBase64(cms) };
  await api.releaseKey({ params: { tenderId }, body: { holderId, items: [item] } });
}

/** One holder of opening keys: looks at what the platform asks, and does it where its own rules allow. */
export function makeHolder(deps: HolderDeps): Holder {
  const acts = { accept, release };
  return {
    work: async (kinds) => {
      const { items } = await deps.api.listHolderTasks({ params: { holderId: deps.holderId } });
      const results: TaskResult[] = [];
      for (const { task, ...of } of items.filter((item) => kinds.includes(item.task))) {
        try {
          await acts[task](deps, of);
          results.push({ ...of, task, refusal: undefined });
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          results.push({ ...of, task, refusal: error });
        }
      }
      return results;
    },
  };
}
