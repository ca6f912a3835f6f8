import {
  DomainError,
  addMoney,
  canonicalBytes,
  formatInstant,
  instant,
  money,
  parseInstant,
  plusMs,
} from '@qej/kernel';
import type { Money } from '@qej/kernel';
import test from 'ava';
import fc from 'fast-check';
import { decodeCreditDecision, encodeCreditDecision } from './credit-decision.ts';
import type { CreditSnapshot } from './credit-snapshot.ts';
import { creditGrades, creditProbes, decodeCreditSnapshot, encodeCreditSnapshot } from './credit-snapshot.ts';
import type { CreditInputs } from './decide-credit.ts';
import { decideCredit, replayCredit } from './decide-credit.ts';
import type { DepositRule } from './deposit-rule.ts';
import { readDepositRule } from './deposit-rule.ts';

const AS_OF = parseInstant('2026-12-20T01:30:00.000Z');
const USCC = '91350100M000100Y43';
const DAY = 86_400_000;

const rule = (change: Partial<DepositRule> = {}): DepositRule => ({
  v: 1,
  rateBasisPoints: 200,
  capAmount: '800000.00',
  forms: ['cash', 'guarantee', 'commitment'],
  waiverPolicyId: 'demo-policy-1',
  guaranteeTailDays: 30,
  mixedForms: false,
  ...change,
});

const snapshot = (change: Partial<CreditSnapshot> = {}): CreditSnapshot => ({
  v: 1,
  subject: { name: '青岛某公司', uscc: USCC },
  issuer: { name: '某信用机构', uscc: USCC },
  grade: 'AA',
  score: 880,
  issuedAt: formatInstant(plusMs(AS_OF, -DAY)),
  validTo: formatInstant(plusMs(AS_OF, DAY)),
  isSmallOrMicro: false,
  sources: creditProbes.map((probe) => ({ probe, status: 'answered' as const })),
  records: [],
  openWaivedAmount: '0.00',
  ...change,
});

const inputs = (change: Partial<CreditSnapshot> = {}, more: Partial<CreditInputs> = {}): CreditInputs => ({
  lotId: '4'.repeat(32),
  bidderUscc: USCC,
  estimate: money(1_000_000_000n),
  rule: rule(),
  snapshots: [{ sha256: 'a'.repeat(64), snapshot: snapshot(change) }],
  asOf: AS_OF,
  ...more,
});

const hit = (from: number, until: number | null, repairedAt: number | null): CreditSnapshot['records'][number] => ({
  probe: 'dishonest-judgment-debtor',
  subject: 'firm',
  authority: '某人民法院',
  reference: '(2026)鲁02执1号',
  from: formatInstant(instant(from)),
  until: until === null ? null : formatInstant(instant(until)),
  repairedAt: repairedAt === null ? null : formatInstant(instant(repairedAt)),
});

const anyInputs = fc
  .record({
    estimate: fc.bigInt({ min: 1n, max: 10_000_000_000_000n }),
    rate: fc.integer({ min: 0, max: 200 }),
    cap: fc.option(fc.bigInt({ min: 0n, max: 100_000_000n })),
    grade: fc.option(fc.constantFrom(...creditGrades)),
    isSmallOrMicro: fc.boolean(),
    open: fc.bigInt({ min: 0n, max: 600_000_000n }),
    isHit: fc.boolean(),
    isSilent: fc.boolean(),
  })
  .map(({ estimate, rate, cap, grade, isSmallOrMicro, open, isHit, isSilent }) =>
    inputs(
      {
        grade,
        isSmallOrMicro,
        openWaivedAmount: `${open / 100n}.${(open % 100n).toString().padStart(2, '0')}`,
        records: isHit ? [hit(AS_OF - DAY, null, null)] : [],
        sources: isSilent ? [] : snapshot().sources,
      },
      {
        estimate: money(estimate),
        rule: rule({
          rateBasisPoints: rate,
          capAmount: cap === null ? null : `${cap / 100n}.${(cap % 100n).toString().padStart(2, '0')}`,
        }),
      },
    ),
  );

const isNotLess = (a: Money, b: Money): boolean => a.amountMinor >= b.amountMinor;

test('grades give their tier of a capped two per cent: the tiers are invented and say so', (t) => {
  const waived = creditGrades.map((grade) => decideCredit(inputs({ grade })).waived.amountMinor);
  t.deepEqual(waived, [20_000_000n, 16_000_000n, 10_000_000n, 0n, 0n, 0n]);
  t.is(decideCredit(inputs({}, { estimate: money(9_000_000_000n) })).base.amountMinor, 80_000_000n);
});

test('base = waived + due on any input, nothing negative, never above two per cent of the estimate', (t) => {
  fc.assert(
    fc.property(anyInputs, (given) => {
      const { base, waived, due, estimate } = decideCredit(given);
      t.deepEqual(addMoney(waived, due), base);
      t.true(waived.amountMinor >= 0n && due.amountMinor >= 0n);
      t.true(base.amountMinor * 50n <= estimate.amountMinor);
    }),
    { numRuns: 300 },
  );
});

