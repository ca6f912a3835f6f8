import { createHash } from 'node:crypto';
import { DomainError, Secret, advance, canonicalBytes, formatInstant, instant, money, parseInstant } from '@qej/kernel';
import test from 'ava';
import fc from 'fast-check';
import { checkUndertaking } from './check-undertaking.ts';
import type { UndertakingExpectation } from './check-undertaking.ts';
import { guaranteeCommitment } from './commitment.ts';
import { expireGuarantee, presentDemand, releaseGuarantee } from './demand.ts';
import type { Undertaking, UndertakingApplication } from './documents.ts';
import { decodeGuaranteeDocument, encodeGuaranteeDocument } from './documents.ts';
import type { GuaranteeProgress } from './guarantee-state.ts';
import {
  guaranteeStates,
  guaranteeSteps,
  guaranteeTransitions,
  isInForce,
  startGuarantee,
  stepGuarantee,
} from './guarantee-state.ts';
import { premiumOf, qingdaoTariff } from './premium.ts';
import { fillClauses, guaranteeTemplates, templateSha256 } from './template.ts';

const NOW = parseInstant('2026-12-20T01:30:00.000Z');
const VALID_TO = parseInstant('2027-04-30T15:59:59.999Z');
const LOT = '4'.repeat(32);
const BIDDER = '5'.repeat(32);
const K = new Uint8Array(32).fill(7);
const refusedWith = (code: string) => ({ instanceOf: DomainError, code });
const bidder = { name: '投标人', uscc: '91350100M000100Y43' };
const tenderee = { name: '招标人', uscc: '91370200MA3C0AAA0X' };

async function undertaking(change: Partial<Undertaking> = {}): Promise<Undertaking> {
  return {
    v: 1,
    guaranteeNo: 'BG20261220000001',
    applicationId: '6'.repeat(32),
    commitment: await guaranteeCommitment(LOT, BIDDER, K),
    applicant: bidder,
    beneficiary: null,
    guarantor: { name: '示范银行', uscc: '91350100M000100Y43' },
    amount: '40000.00',
    currency: 'CNY',
    issuedAt: '2026-12-18T01:00:00.000Z',
    validFrom: formatInstant(NOW),
    validTo: formatInstant(VALID_TO),
    templateId: 'independent-bid-guarantee/1',
    templateSha256: await templateSha256(guaranteeTemplates['independent-bid-guarantee/1']),
    applicableRules: 'NONE',
    premium: '100.00',
    ...change,
  };
}

const expectation = (change: Partial<UndertakingExpectation> = {}): UndertakingExpectation => ({
  opening: { lotId: LOT, bidderId: BIDDER, k: new Secret(K) },
  bidder,
  tenderee,
  amountDue: money(4_000_000n),
  validUntil: VALID_TO,
  asOf: NOW,
  status: 'in-force',
  ...change,
});

test('the commitment is SHA-256 over purpose, lot, bidder and k with lengths', async (t) => {
  const lv = (bytes: Uint8Array): Buffer => Buffer.concat([Buffer.from([0, 0, 0, bytes.length]), bytes]);
  const expected = createHash('sha256')
    .update('qej-guarantee/1\0', 'latin1')
    .update(Buffer.concat([lv(Buffer.from(LOT)), lv(Buffer.from(BIDDER)), lv(K)]))
    .digest('hex');
  t.is(await guaranteeCommitment(LOT, BIDDER, K), expected);
  await t.throwsAsync(guaranteeCommitment(LOT, BIDDER, K.slice(1)), refusedWith('E_COMMITMENT_KEY'));
});

