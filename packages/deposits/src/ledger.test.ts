import { DomainError, instant, money } from '@qej/kernel';
import test from 'ava';
import fc from 'fast-check';
import { advanceClaim, claimCommitment } from './commitment-claim.ts';
import { checkCoverage } from './coverage.ts';
import type { CreditDecision } from './credit-decision.ts';
import { depositFigures } from './deposit-figures.ts';
import type { DepositLedger } from './deposit-ledger.ts';
import { balancesOf, depositPots, isSettled, ledgerReasons, moveDeposit, openLedger } from './deposit-ledger.ts';
import type { DepositRule } from './deposit-rule.ts';

const NOW = instant(1_800_000_000_000);
const refusedWith = (code: string) => ({ instanceOf: DomainError, code });
const zero = money(0n);

const ledgerOf = (waived: bigint, guaranteed: bigint, insured: bigint, paid: bigint): DepositLedger =>
  openLedger(
    {
      lotId: '1'.repeat(32),
      organizationId: '2'.repeat(32),
      required: money(waived + guaranteed + insured + paid),
      parts: { waived: money(waived), guaranteed: money(guaranteed), insured: money(insured), paid: money(paid) },
      entryId: 'open',
    },
    NOW,
  );

const decision = (waived: bigint, due: bigint): CreditDecision => ({
  lotId: '1'.repeat(32),
  bidderUscc: '91350100M000100Y43',
  policyId: 'demo-policy-1',
  asOf: NOW,
  estimate: money((waived + due) * 50n),
  base: money(waived + due),
  ratioBasisPoints: 0,
  waived: money(waived),
  due: money(due),
  isProvisional: false,
  needsCommitment: waived > 0n,
  formsAllowed: ['guarantee', 'cash'],
  reasons: ['TIER'],
  ruleIds: [],
  snapshotHashes: [],
  validUntil: null,
});

const rule = (change: Partial<DepositRule> = {}): DepositRule => ({
  v: 1,
  rateBasisPoints: 200,
  capAmount: null,
  forms: ['cash', 'guarantee', 'insurance', 'commitment'],
  waiverPolicyId: 'demo-policy-1',
  guaranteeTailDays: 30,
  mixedForms: false,
  ...change,
});

const amount = fc.bigInt({ min: 0n, max: 1000n });

test('every fen is in exactly one pot after any sequence of moves, allowed or not', (t) => {
  const move = fc.record({
    from: fc.constantFrom(...depositPots),
    to: fc.constantFrom(...depositPots),
    reason: fc.constantFrom(...ledgerReasons),
    amount,
  });
  let moved = 0;
  fc.assert(
    fc.property(
      amount,
      amount,
      amount,
      amount,
      fc.array(move, { maxLength: 120 }),
      (waived, guaranteed, insured, paid, steps) => {
        let ledger = ledgerOf(waived, guaranteed, insured, paid);
        steps.forEach((step, index) => {
          const before = ledger.entries;
          try {
            ledger = moveDeposit(ledger, { ...step, entryId: `${index}`, amount: money(step.amount), at: NOW });
            moved++;
          } catch (error) {
            t.true(error instanceof DomainError && /^E_LEDGER_(?:MOVE|SHORT)$/.test(String(error.code)));
          }
          t.deepEqual(ledger.entries.slice(0, before.length), before);
          const pots = Object.values(balancesOf(ledger));
          t.is(
            pots.reduce((sum, pot) => sum + pot.amountMinor, 0n),
            ledger.required.amountMinor,
          );
          t.true(pots.every((pot) => pot.amountMinor >= 0n));
        });
      },
    ),
    { numRuns: 60 },
  );
  t.true(moved > 0, 'the walks must move something');
});

test('a deposit whose parts do not sum up is not opened', (t) => {
  const parts = { waived: money(1n), guaranteed: zero, insured: zero, paid: money(1n) };
  for (const required of [1n, 3n]) {
    const command = {
      lotId: '1'.repeat(32),
      organizationId: '2'.repeat(32),
      required: money(required),
      parts,
      entryId: 'x',
    };
    t.throws(() => openLedger(command, NOW), refusedWith('E_LEDGER_UNBALANCED'));
  }
});

