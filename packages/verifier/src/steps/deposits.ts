import {
  decodeCreditSnapshot,
  encodeCreditDecision,
  decideCredit,
  readDepositDeclaration,
  readDepositRule,
} from '@qej/deposits';
import type { DepositDeclaration } from '@qej/deposits';
import { opensCommitment, readGuaranteeDocument } from '@qej/guarantees';
import { canonicalBytes, equalBytes, fromBase64, fromHex, parseCanonical, parseInstant, parseMoney, Secret } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Notice } from '@qej/tendering';
import type { Member } from '../archive-members.ts';
import { refuse } from '../codes.ts';
import { sha256Hex } from '../container.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { verifyAct } from '../trust-set.ts';
import { hasReached } from './context.ts';
import type { BaseFacts, Context } from './context.ts';
import type { OpenedBidFacts } from './registers.ts';

/** Format, provider of the facts, and the decision computed again, byte for byte. */
async function replay(
  { trust }: Context,
  { notice, asOf, uscc }: { notice: Notice; asOf: Instant; uscc: string },
  { decision, credit }: DepositDeclaration,
): Promise<void> {
  const snapshots = [];
  if (credit !== null) {
    const bytes = canonicalBytes(credit.snapshot);
    const snapshot = decodeCreditSnapshot(bytes);
    const cms = fromBase64(credit.cms);
    const signer = await verifyAct(trust, { purpose: 'qej-credit/1', content: bytes, cms, at: parseInstant(snapshot.issuedAt) });
    if (signer.uscc !== snapshot.issuer.uscc) refuse('E_ARCHIVE_DEPOSIT', 'the snapshot is not signed by its issuer');
    snapshots.push({ sha256: sha256Hex(bytes), snapshot });
  }
  const lot = notice.lots[0] ?? refuse('E_ARCHIVE_NOTICE', 'no lot');
  const again = decideCredit({
    lotId: lot.lotId,
    bidderUscc: uscc,
    estimate: parseMoney(lot.estimate),
    rule: readDepositRule(notice.deposit),
    snapshots,
    asOf,
  });
  if (!equalBytes(encodeCreditDecision(again), canonicalBytes(decision)))
    refuse('E_ARCHIVE_DEPOSIT', 'the inputs give another credit decision');
}

type Guarantee = Member<'guarantees.json'>['guarantees'][number];

/** The guarantor's undertaking: signed, for this bid by its commitment, over at least what is due. */
async function checkGuarantee(
  { trust }: Context,
  { bid, lotId, declared }: { bid: Member<'bids.json'>['bids'][number]; lotId: string; declared: DepositDeclaration },
  guarantee: Guarantee,
): Promise<void> {
  const bytes = fromBase64(guarantee.undertaking);
  const undertaking = readGuaranteeDocument('undertaking', parseCanonical(bytes));
  const cms = fromBase64(guarantee.cms);
  const at = parseInstant(undertaking.issuedAt);
  const signer = await verifyAct(trust, { purpose: 'qej-guarantee/1', content: bytes, cms, at });
  if (signer.uscc !== undertaking.guarantor.uscc) refuse('E_ARCHIVE_GUARANTEE', 'not signed by the guarantor');
  const k = declared.guarantee?.k ?? refuse('E_ARCHIVE_GUARANTEE', 'the sealed register names no guarantee');
  const opening = { lotId, bidderId: bid.organizationId, k: new Secret<Uint8Array>(fromHex(k)) };
  if (!(await opensCommitment(undertaking.commitment, opening)))
    refuse('E_ARCHIVE_GUARANTEE', 'the commitment is not for this bidder and lot');
  const due = parseMoney(String(declared.decision['due']));
  if (guarantee.accepted && parseMoney(undertaking.amount).amountMinor < due.amountMinor)
    refuse('E_ARCHIVE_GUARANTEE', 'accepted, but for less than what is due');
}

/** Credit decisions replayed and guarantees judged again. Full profile only. */
export async function checkDeposits(
  context: Context,
  facts: { base: BaseFacts; opened: readonly OpenedBidFacts[] | undefined },
  check: Check,
): Promise<StepResult<undefined>> {
  const { archive } = context;
  if (archive.profile === 'public') return absent('公开档案不含保证金明细 a public archive holds no deposits');
  if (!hasReached(archive, 'decrypting')) return absent('no deposit was opened');
  const opened = needed(facts.opened, 'registers');
  const { notice } = needed(facts.base.notice, 'notice');
  const asOf = parseInstant(notice.timetable.deadline.at);
  const { bids } = archive.member('bids.json');
  const { guarantees } = archive.member('guarantees.json');
  let submitted = 0;
  for (const { entry, register, owner } of opened)
    await check(`deposit ${entry.messageHash}`, async () => {
      const bid = bids.find(({ messageHash }) => messageHash === entry.messageHash);
      // One that brought nothing, or nothing readable, is shown as missing; there is nothing to replay.
      if (bid === undefined || bid.deposit !== 'submitted') return;
      submitted++;
      const declared = readDepositDeclaration(register.record.deposit);
      await replay(context, { notice, asOf, uscc: owner.uscc }, declared);
      const guarantee = guarantees.find(({ messageHash }) => messageHash === entry.messageHash);
      const due = parseMoney(String(declared.decision['due']));
      if (guarantee === undefined) {
        if (due.amountMinor > 0n) refuse('E_ARCHIVE_GUARANTEE', 'submitted, but nothing covers what is due');
      } else await checkGuarantee(context, { bid, lotId: notice.lots[0]?.lotId ?? '', declared }, guarantee);
    });
  return { value: undefined, detail: `${submitted} deposits` };
}