test('a commitment opens to its lot, bidder and k and to nothing else', async (t) => {
  const commitment = await guaranteeCommitment(LOT, BIDDER, K);
  await fc.assert(
    fc.asyncProperty(fc.nat(255), async (bit) => {
      const other = K.slice();
      other[bit >> 3] = (other[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      t.not(await guaranteeCommitment(LOT, BIDDER, other), commitment);
    }),
    { numRuns: 50 },
  );
  t.not(await guaranteeCommitment(BIDDER, LOT, K), commitment);
});

test('an application tells the guarantor neither tender, nor lot, nor beneficiary', (t) => {
  const application: UndertakingApplication = {
    v: 1,
    applicationId: '6'.repeat(32),
    commitment: 'c'.repeat(64),
    applicant: bidder,
    amount: '40000.00',
    currency: 'CNY',
    validTo: formatInstant(VALID_TO),
    templateId: 'independent-bid-guarantee/1',
    requestedAt: formatInstant(NOW),
  };
  t.deepEqual(decodeGuaranteeDocument('application', encodeGuaranteeDocument('application', application)), application);
  for (const telling of ['lotId', 'tenderId', 'beneficiary', 'lotName']) {
    t.throws(
      () => decodeGuaranteeDocument('application', canonicalBytes({ ...application, [telling]: LOT })),
      refusedWith('E_FORMAT'),
    );
  }
});

test('a good undertaking is accepted at its boundaries', async (t) => {
  t.deepEqual(await checkUndertaking(await undertaking(), expectation()), {
    isAccepted: true,
    findings: [],
    amount: money(4_000_000n),
  });
  t.true((await checkUndertaking(await undertaking({ beneficiary: tenderee }), expectation())).isAccepted);
});

test('each defect of an undertaking is found and refuses it', async (t) => {
  const wrongHash = { templateSha256: '0'.repeat(64) };
  const suretyship = {
    templateId: 'general-suretyship/1' as const,
    templateSha256: await templateSha256(guaranteeTemplates['general-suretyship/1']),
  };
  const cases: readonly (readonly [string, Partial<Undertaking>, Partial<UndertakingExpectation>])[] = [
    ['U_COMMITMENT', {}, { opening: { lotId: BIDDER, bidderId: BIDDER, k: new Secret(K) } }],
    ['U_APPLICANT', { applicant: tenderee }, {}],
    ['U_BENEFICIARY', { beneficiary: bidder }, {}],
    ['U_AMOUNT_SHORT', { amount: '39999.99' }, {}],
    ['U_VALIDITY_SHORT', { validTo: formatInstant(instant(VALID_TO - 1)) }, {}],
    ['U_NOT_YET_VALID', { validFrom: formatInstant(instant(NOW + 1)) }, {}],
    ['U_TEMPLATE', wrongHash, {}],
    ['U_NOT_INDEPENDENT', suretyship, {}],
    ['U_NOT_IN_FORCE', {}, { status: 'not-in-force' }],
  ];
  for (const [finding, change, expected] of cases) {
    const check = await checkUndertaking(await undertaking(change), expectation(expected));
    t.deepEqual(check, { isAccepted: false, findings: [finding] as typeof check.findings, amount: null });
  }
});

test('a guarantor that does not answer costs the bidder nothing', async (t) => {
  const check = await checkUndertaking(await undertaking(), expectation({ status: 'unknown' }));
  t.true(check.isAccepted);
  t.deepEqual(check.findings, ['U_STATUS_UNKNOWN']);
});

test('every state is reached, the sequence number counts every step, and only a revealed guarantee is demanded on', (t) => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(
      fc.array(fc.record({ isAllowed: fc.boolean(), pick: fc.nat(999) }), { minLength: 30, maxLength: 60 }),
      fc.constantFrom('draft', 'issued'),
      (picks, state) => {
        let progress: GuaranteeProgress = { ...startGuarantee(NOW), state };
        let taken = 0;
        let isRevealed = false;
        for (const { isAllowed, pick } of picks) {
          const allowed = guaranteeSteps.filter((candidate) => candidate in guaranteeTransitions[progress.state]);
          const choices = isAllowed && allowed.length > 0 ? allowed : guaranteeSteps;
          const step = choices[pick % choices.length] ?? 'submit';
          const before = progress;
          try {
            progress = stepGuarantee(progress, step, NOW);
            taken++;
          } catch (error) {
            t.true(error instanceof DomainError && error.code === 'E_STATE');
          }
          isRevealed ||= progress.state === 'revealed';
          if (progress.state === 'demand-presented' && before.state !== 'demand-presented') t.true(isRevealed);
          t.is(progress.eventSeq, taken);
          seen.add(progress.state);
        }
      },
    ),
    { numRuns: 300 },
  );
  t.true(seen.has('demand-paid') && seen.has('released'), 'the walks must reach the ends');
  const reached = new Set<string>(['draft']);
  for (const state of reached)
    for (const next of Object.values(guaranteeTransitions[state as 'draft'])) reached.add(next);
  t.deepEqual([...reached].toSorted(), [...guaranteeStates].toSorted());
});

