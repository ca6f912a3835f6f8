import {
  checkCoverage,
  decideCredit,
  decodeCreditSnapshot,
  readDepositDeclaration,
  readDepositRule,
  waiverPolicies,
} from '@qej/deposits';
import type { CreditDecision, CreditInputs, DepositDeclaration } from '@qej/deposits';
import { canonicalBytes, DomainError, fromBase64, money, parseInstant, parseMoney } from '@qej/kernel';
import type { Instant, Json, Money } from '@qej/kernel';
import type { Notice } from '@qej/tendering';
import type { Member } from '../archive-members.ts';
import { refuse } from '../codes.ts';
import { sha256Hex } from '../container.ts';
import { absent, needed } from '../report.ts';
import type { Check, StepResult } from '../report.ts';
import { verifyAct } from '../trust-set.ts';
import { hasReached } from './context.ts';
import type { BaseFacts, Context } from './context.ts';
import { checkQr, checkUndertaking } from './guarantees.ts';
import type { OpenedBidFacts } from './registers.ts';

interface Claim {
  readonly bid: Member<'bids.json'>['bids'][number];
  readonly notice: Notice;
  readonly lot: Notice['lots'][number];
  readonly uscc: string;
  readonly deadline: Instant;
}

/** The signed facts, if they are the bidder's own and the platform's credit source signed them. */
async function snapshotsOf(
  { trust }: Context,
  { uscc, deadline }: Claim,
  { credit }: DepositDeclaration,
): Promise<CreditInputs['snapshots']> {
  if (credit === null) return [];
  const content = canonicalBytes(credit.snapshot);
  try {
    const act = { purpose: 'qej-credit/1', content, cms: fromBase64(credit.cms), at: deadline } as const;
    // Snapshots are issued under a platform's seal; a bidder's own signature over its own facts is none.
    if ((await verifyAct(trust, act)).certificate.profile !== 'platform-seal') return [];
  } catch (error) {
    // Facts that nobody signed give no waiver; that is a decision, not a broken archive.
    if (error instanceof DomainError) return [];
    throw error;
  }
  const snapshot = decodeCreditSnapshot(content);
  return snapshot.subject.uscc === uscc ? [{ sha256: sha256Hex(content), snapshot }] : [];
}

/** The letter promises exactly what is waived, under the policy's days. */
function isCommitmentGood({ commitment }: DepositDeclaration, { lot, uscc }: Claim, decision: CreditDecision): boolean {
  if (commitment === null || decision.policyId === null) return false;
  return (
    commitment.lotId === lot.lotId &&
    commitment.uscc === uscc &&
    commitment.policyId === decision.policyId &&
    commitment.payDays >= waiverPolicies[decision.policyId].commitmentPayDays &&
    parseMoney(commitment.amount).amountMinor >= decision.waived.amountMinor
  );
}

interface Judged {
  readonly delivery: 'submitted' | 'not-submitted';
  /** A refusal may come from the guarantor's register, which is not in the archive. */
  readonly hasGuarantee: boolean;
}

/** The deposit judged again as of the deadline, from nothing but the sealed register, the notice and the guarantor's papers. */
async function judge(
  context: Context,
  claim: Claim,
  declared: DepositDeclaration,
  guarantee: Member<'guarantees.json'>['guarantees'][number] | undefined,
): Promise<Judged> {
  const rule = readDepositRule(claim.notice.deposit);
  const decision = decideCredit({
    lotId: claim.lot.lotId,
    bidderUscc: claim.uscc,
    estimate: parseMoney(claim.lot.estimate),
    rule,
    snapshots: await snapshotsOf(context, claim, declared),
    asOf: claim.deadline,
  });
  const none: Money = money(0n);
  let guaranteed = none;
  if (declared.guarantee !== null) {
    const of = { ...claim, due: decision.due, reference: declared.guarantee };
    const qr = await checkQr(of);
    if (guarantee !== undefined) await checkUndertaking(context, qr, guarantee);
    guaranteed = qr.amount;
  }
  const isCommitmentSigned = isCommitmentGood(declared, claim, decision);
  const { delivery } = checkCoverage(decision, { guaranteed, insured: none, paid: none, isCommitmentSigned }, rule);
  return { delivery, hasGuarantee: declared.guarantee !== null };
}

function readDeclaration(deposit: Json): DepositDeclaration | undefined {
  try {
    return readDepositDeclaration(deposit);
  } catch (error) {
    if (error instanceof DomainError) return undefined;
    throw error;
  }
}

/** What the opening showed, 已递交 or 未递交, must be what the sealed papers give. */
async function checkOne(
  context: Context,
  claim: Claim,
  { deposit, guarantee }: { deposit: Json; guarantee: Member<'guarantees.json'>['guarantees'][number] | undefined },
): Promise<void> {
  const isShown = claim.bid.deposit === 'submitted';
  const declared = readDeclaration(deposit);
  if (declared === undefined) {
    if (isShown) refuse('E_ARCHIVE_DEPOSIT', 'shown as submitted, but the register holds no deposit declaration');
    return;
  }
  let judged: Judged;
  try {
    judged = await judge(context, claim, declared, guarantee);
  } catch (error) {
    if (!isShown && error instanceof DomainError) return; // a deposit that does not stand is shown as missing
    throw error;
  }
  if (isShown && judged.delivery !== 'submitted')
    refuse('E_ARCHIVE_DEPOSIT', 'shown as submitted, but it does not cover');
  if (!isShown && judged.delivery === 'submitted' && !judged.hasGuarantee)
    refuse('E_ARCHIVE_DEPOSIT', 'shown as missing, but the credit decision covers the whole deposit');
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
  const lot = notice.lots[0] ?? refuse('E_ARCHIVE_NOTICE', 'no lot');
  const deadline = parseInstant(notice.timetable.deadline.at);
  const { bids } = archive.member('bids.json');
  const { guarantees } = archive.member('guarantees.json');
  for (const { entry, register, owner } of opened)
    await check(`deposit ${entry.messageHash}`, async () => {
      const bid = bids.find(({ messageHash }) => messageHash === entry.messageHash);
      if (bid === undefined) return;
      const guarantee = guarantees.find(({ messageHash }) => messageHash === entry.messageHash);
      const claim = { bid, notice, lot, uscc: owner.uscc, deadline };
      await checkOne(context, claim, { deposit: register.record.deposit, guarantee });
    });
  const submitted = bids.filter(({ deposit }) => deposit === 'submitted').length;
  return { value: undefined, detail: `${submitted} of ${bids.length} submitted, ${guarantees.length} guarantees` };
}
