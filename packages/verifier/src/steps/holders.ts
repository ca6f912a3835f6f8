import { fromBase64, parseInstant } from '@qej/kernel';
import { checkRelease, holderGroupOf, openAcceptance, parseRelease, stages } from '@qej/sealed-bid';
import type { Acceptance, CryptoProvider, HolderGroup, ReleasedKeys, SignedAcceptance, Stage } from '@qej/sealed-bid';
import { nodeProvider } from '@qej/sealed-bid/node';
import { procedureOf } from '@qej/tendering';
import { refuse } from '../codes.ts';
import { sha256Hex } from '../container.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { verifyAct } from '../trust-set.ts';
import { hasReached } from './context.ts';
import type { BaseFacts, Context } from './context.ts';
import { entriesOf, getEntry } from './log.ts';

export const provider: CryptoProvider = nodeProvider;

export interface HolderFacts {
  readonly groups: ReadonlyMap<Stage, HolderGroup>;
  /** By stage, then holder. */
  readonly accepted: ReadonlyMap<string, Acceptance>;
  /** 统一社会信用代码 that signed for a holder. */
  readonly organizations: ReadonlyMap<string, string>;
}
const keyOf = (stage: string, holderId: string): string => `${stage}/${holderId}`;

/** Proof of possession, the holder's signature, the notice's own holders and sets, and the entry of the log. */
export async function checkAcceptances(
  { archive, trust }: Context,
  base: BaseFacts,
  check: Check,
): Promise<StepResult<HolderFacts>> {
  const { notice, noticeHash } = needed(base.notice, 'notice');
  const organizations = new Map<string, string>();
  const accepted = new Map<string, Acceptance>();
  const signed = new Map<Stage, SignedAcceptance[]>();
  for (const [i, item] of archive.member('acceptances.json').acceptances.entries()) {
    await check(`acceptance ${i}`, async () => {
      const one = { bytes: fromBase64(item.acceptance), proof: fromBase64(item.proof) };
      const read = await openAcceptance(provider, one);
      const at = parseInstant(item.acceptedAt);
      if (read.noticeHash !== noticeHash || JSON.stringify(read.sets) !== JSON.stringify(notice.sets))
        refuse('E_ARCHIVE_NOTICE', 'an acceptance for another notice or access structure');
      if (read.holders.join() !== notice.holders.map(({ holderId }) => holderId).join())
        refuse('E_ARCHIVE_NOTICE', 'other holders than the notice names');
      signed.set(read.stage, [...(signed.get(read.stage) ?? []), one]);
      accepted.set(keyOf(read.stage, read.holderId), read);
      const cms = fromBase64(item.cms);
      const signer = await verifyAct(trust, { purpose: 'qej-acceptance/1', content: one.bytes, cms, at });
      if ((organizations.get(read.holderId) ?? signer.uscc) !== signer.uscc)
        refuse('E_ARCHIVE_RELEASE', 'two organisations signed for one holder');
      organizations.set(read.holderId, signer.uscc);
      const said = { stage: read.stage, holderId: read.holderId, X: read.X, acceptHash: sha256Hex(one.bytes) };
      getEntry(needed(base.log, 'log'), 'acceptance', said);
    });
  }
  const groups = new Map<Stage, HolderGroup>();
  for (const { stage } of procedureOf(notice).releases)
    await check(`stage ${stage}`, async () => {
      groups.set(stage, await holderGroupOf(provider, signed.get(stage) ?? []));
    });
  return { value: { groups, accepted, organizations }, detail: `${accepted.size} acceptances, ${groups.size} stages` };
}

export type Released = ReadonlyMap<Stage, ReleasedKeys>;

/** x·G = X for every key that was published, against the closing entry, signed by the holder and in the log after the closing. */
export async function checkReleases(
  { archive, trust }: Context,
  base: BaseFacts,
  holders: HolderFacts | undefined,
  check: Check,
): Promise<StepResult<Released | undefined>> {
  if (!archive.has('releases.json') && !hasReached(archive, 'register-released')) return absent('no key was released');
  const { accepted, groups, organizations } = needed(holders, 'acceptances');
  const log = needed(base.log, 'log');
  const released = new Map<Stage, Map<number, Uint8Array>>();
  const { releases } = archive.member('releases.json');
  for (const [i, item] of releases.entries()) {
    await check(`release ${i}`, async () => {
      const bytes = fromBase64(item.release);
      const read = parseRelease(bytes);
      const promise =
        accepted.get(keyOf(read.stage, read.holderId)) ?? refuse('E_ARCHIVE_RELEASE', 'nobody accepted this key');
      const closing = getEntry(log, 'closing');
      const scalar = await checkRelease(provider, read, promise, closing.commitment);
      const index = promise.holders.indexOf(read.holderId);
      released.set(read.stage, new Map([...(released.get(read.stage) ?? []), [index, scalar]]));
      const cms = fromBase64(item.cms);
      const signer = await verifyAct(trust, {
        purpose: 'qej-release/1',
        content: bytes,
        cms,
        at: parseInstant(item.releasedAt),
      });
      if (signer.uscc !== organizations.get(read.holderId))
        refuse('E_ARCHIVE_RELEASE', 'signed by another organisation than the acceptance');
      const entry = getEntry(log, 'release', { stage: read.stage, holderId: read.holderId, x: read.x });
      if (entry.seq <= closing.seq) refuse('E_ARCHIVE_RELEASE', 'released before the closing');
    });
  }
  await check('log', () => {
    if (entriesOf(log, 'release').length > releases.length)
      refuse('E_ARCHIVE_RELEASE', 'the log holds releases that the archive leaves out');
  });
  if (hasReached(archive, 'decrypting'))
    await check('register', () => {
      const keys = released.get('register');
      const isOpen = groups.get('register')?.sets.some((set) => set.every((index) => keys?.has(index) === true));
      if (isOpen !== true) refuse('E_ARCHIVE_RELEASE', 'no authorised set of the register is complete');
    });
  const which = stages.filter((stage) => released.has(stage)).join(', ');
  return { value: released, detail: `${releases.length} releases: ${which}` };
}