test('nothing follows an end, and no end is in force', (t) => {
  for (const state of ['released', 'expired', 'cancelled', 'rejected', 'demand-paid'] as const) {
    t.false(isInForce(state));
    for (const step of guaranteeSteps)
      t.throws(() => advance(guaranteeTransitions, state, step), refusedWith('E_STATE'));
  }
});

test('a demand is presented by the beneficiary, in time, up to the sum', async (t) => {
  const issued = await undertaking();
  const revealed = { state: 'revealed', eventSeq: 9, changedAt: NOW } as const;
  const demand = {
    v: 1,
    demandId: '7'.repeat(32),
    guaranteeNo: issued.guaranteeNo,
    beneficiary: tenderee,
    amount: '40000.00',
    trigger: 'contract-refused',
    statement: '申请人收到中标通知书后拒绝订立合同。',
    presentedAt: formatInstant(NOW),
  } as const;
  const present =
    (change: object, now = VALID_TO) =>
    () =>
      presentDemand(revealed, issued, { ...demand, ...change }, tenderee, now);
  t.is(present({})().state, 'demand-presented');
  t.throws(present({}, instant(VALID_TO + 1)), refusedWith('E_DEMAND_LATE'));
  t.throws(present({ amount: '40000.01' }), refusedWith('E_DEMAND_AMOUNT'));
  t.throws(present({ amount: '0.00' }), refusedWith('E_DEMAND_AMOUNT'));
  t.throws(present({ beneficiary: bidder }), refusedWith('E_NOT_BENEFICIARY'));
  t.throws(present({ guaranteeNo: 'BG20261220000002' }), refusedWith('E_DEMAND_OTHER'));
});

test('only the beneficiary releases; expiry comes by itself after the last instant', async (t) => {
  const issued = await undertaking();
  const revealed = { state: 'revealed', eventSeq: 9, changedAt: NOW } as const;
  const release = {
    v: 1,
    releaseId: '8'.repeat(32),
    guaranteeNo: issued.guaranteeNo,
    beneficiary: tenderee,
    ground: 'contract-signed',
    releasedAt: formatInstant(NOW),
  } as const;
  t.is(releaseGuarantee(revealed, issued, release, tenderee, NOW).state, 'released');
  t.throws(
    () => releaseGuarantee(revealed, issued, { ...release, beneficiary: bidder }, tenderee, NOW),
    refusedWith('E_NOT_BENEFICIARY'),
  );
  t.throws(() => expireGuarantee(revealed, issued, VALID_TO), refusedWith('E_NOT_EXPIRED'));
  t.is(expireGuarantee(revealed, issued, instant(VALID_TO + 1)).state, 'expired');
  const demanded = { ...revealed, state: 'demand-presented' } as const;
  t.throws(() => expireGuarantee(demanded, issued, instant(VALID_TO + 1)), refusedWith('E_STATE'));
});

test('the premium is one per mille, rounded up, with a minimum', (t) => {
  t.is(premiumOf(money(20_000_001n), qingdaoTariff).amountMinor, 20_001n);
  t.is(premiumOf(money(100n), qingdaoTariff).amountMinor, qingdaoTariff.minimum.amountMinor);
});

test('clauses are filled completely or not at all', (t) => {
  const values = { amount: '40000.00', amountInWords: '肆万元整', validFrom: '2026-12-20', validTo: '2027-04-30' };
  const filled = fillClauses(guaranteeTemplates['independent-bid-guarantee/1'], values);
  t.true(filled[0]?.includes('肆万元整'));
  t.false(filled.some((clause) => clause.includes('{')));
  t.throws(
    () => fillClauses(guaranteeTemplates['independent-bid-guarantee/1'], { amount: '1.00' }),
    refusedWith('E_TEMPLATE'),
  );
});
