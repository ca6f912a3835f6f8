import { DomainError, Secret, instant, newId } from '@qej/kernel';
import test from 'ava';
import fc from 'fast-check';
import { bindCertificate, isBindingInForce, releaseCertificate } from './certificate-binding.ts';
import type { Mandate } from './mandate.ts';
import { checkMandate } from './mandate.ts';
import { actingRoles, checkRoles } from './people.ts';
import type { Organization, User } from './people.ts';
import { factors, may } from './permission.ts';
import type { Session } from './permission.ts';
import type { Role } from './role.ts';
import { roles, secondFactorRoles } from './role.ts';
import { newTotpSecret, totpCode, verifyTotp } from './second-factor.ts';
import { parseUscc, usccCheckCharacter } from './uscc.ts';

const NOW = instant(1_800_000_000_000);
const refusedWith = (code: string) => ({ instanceOf: DomainError, code });
const [tendereeId, agencyId] = [newId<'organization'>(), newId<'organization'>()];
const userId = newId<'user'>();
const TENDER = '1'.repeat(32);

const session = (role: Role, change: Partial<Session> = {}): Session => ({
  userId,
  actingFor: { organizationId: agencyId, role },
  factors: ['passkey', 'totp'],
  ...change,
});

const mandate = (change: Partial<Mandate> = {}): Mandate => ({
  mandateId: newId<'mandate'>(),
  grantor: tendereeId,
  delegate: { kind: 'organization', organizationId: agencyId },
  scope: { kind: 'tender', tenderId: TENDER },
  roles: ['agency'],
  from: instant(NOW - 10),
  to: instant(NOW + 10),
  revokedAt: null,
  documentSha256: null,
  ...change,
});

const none = { mandates: [], now: NOW };

test('what is not granted is denied: no session, another role, an empty list', (t) => {
  t.deepEqual(may(undefined, { roles }, none), { allowed: false, code: 'E_NOT_LOGGED_IN' });
  for (const held of roles) {
    t.deepEqual(may(session(held), { roles: [] }, none), { allowed: false, code: 'E_ROLE' });
    for (const asked of roles) t.is(may(session(held), { roles: [asked] }, none).allowed, held === asked);
  }
});

test('operators and guarantor clerks always need a second factor, others where the act asks for it', (t) => {
  fc.assert(
    fc.property(
      fc.constantFrom(...roles),
      fc.uniqueArray(fc.constantFrom(...factors)),
      fc.boolean(),
      (role, held, secondFactor) => {
        const isSecond = held.includes('totp') && held.length > 1;
        const needed = secondFactor || secondFactorRoles.includes(role);
        t.is(may(session(role, { factors: held }), { roles: [role], secondFactor }, none).allowed, isSecond || !needed);
      },
    ),
  );
});

test('an agency acts for a tenderee only under a mandate in force that covers the tender and the role', (t) => {
  const requirement = { roles: ['agency'] as const, scope: { organizationId: tendereeId, tenderId: TENDER } };
  const decide = (...mandates: Mandate[]) => may(session('agency'), requirement, { mandates, now: NOW }).allowed;
  t.true(decide(mandate()));
  t.true(decide(mandate({ scope: { kind: 'all' } })));
  t.true(decide(mandate({ delegate: { kind: 'user', userId } })));
  for (const change of [
    { scope: { kind: 'tender', tenderId: '2'.repeat(32) } },
    { roles: ['tenderee'] },
    { to: NOW },
    { from: instant(NOW + 1) },
    { revokedAt: NOW },
    { grantor: agencyId },
    { delegate: { kind: 'organization', organizationId: tendereeId } },
    { delegate: { kind: 'user', userId: newId<'user'>() } },
  ] as const) {
    t.false(decide(mandate(change)), JSON.stringify(change));
  }
});

test('a mandate for one tender does not reach an act without a tender', (t) => {
  const requirement = { roles: ['agency'] as const, scope: { organizationId: tendereeId } };
  t.false(may(session('agency'), requirement, { mandates: [mandate()], now: NOW }).allowed);
  t.true(may(session('agency'), requirement, { mandates: [mandate({ scope: { kind: 'all' } })], now: NOW }).allowed);
});

test('the mandate that was used comes back, so that the act can record it', (t) => {
  const granted = mandate();
  const requirement = { roles: ['agency'] as const, scope: { organizationId: tendereeId, tenderId: TENDER } };
  t.deepEqual(may(session('agency'), requirement, { mandates: [granted], now: NOW }), {
    allowed: true,
    mandate: granted,
  });
  t.deepEqual(may(session('agency'), { ...requirement, scope: { organizationId: agencyId } }, none), {
    allowed: true,
    mandate: null,
  });
});

test('a mandate has a role, a period and another delegate than its grantor', (t) => {
  t.notThrows(() => checkMandate(mandate()));
  for (const change of [
    { to: instant(NOW - 10) },
    { roles: [] },
    { delegate: { kind: 'organization', organizationId: tendereeId } },
  ] as const) {
    t.throws(() => checkMandate(mandate(change)), refusedWith('E_MANDATE'));
  }
});

