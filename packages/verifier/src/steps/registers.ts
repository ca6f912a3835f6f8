import { fromBase64, parseInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { getPurpose, verifyCms } from '@qej/pki';
import { checkManifest, openRegister, openSealMessage, parseManifest } from '@qej/sealed-bid';
import type { ClosingEntry, Manifest, OpenedRegister } from '@qej/sealed-bid';
import type { Member } from '../archive-members.ts';
import { refuse } from '../codes.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { carriesTimestamp, signerFact } from '../trust-set.ts';
import type { SignerFact, TrustSet } from '../trust-set.ts';
import type { ClosingFacts } from './closing.ts';
import { hasReached } from './context.ts';
import type { BaseFacts, Context, NoticeFacts } from './context.ts';
import type { HolderFacts, Released } from './holders.ts';
import { provider } from './holders.ts';

export interface OpenedBidFacts {
  readonly entry: ClosingEntry;
  readonly register: OpenedRegister;
  readonly manifest: Manifest;
  readonly owner: SignerFact;
}

export interface SealedFacts {
  readonly notice: NoticeFacts;
  readonly holders: HolderFacts;
  readonly released: Released;
}

type Sealed = Member<'seals.json'>['seals'][number];
type Bids = Member<'bids.json'>;

/** The manifest inside a register: signed at the time of receipt, the content within the CMS. */
async function verifyManifest(
  trust: TrustSet,
  cms: Uint8Array,
  at: Instant,
): Promise<{ readonly owner: SignerFact; readonly content: Uint8Array }> {
  const { eContentType } = getPurpose('qej-manifest/1');
  const verified = await verifyCms({ cms, eContentType, ...trust, at: carriesTimestamp(cms) ? 'timestamp' : at });
  const content = verified.content ?? refuse('E_ARCHIVE_REGISTER', 'the manifest is not within its signature');
  return { owner: signerFact(verified.signer), content };
}

async function openOne(
  { trust }: Context,
  facts: SealedFacts,
  { entry, seal }: { entry: ClosingEntry; seal: Sealed },
): Promise<OpenedBidFacts> {
  const { notice, noticeHash } = facts.notice;
  const message = await openSealMessage(provider, fromBase64(seal.message));
  const { messageHash, body } = message;
  if (messageHash !== entry.messageHash || body.opaqueId !== entry.opaqueId || body.registerHash !== entry.registerHash)
    refuse('E_ARCHIVE_REGISTER', 'the message is not the one of the closing set');
  const group = facts.holders.groups.get('register') ?? refuse('E_ARCHIVE_NEEDS', 'holders of the register');
  const expected = {
    suite: notice.suite,
    noticeHash,
    lotId: notice.lots[0]?.lotId ?? '',
    opening: notice.openingMode,
    ...group,
  };
  const register = await openRegister(provider, {
    message,
    envelope: fromBase64(seal.envelope),
    expected,
    released: facts.released.get('register') ?? new Map(),
  });
  const cms = fromBase64(register.record.manifestCms);
  const { owner, content } = await verifyManifest(trust, cms, parseInstant(entry.receivedAt));
  const manifest = parseManifest(content);
  await checkManifest(provider, manifest, register, owner.certificate.der);
  return { entry, register, manifest, owner };
}

/** A register that the archive says did not open must fail here in the same way. */
function expectedFault(bids: Bids | undefined, messageHash: string): string | undefined {
  const refused = bids?.refused.find((one) => one.messageHash === messageHash);
  return refused?.code;
}

/** Opens every register of the closing set again with the released keys. Full profile only. */
export async function checkRegisters(
  context: Context,
  facts: {
    base: BaseFacts;
    holders?: HolderFacts | undefined;
    released?: Released | undefined;
    closing?: ClosingFacts | undefined;
  },
  check: Check,
): Promise<StepResult<readonly OpenedBidFacts[] | undefined>> {
  const { archive } = context;
  if (archive.profile === 'public') return absent('公开档案不含投标内容 a public archive holds no bid content');
  if (!archive.has('seals.json') && !hasReached(archive, 'decrypting')) return absent('no register was opened');
  const entries = needed(needed(facts.closing, 'closing').entries, 'closing');
  const sealed: SealedFacts = {
    notice: needed(facts.base.notice, 'notice'),
    holders: needed(facts.holders, 'acceptances'),
    released: needed(facts.released, 'releases'),
  };
  const bids = await check('bids.json', () => archive.member('bids.json'));
  const { seals } = archive.member('seals.json');
  const opened: OpenedBidFacts[] = [];
  for (const entry of entries)
    await check(`register ${entry.messageHash}`, async () => {
      const seal = seals.find((one) => one.messageHash === entry.messageHash);
      if (seal === undefined) return refuse('E_ARCHIVE_REGISTER', 'its message and envelope are left out');
      const fault = expectedFault(bids, entry.messageHash);
      const one = await openOne(context, sealed, { entry, seal }).catch((error: unknown) => {
        if (fault !== undefined && error instanceof Error && 'code' in error && error.code === fault) return undefined;
        throw error;
      });
      if (one !== undefined) opened.push(one);
    });
  for (const one of opened)
    await check(`bidder ${one.entry.messageHash}`, () => {
      const bid = bids?.bids.find(({ messageHash }) => messageHash === one.entry.messageHash);
      if (bid === undefined) {
        if (expectedFault(bids, one.entry.messageHash) === undefined)
          refuse('E_ARCHIVE_REGISTER', 'an opened register is not in the list of bids');
      } else if (bid.uscc !== one.owner.uscc)
        refuse('E_ARCHIVE_REGISTER', `listed as ${bid.name}, signed by ${one.owner.organization}`);
    });
  return { value: opened, detail: `${opened.length} of ${entries.length} registers` };
}