test('a decision replays to the same bytes, and to no other inputs', (t) => {
  fc.assert(
    fc.property(anyInputs, (given) => {
      const bytes = encodeCreditDecision(decideCredit(given));
      t.deepEqual(encodeCreditDecision(decodeCreditDecision(bytes)), bytes);
      t.deepEqual(encodeCreditDecision(replayCredit(bytes, given)), bytes);
      const other = { ...given, asOf: plusMs(given.asOf, 1) };
      t.throws(() => replayCredit(bytes, other), { instanceOf: DomainError, code: 'E_CREDIT_REPLAY' });
    }),
    { numRuns: 150 },
  );
});

test('a better grade never costs more', (t) => {
  fc.assert(
    fc.property(anyInputs, fc.nat(4), (given, worse) => {
      const [lead] = given.snapshots;
      if (lead === undefined) return;
      const decide = (index: number) =>
        decideCredit({
          ...given,
          snapshots: [{ ...lead, snapshot: { ...lead.snapshot, grade: creditGrades[index] ?? null } }],
        });
      t.true(isNotLess(decide(worse).waived, decide(worse + 1).waived));
    }),
    { numRuns: 150 },
  );
});

test('a positive hit ends the waiver from its first instant until its repair or its end', (t) => {
  const reasons = (record: CreditSnapshot['records'][number]) => decideCredit(inputs({ records: [record] })).reasons[0];
  t.is(reasons(hit(AS_OF, null, null)), 'HARD_STOP');
  t.is(reasons(hit(AS_OF + 1, null, null)), 'TIER');
  t.is(reasons(hit(AS_OF - DAY, null, AS_OF)), 'TIER');
  t.is(reasons(hit(AS_OF - DAY, null, AS_OF + 1)), 'HARD_STOP');
  t.is(reasons(hit(AS_OF - DAY, AS_OF, null)), 'TIER');
});

test('a silent register gives no waiver, provisionally, and leaves guarantee and cash open', (t) => {
  const decision = decideCredit(inputs({ sources: [] }));
  t.like(decision, { isProvisional: true, reasons: ['SOURCE_UNAVAILABLE'], formsAllowed: ['cash', 'guarantee'] });
  t.is(decision.waived.amountMinor, 0n);
});

test('a snapshot counts up to the end of its validity and of its age, to the millisecond', (t) => {
  const first = (change: Partial<CreditSnapshot>) => decideCredit(inputs(change)).reasons[0];
  t.is(first({ validTo: formatInstant(AS_OF) }), 'TIER');
  t.is(first({ validTo: formatInstant(plusMs(AS_OF, -1)) }), 'SNAPSHOT_STALE');
  t.is(first({ issuedAt: formatInstant(plusMs(AS_OF, -30 * DAY)) }), 'TIER');
  t.is(first({ issuedAt: formatInstant(plusMs(AS_OF, -30 * DAY - 1)) }), 'SNAPSHOT_STALE');
  t.is(first({ issuedAt: formatInstant(plusMs(AS_OF, 1)) }), 'SNAPSHOT_NOT_YET');
});

test('a consortium is judged by its weakest member, and open waivers by the fullest account', (t) => {
  const member = (change: Partial<CreditSnapshot>) => ({
    sha256: 'b'.repeat(64),
    snapshot: snapshot({ subject: { name: '联合体成员', uscc: USCC }, ...change }),
  });
  const [lead] = inputs().snapshots;
  const weak = decideCredit(inputs({}, { snapshots: lead === undefined ? [] : [lead, member({ grade: 'B' })] }));
  t.is(weak.waived.amountMinor, 0n);
  t.true(weak.reasons.includes('WEAKEST_MEMBER'));
  const full = decideCredit(inputs({ openWaivedAmount: '4900000.00' }));
  t.like(full, { waived: money(10_000_000n), due: money(10_000_000n) });
  t.true(full.reasons.includes('EXPOSURE_LIMIT'));
});

test('without a policy, or where commitments are not accepted, nothing is waived', (t) => {
  for (const change of [{ waiverPolicyId: null }, { forms: ['cash'] as const }]) {
    t.is(decideCredit(inputs({}, { rule: rule(change) })).waived.amountMinor, 0n);
  }
});

test("somebody else's snapshot decides nothing", (t) => {
  t.throws(() => decideCredit(inputs({}, { bidderUscc: '91370200MA3C0AAA0X' })), {
    instanceOf: DomainError,
    code: 'E_CREDIT_SUBJECT',
  });
});

test('snapshot and rule are closed formats', (t) => {
  t.deepEqual(decodeCreditSnapshot(encodeCreditSnapshot(snapshot())), snapshot());
  t.throws(() => decodeCreditSnapshot(canonicalBytes({ ...snapshot(), extra: 1 })), {
    instanceOf: DomainError,
    code: 'E_FORMAT',
  });
  t.throws(() => decodeCreditSnapshot(canonicalBytes({ ...snapshot(), grade: 'AAAA' })), {
    instanceOf: DomainError,
    code: 'E_FORMAT',
  });
  t.throws(() => readDepositRule({ v: 1, rateBasisPoints: 200 }), { instanceOf: DomainError, code: 'E_FORMAT' });
});