test('one organisation may be tenderee and agency; who watches takes no part', (t) => {
  t.notThrows(() => checkRoles(['tenderee', 'agency']));
  t.throws(() => checkRoles(['supervisor', 'witness']), refusedWith('E_ROLE_CLASH'));
  t.throws(() => checkRoles(['agency', 'bidder']), refusedWith('E_ROLE_CLASH'));
  t.throws(() => checkRoles([]), refusedWith('E_ROLE_NONE'));
});

test('a user acts in the roles that organisation and membership share, while nobody is suspended', (t) => {
  const user: User = {
    userId,
    name: '张三',
    email: null,
    mobile: null,
    locale: 'zh-CN',
    registeredAt: NOW,
    suspendedAt: null,
  };
  const organization: Organization = {
    organizationId: agencyId,
    name: '某公司',
    uscc: parseUscc('91350100M000100Y43'),
    roles: ['tenderee', 'agency'],
    registeredAt: NOW,
    suspendedAt: null,
  };
  const membership = {
    userId,
    organizationId: agencyId,
    roles: ['agency', 'bidder'] as const,
    isAdministrator: false,
    from: NOW,
    until: instant(NOW + 5),
  };
  t.deepEqual(actingRoles(user, organization, membership, NOW), ['agency']);
  t.deepEqual(actingRoles(user, organization, membership, instant(NOW + 5)), []);
  t.deepEqual(actingRoles({ ...user, suspendedAt: NOW }, organization, membership, NOW), []);
  t.deepEqual(actingRoles(user, { ...organization, suspendedAt: NOW }, membership, NOW), []);
  t.deepEqual(actingRoles(user, organization, { ...membership, userId: newId<'user'>() }, NOW), []);
});

test('the check character of a credit code catches every single wrong and every pair of swapped characters', (t) => {
  const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'.split('');
  const code = fc
    .tuple(
      fc.array(fc.constantFrom(...alphabet), { minLength: 2, maxLength: 2 }),
      fc.integer({ min: 100_000, max: 999_999 }),
      fc.array(fc.constantFrom(...alphabet), { minLength: 9, maxLength: 9 }),
    )
    .map(([head, division, tail]) => `${head.join('')}${division}${tail.join('')}`)
    .map((first17) => first17 + usccCheckCharacter(first17));
  fc.assert(
    fc.property(code, fc.nat(16), fc.constantFrom(...alphabet), (valid, at, other) => {
      t.is(String(parseUscc(valid)), valid);
      if (valid[at] !== other)
        t.throws(() => parseUscc(valid.slice(0, at) + other + valid.slice(at + 1)), refusedWith('E_USCC'));
      const swapped = valid.slice(0, at) + (valid[at + 1] ?? '') + (valid[at] ?? '') + valid.slice(at + 2);
      if (swapped !== valid) t.throws(() => parseUscc(swapped), refusedWith('E_USCC'));
    }),
    { numRuns: 200 },
  );
});

test('the credit code of the published example is valid; lower case, I, O, S, V, Z and other lengths are not', (t) => {
  t.is(parseUscc('91350100M000100Y43').length, 18);
  for (const wrong of [
    '91350100m000100y43',
    '91350100M000100Y4',
    '91350100M000100Y433',
    '91350100I000100Y43',
    'AA35010AM000100Y43',
    '',
  ]) {
    t.throws(() => parseUscc(wrong), refusedWith('E_USCC'));
  }
});

test('one-time codes are those of RFC 6238 appendix B', (t) => {
  const secret = new Secret('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  const codes = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000].map((seconds) =>
    totpCode(secret, instant(seconds * 1000)),
  );
  t.deepEqual(codes, ['287082', '081804', '050471', '005924', '279037']);
});

test('a one-time code is good once, one step early or late, and never two', (t) => {
  const secret = newTotpSecret();
  const code = totpCode(secret, NOW);
  const step = verifyTotp(secret, code, null, NOW);
  t.is(step, NOW / 30_000);
  t.is(verifyTotp(secret, code, step ?? null, NOW), undefined);
  t.is(verifyTotp(secret, code, null, instant(NOW + 30_000)), step);
  t.is(verifyTotp(secret, code, null, instant(NOW + 60_000)), undefined);
  t.is(verifyTotp(secret, '12345', null, NOW), undefined);
  t.is(String(secret), '[secret]');
});

test('a certificate belongs to one account, once', (t) => {
  const binding = {
    fingerprint: 'a'.repeat(64),
    userId,
    organizationId: agencyId,
    use: 'sign',
    notAfter: instant(NOW + 5),
  } as const;
  const bound = bindCertificate([], binding, NOW);
  t.is(bindCertificate([bound], binding, instant(NOW + 1)), bound);
  t.throws(
    () => bindCertificate([bound], { ...binding, userId: newId<'user'>() }, NOW),
    refusedWith('E_CERTIFICATE_BOUND'),
  );
  const released = releaseCertificate(bound, NOW);
  t.false(isBindingInForce(released, NOW));
  t.throws(() => bindCertificate([released], binding, NOW), refusedWith('E_CERTIFICATE_BOUND'));
  t.throws(() => bindCertificate([], binding, instant(NOW + 6)), refusedWith('E_CERTIFICATE_EXPIRED'));
});
