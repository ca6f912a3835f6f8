import { fromUtf8, money, parseInstant } from '@qej/kernel';
import type { CreditGrade, CreditSnapshot, DepositRule } from '../src/index.ts';
import { creditProbes, decideCredit, encodeCreditDecision, encodeCreditSnapshot } from '../src/index.ts';

const USCC = '91350100M000100Y43';

const rule: DepositRule = {
  v: 1,
  rateBasisPoints: 200,
  capAmount: '800000.00',
  forms: ['cash', 'guarantee', 'commitment'],
  waiverPolicyId: 'demo-policy-1',
  guaranteeTailDays: 30,
  mixedForms: false,
};

const snapshotOf = (grade: CreditGrade): CreditSnapshot => ({
  v: 1,
  subject: { name: '青岛某公司', uscc: USCC },
  issuer: { name: '某信用机构', uscc: USCC },
  grade,
  score: null,
  issuedAt: '2026-12-19T01:30:00.000Z',
  validTo: '2027-06-30T15:59:59.999Z',
  isSmallOrMicro: grade === 'A',
  sources: creditProbes.map((probe) => ({ probe, status: 'answered' as const })),
  records: [],
  openWaivedAmount: '0.00',
});

/** A snapshot's bytes and, for each grade, the decision's bytes. The snapshot hash is a placeholder: it is over signed bytes. */
export function depositVectors() {
  const decision = (grade: CreditGrade): string =>
    fromUtf8(
      encodeCreditDecision(
        decideCredit({
          lotId: '4'.repeat(32),
          bidderUscc: USCC,
          estimate: money(1_234_567_891n),
          rule,
          snapshots: [{ sha256: 'a'.repeat(64), snapshot: snapshotOf(grade) }],
          asOf: parseInstant('2026-12-20T01:30:00.000Z'),
        }),
      ),
    );
  return {
    rule,
    snapshot: fromUtf8(encodeCreditSnapshot(snapshotOf('A'))),
    decisions: { AAA: decision('AAA'), AA: decision('AA'), A: decision('A'), B: decision('B') },
  };
}
