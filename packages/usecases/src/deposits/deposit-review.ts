import {
  checkCoverage,
  decideCredit,
  decodeCreditDecision,
  encodeCreditDecision,
  encodeCreditSnapshot,
  readDepositDeclaration,
  readDepositRule,
  waiverPolicies,
} from '@qej/deposits';
import type { CreditDecision, CreditInputs, CreditSnapshot, DepositDeclaration } from '@qej/deposits';
import {
  canonicalBytes,
  DomainError,
  equalBytes,
  formatMoney,
  fromBase64,
  instant,
  money,
  parseCanonical,
  parseMoney,
  toHex,
} from '@qej/kernel';
import type { Instant, Json } from '@qej/kernel';
import { parseCertificate } from '@qej/pki';
import type { DepositClaim, DepositReview, DepositVerdict } from '../opening/ports.ts';
import { startLedger } from './bid-deposit.ts';
import type { BidDeposit, DeclarationFinding } from './bid-deposit.ts';
import { presentGuarantee } from './presented-guarantee.ts';
import type { GuarantorDirectory } from './guarantor-directory.ts';
import type { DepositPorts } from './ports.ts';

const SUBMITTED = { zh: '已递交', en: 'submitted' } as const;
const MISSING = { zh: '未递交', en: 'not submitted' } as const;

/** A claim with what the platform knows of its tender. */
export interface Judgement {
  readonly claim: DepositClaim;
  readonly declaration: DepositDeclaration;
  readonly deadline: Instant;
  readonly lot: DepositClaim['notice']['lots'][number];
}

async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes)));
}

/** The signed facts, if they are the bidder's own and really signed by the issuer of snapshots. */
async function checkSnapshot(
  ports: DepositPorts,
  { claim, declaration, deadline }: Judgement,
): Promise<{ readonly snapshots: CreditInputs['snapshots']; readonly findings: readonly DeclarationFinding[] }> {
  if (declaration.credit === null) return { snapshots: [], findings: [] };
  const content = canonicalBytes(declaration.credit.snapshot);
  try {
    const cms = fromBase64(declaration.credit.cms);
    const { certificate } = await ports.trust.verify({ purpose: 'qej-credit/1', content, cms, at: deadline });
    if (parseCertificate(certificate).profile !== 'platform-seal')
      throw new DomainError('E_SIGNATURE', { detail: 'not the issuer of snapshots' });
    // Its own reader checks every member.
    const snapshot = declaration.credit.snapshot as unknown as CreditSnapshot;
    encodeCreditSnapshot(snapshot);
    if (snapshot.subject.uscc !== claim.uscc) return { snapshots: [], findings: ['CREDIT_SUBJECT'] };
    return { snapshots: [{ sha256: await sha256Hex(content), snapshot }], findings: [] };
  } catch (error) {
    // Whatever is wrong with a bidder's papers costs it the waiver; an outage is not among these codes.
    if (error instanceof DomainError) return { snapshots: [], findings: ['CREDIT_SIGNATURE'] };
    throw error;
  }
}

const inputsOf = ({ claim, lot }: Judgement, snapshots: CreditInputs['snapshots'], asOf: Instant): CreditInputs => ({
  lotId: lot.lotId,
  bidderUscc: claim.uscc,
  estimate: parseMoney(lot.estimate),
  rule: readDepositRule(claim.notice.deposit),
  snapshots,
  asOf,
});

/** The bidder's own decision, byte for byte; it may have been made as of an earlier deadline that an edition then moved. */
function isReplayed(judgement: Judgement, snapshots: CreditInputs['snapshots']): boolean {
  try {
    const claimed = canonicalBytes(judgement.declaration.decision);
    const { asOf } = decodeCreditDecision(claimed);
    if (asOf > judgement.deadline) return false;
    return equalBytes(encodeCreditDecision(decideCredit(inputsOf(judgement, snapshots, asOf))), claimed);
  } catch (error) {
    if (error instanceof DomainError) return false;
    throw error;
  }
}

/** The letter promises exactly what is waived, under the policy's days. */
function isCommitmentGood({ claim, declaration, lot }: Judgement, decision: CreditDecision): boolean {
  const { commitment } = declaration;
  if (commitment === null || decision.policyId === null) return false;
  return (
    commitment.lotId === lot.lotId &&
    commitment.uscc === claim.uscc &&
    commitment.policyId === decision.policyId &&
    commitment.payDays >= waiverPolicies[decision.policyId].commitmentPayDays &&
    parseMoney(commitment.amount).amountMinor >= decision.waived.amountMinor
  );
}

async function judge(
  ports: DepositPorts,
  directory: GuarantorDirectory,
  judgement: Judgement,
): Promise<DepositVerdict> {
  const { claim, deadline, lot } = judgement;
  const { snapshots, findings: creditFindings } = await checkSnapshot(ports, judgement);
  const decision = decideCredit(inputsOf(judgement, snapshots, deadline));
  const findings: DeclarationFinding[] = [...creditFindings];
  if (!isReplayed(judgement, snapshots)) findings.push('CREDIT_REPLAY');
  const isCommitmentSigned = isCommitmentGood(judgement, decision);
  if (decision.needsCommitment && !isCommitmentSigned) findings.push('COMMITMENT_LETTER');
  const presented = await presentGuarantee(ports, directory, judgement, decision.due);
  findings.push(...presented.findings);
  const none = money(0n);
  const cover = { guaranteed: presented.amount ?? none, insured: none, paid: none, isCommitmentSigned };
  const coverage = checkCoverage(decision, cover, readDepositRule(claim.notice.deposit));
  const { organizationId } = claim;
  const detail: BidDeposit = {
    v: 1,
    lotId: lot.lotId,
    decision: parseCanonical(encodeCreditDecision(decision)),
    required: formatMoney(decision.base),
    waived: formatMoney(decision.waived),
    due: formatMoney(decision.due),
    reasons: coverage.reasons,
    findings,
    guarantee: presented.guarantee,
    ledger:
      coverage.parts === null
        ? []
        : startLedger({ lotId: lot.lotId, organizationId, required: decision.base, parts: coverage.parts }, deadline),
  };
  const state = coverage.delivery === 'submitted' ? 'submitted' : 'missing';
  return { state, text: state === 'submitted' ? SUBMITTED : MISSING, detail: detail as unknown as Json }; // plain data
}

/**
 * Judges a deposit at the opening from the register alone: the credit decision is computed again from the signed facts, the guarantee
 * from the guarantor's own signature in its QR code. No guarantor has to answer for it (an outage excludes nobody), and none learns of a
 * lot that fails for lack of bidders; the undertaking is fetched and checked once the list is public (job `deposit:reveal`).
 * @throws DomainError `E_FORMAT` for a declaration that cannot be read
 */
export function makeDepositReview(ports: DepositPorts, directory: GuarantorDirectory): DepositReview {
  return {
    review: async (claim) => {
      const declaration = readDepositDeclaration(claim.deposit);
      const { lotId, deadline } = await ports.db.read((tx) => tx.tenders.get({ id: claim.notice.tenderId }));
      const lot = claim.notice.lots.find((candidate) => candidate.lotId === lotId);
      if (lot === undefined) throw new Error(`notice without lot ${lotId}`);
      return judge(ports, directory, { claim, declaration, deadline: instant(deadline), lot });
    },
  };
}