test('the same entry twice moves once; another entry under its id is refused', (t) => {
  const entry = {
    entryId: 'release',
    from: 'guaranteed',
    to: 'returned',
    amount: money(5n),
    reason: 'released',
    at: NOW,
  } as const;
  const once = moveDeposit(ledgerOf(0n, 9n, 0n, 0n), entry);
  t.is(moveDeposit(once, { ...entry, at: instant(NOW + 1) }), once);
  t.throws(() => moveDeposit(once, { ...entry, amount: money(4n) }), refusedWith('E_LEDGER_CONFLICT'));
});

test('what was returned or forfeited moves only by a correction, and never by more than there is', (t) => {
  const forfeited = moveDeposit(ledgerOf(0n, 0n, 0n, 9n), {
    entryId: 'a',
    from: 'paid',
    to: 'forfeited',
    amount: money(9n),
    reason: 'cash-kept',
    at: NOW,
  });
  t.true(isSettled(forfeited));
  const back = { entryId: 'b', from: 'forfeited', to: 'returned', amount: money(9n), at: NOW } as const;
  t.throws(() => moveDeposit(forfeited, { ...back, reason: 'refunded' }), refusedWith('E_LEDGER_MOVE'));
  t.throws(
    () => moveDeposit(forfeited, { ...back, reason: 'correction', amount: money(10n) }),
    refusedWith('E_LEDGER_SHORT'),
  );
  t.is(balancesOf(moveDeposit(forfeited, { ...back, reason: 'correction' })).returned.amountMinor, 9n);
});

test('a deposit is delivered iff what counts reaches what is due, and its parts then open a balanced ledger', (t) => {
  fc.assert(
    fc.property(amount, amount, amount, (waived, due, guaranteed) => {
      const coverage = checkCoverage(
        decision(waived, due),
        { guaranteed: money(guaranteed), insured: zero, paid: zero, isCommitmentSigned: true },
        rule(),
      );
      t.is(coverage.delivery, guaranteed >= due ? 'submitted' : 'not-submitted');
      if (coverage.parts === null) return;
      const { parts } = coverage;
      t.notThrows(() =>
        openLedger(
          { lotId: '1'.repeat(32), organizationId: '2'.repeat(32), required: money(waived + due), parts, entryId: 'x' },
          NOW,
        ),
      );
    }),
    { numRuns: 200 },
  );
});

test('a missing commitment letter, a form that is not allowed and mixed forms are each named', (t) => {
  const cover = { guaranteed: money(5n), insured: zero, paid: money(5n), isCommitmentSigned: true };
  const reasonsOf = (change: Partial<typeof cover>, with_: Partial<DepositRule> = {}) =>
    checkCoverage(decision(5n, 10n), { ...cover, ...change }, rule(with_)).reasons;
  t.deepEqual(reasonsOf({}), ['FORMS_MIXED']);
  t.deepEqual(reasonsOf({}, { mixedForms: true }), ['COVERED']);
  t.deepEqual(reasonsOf({ isCommitmentSigned: false }, { mixedForms: true }), ['COMMITMENT_MISSING']);
  t.deepEqual(reasonsOf({ guaranteed: zero, paid: money(10n) }, { forms: ['guarantee', 'commitment'] }), [
    'FORM_NOT_ALLOWED',
  ]);
});

test('released capital and the cash replacement rate come from the deliveries', (t) => {
  const figures = depositFigures([ledgerOf(60n, 30n, 0n, 10n), ledgerOf(0n, 0n, 0n, 100n)]);
  t.deepEqual(figures, { deposits: 2, requiredMinor: 200n, releasedMinor: 90n, cashReplacementBasisPoints: 4500 });
  t.is(depositFigures([]).cashReplacementBasisPoints, null);
});

test('a waived sum is collected in order: no default before the pay window is over, no publication of who paid', (t) => {
  const command = {
    lotId: '1'.repeat(32),
    organizationId: '2'.repeat(32),
    amount: money(5n),
    reason: '中标后无正当理由拒绝签订合同',
    payWindowMs: 1000,
  };
  const claim = claimCommitment(command, NOW);
  t.throws(() => advanceClaim(claim, 'default', instant(NOW + 1000)), refusedWith('E_WINDOW_OPEN'));
  t.is(advanceClaim(claim, 'default', instant(NOW + 1001)).state, 'defaulted');
  const paid = advanceClaim(claim, 'pay', NOW);
  t.throws(() => advanceClaim(paid, 'publish', NOW), refusedWith('E_STATE'));
  t.throws(() => claimCommitment({ ...command, reason: '违约' }, NOW), refusedWith('E_REASON_MISSING'));
});
