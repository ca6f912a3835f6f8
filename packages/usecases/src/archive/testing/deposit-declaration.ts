import { creditProbes, decideCredit, encodeCreditDecision, encodeCreditSnapshot, readDepositRule } from '@qej/deposits';
import type { CreditSnapshot } from '@qej/deposits';
import { formatInstant, formatMoney, parseCanonical, parseInstant, parseMoney, toBase64 } from '@qej/kernel';
import type { Json } from '@qej/kernel';
import { withoutChain } from '../../deposits/without-chain.ts';
import { sha256Hex } from './archive-world.ts';
import type { ArchiveWorld, Person } from './archive-world.ts';
import { issueGuarantee } from './bank-guarantee.ts';
import type { IssuedGuarantee } from './bank-guarantee.ts';
import type { PublishedLot } from './publish-tender.ts';

/** The bidder's own decision from signed facts: graded AAA all is waived, graded B a guarantee has to cover it. */
export async function creditDeclaration(
  world: ArchiveWorld,
  lot: PublishedLot,
  bidder: Person,
  grade: 'AAA' | 'B',
): Promise<{ readonly deposit: Json; readonly issued: IssuedGuarantee | undefined }> {
  const { clock } = world;
  const [now, later] = [formatInstant(clock.at), formatInstant(parseInstant(lot.notice.timetable.deadline.at))];
  const snapshot: CreditSnapshot = {
    v: 1,
    subject: { name: bidder.organization.name, uscc: bidder.organization.uscc },
    issuer: { name: '测试平台', uscc: '91350100M000100Y43' },
    grade,
    score: null,
    issuedAt: now,
    validTo: later,
    isSmallOrMicro: false,
    sources: creditProbes.map((probe) => ({ probe, status: 'answered' })),
    records: [],
    openWaivedAmount: '0.00',
  };
  const bytes = encodeCreditSnapshot(snapshot);
  const decision = decideCredit({
    lotId: lot.lotId,
    bidderUscc: bidder.organization.uscc,
    estimate: parseMoney(lot.notice.lots[0]?.estimate ?? ''),
    rule: readDepositRule(lot.notice.deposit),
    snapshots: [{ sha256: sha256Hex(bytes), snapshot }],
    asOf: parseInstant(lot.notice.timetable.deadline.at),
  });
  const cms = withoutChain(await world.ports.trust.sign('qej-credit/1', bytes));
  const credit = { snapshot: parseCanonical(bytes), cms: toBase64(cms) };
  const letter = {
    v: 1,
    lotId: lot.lotId,
    uscc: bidder.organization.uscc,
    amount: formatMoney(decision.waived),
    payDays: 10,
    policyId: 'demo-policy-1',
  };
  const commitment = decision.needsCommitment ? letter : null;
  const issued = grade === 'B' ? await issueGuarantee(world, lot, bidder, decision.due) : undefined;
  const guarantee = issued?.reference ?? null;
  return {
    deposit: { v: 1, decision: parseCanonical(encodeCreditDecision(decision)), credit, commitment, guarantee },
    issued,
  };
}
