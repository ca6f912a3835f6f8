import { checkRoles, parseUscc } from '@qej/identity';
import type { Role } from '@qej/identity';
import { DomainError, formatInstant, fromBase64, instant, newId, plusMs, toBase64, utf8 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { AuthenticatedContext, Handlers, RequestContext } from '../handlers.ts';
import { notify } from '../notifier/notify.ts';
import type { Transaction } from '../ports.ts';
import type { CertificateRecord, UserRecord } from '../records.ts';
import type { IdentityPorts } from './ports.ts';
import { newChallenge, spendChallenge } from './session-handlers.ts';
import { hashSecret, newSecret, startSession, viewSession } from './session.ts';

const ENROLMENT_MS = 7 * 86_400_000;

async function newEnrolment(tx: Transaction, tokenHash: string, userId: string, now: Instant): Promise<void> {
  await tx.enrolments.insert({ id: newId(), tokenHash, userId, expiresAt: plusMs(now, ENROLMENT_MS), usedAt: null });
}

/** Who may add a passkey: somebody with an unused enrolment, or somebody logged in. */
async function enrollingUser(
  tx: Transaction,
  enrolment: string | undefined,
  context: RequestContext,
): Promise<UserRecord> {
  if (enrolment === undefined) {
    if (context.caller === undefined) throw new DomainError('E_LOGIN_REQUIRED');
    return tx.users.get({ id: context.caller.userId });
  }
  const row = await tx.enrolments.find({ tokenHash: await hashSecret(enrolment) });
  if (row === undefined || row.usedAt !== null || row.expiresAt < context.now) throw new DomainError('E_ENROLMENT');
  return tx.users.get({ id: row.userId });
}

export const viewCertificate = (row: CertificateRecord) => ({
  fingerprint: row.fingerprint,
  usage: row.usage === 'encrypt' ? ('encrypt' as const) : ('sign' as const),
  subject: row.subject,
  notAfter: formatInstant(instant(row.notAfter)),
  certificate: row.der,
});

async function insertCertificate(
  tx: Transaction,
  context: AuthenticatedContext,
  certificate: { der: Uint8Array; fingerprint: string; subject: string; notAfter: number; usage: 'sign' | 'encrypt' },
): Promise<void> {
  const known = await tx.certificates.find({ fingerprint: certificate.fingerprint });
  if (known !== undefined) {
    if (known.userId === context.caller.userId) return;
    throw new DomainError('E_CERT_ALREADY_BOUND');
  }
  const { fingerprint, subject, notAfter, usage } = certificate;
  await tx.certificates.insert({
    id: newId(),
    userId: context.caller.userId,
    organizationId: context.caller.organizationId,
    fingerprint,
    usage,
    subject: subject.slice(0, 255),
    der: toBase64(certificate.der),
    notAfter,
    createdAt: context.now,
  });
}

/** The bytes that a person signs to bind a certificate: possession, and to which account. */
export const bindingBytes = (userId: string): Uint8Array<ArrayBuffer> => utf8(`bind ${userId}`);

type Names =
  | 'register'
  | 'passkeyRegistrationOptions'
  | 'registerPasskey'
  | 'bindCertificate'
  | 'listMyCertificates'
  | 'listColleagues'
  | 'inviteColleague';

/** Registration, passkeys, certificates and colleagues. */
export function makeAccountHandlers(ports: IdentityPorts): Handlers<Names> {
  const { db, passkeys, trust } = ports;
  return {
    register: async ({ body }, { now }) => {
      const { organization, user } = body;
      parseUscc(organization.uscc);
      checkRoles(organization.roles);
      const enrolment = newSecret();
      const tokenHash = await hashSecret(enrolment);
      return db.transaction('identity:register', async (tx) => {
        if ((await tx.organizations.find({ uscc: organization.uscc })) !== undefined)
          throw new DomainError('E_ALREADY_REGISTERED');
        const { id: organizationId } = await tx.organizations.insert({ id: newId(), ...organization, createdAt: now });
        const { id: userId } = await tx.users.insert({ id: newId(), ...user, totpSecret: null, createdAt: now });
        await tx.memberships.insert({ id: newId(), userId, organizationId, roles: organization.roles, createdAt: now });
        await newEnrolment(tx, tokenHash, userId, now);
        const [role = 'bidder'] = organization.roles;
        await notify(tx, {
          kind: 'account-registered',
          at: now,
          role,
          to: { userIds: [userId] },
          params: { organization: organization.name },
          isOpened: true,
          dedupe: `registered:${userId}`,
        });
        return { userId, organizationId, enrolment };
      });
    },
    passkeyRegistrationOptions: async ({ body }, context) => {
      const { user, known } = await db.read(async (tx) => {
        const found = await enrollingUser(tx, body.enrolment, context);
        return { user: found, known: await tx.passkeys.list({ userId: found.id }) };
      });
      const { challenge, options } = await passkeys.registrationOptions({
        userId: user.id,
        name: user.name,
        known: known.map(({ credentialId }) => credentialId),
      });
      await db.transaction('identity:challenge', (tx) =>
        newChallenge(tx, `passkey-registration:${user.id}`.slice(0, 64), challenge, context.now, user.id),
      );
      return options;
    },
    registerPasskey: async ({ body }, context) => {
      const { now } = context;
      const { user, challenge } = await db.transaction('identity:spend-challenge', async (tx) => {
        const found = await enrollingUser(tx, body.enrolment, context);
        const [latest] = await tx.challenges.list(
          { userId: found.id, usedAt: null },
          { orderBy: { expiresAt: 'desc' }, limit: 1 },
        );
        if (latest === undefined) throw new DomainError('E_PASSKEY', { detail: 'no open ceremony' });
        return { user: found, challenge: await spendChallenge(tx, { kind: latest.kind, id: latest.id }, now) };
      });
      const passkey = await passkeys.verifyRegistration(body.response, challenge.challenge);
      const token = newSecret();
      const tokenHash = await hashSecret(token);
      const enrolmentHash = body.enrolment === undefined ? undefined : await hashSecret(body.enrolment);
      const { view, expiresAt } = await db.transaction('identity:register-passkey', async (tx) => {
        await tx.passkeys.insert({
          id: newId(),
          userId: user.id,
          ...passkey,
          transports: [...passkey.transports],
          createdAt: now,
        });
        if (enrolmentHash !== undefined) (await tx.enrolments.lock({ tokenHash: enrolmentHash })).usedAt = now;
        const session = await startSession(tx, context, {
          user: await tx.users.get({ id: user.id }),
          factor: 'passkey',
          tokenHash,
        });
        return { view: await viewSession(tx, session, user), expiresAt: session.expiresAt };
      });
      context.session.set(token, plusMs(now, expiresAt - now));
      return view;
    },
    bindCertificate: async ({ body }, context) => {
      const { caller, now } = context;
      const signer = await trust.verify({
        purpose: 'qej-bind/1',
        content: bindingBytes(caller.userId),
        cms: fromBase64(body.cms),
        at: now,
      });
      const sign = await trust.checkCertificate({ certificate: signer.certificate, usage: 'sign', at: now });
      const encrypt =
        body.encryptionCertificate === undefined
          ? undefined
          : await trust.checkCertificate({
              certificate: fromBase64(body.encryptionCertificate),
              usage: 'encrypt',
              at: now,
            });
      return db.transaction('identity:bind-certificate', async (tx) => {
        const organization = await tx.organizations.get({ id: caller.organizationId });
        for (const [certificate, usage] of [
          [sign, 'sign'],
          [encrypt, 'encrypt'],
        ] as const) {
          if (certificate === undefined) continue;
          if (certificate.uscc !== '' && certificate.uscc !== organization.uscc)
            throw new DomainError('E_CERT_SUBJECT');
          await insertCertificate(tx, context, {
            der: certificate.certificate,
            fingerprint: certificate.fingerprint,
            subject: certificate.commonName,
            notAfter: certificate.notAfter,
            usage,
          });
        }
        return { items: (await tx.certificates.list({ userId: caller.userId })).map(viewCertificate) };
      });
    },
    listMyCertificates: async (_input, { caller }) => ({
      items: (await db.read((tx) => tx.certificates.list({ userId: caller.userId }))).map(viewCertificate),
    }),
    listColleagues: async (_input, { caller }) =>
      db.read(async (tx) => {
        const memberships = await tx.memberships.list({ organizationId: caller.organizationId });
        const users = new Map(
          (await tx.users.list({ id: memberships.map(({ userId }) => userId) })).map((user) => [user.id, user.name]),
        );
        return {
          items: memberships.map(({ userId, roles }) => ({
            userId,
            name: users.get(userId) ?? '',
            roles: roles as Role[],
          })),
        };
      }),
    inviteColleague: async ({ body }, { caller, now }) => {
      const enrolment = newSecret();
      const tokenHash = await hashSecret(enrolment);
      return db.transaction('identity:invite', async (tx) => {
        const organization = await tx.organizations.get({ id: caller.organizationId });
        const own = await tx.memberships.find({ organizationId: caller.organizationId, userId: caller.userId });
        if (
          own === undefined ||
          body.roles.some((role) => !organization.roles.includes(role) || !own.roles.includes(role))
        )
          throw new DomainError('E_FORBIDDEN', { detail: 'you can only pass on roles that you hold here' });
        const { id: userId } = await tx.users.insert({
          id: newId(),
          name: body.name,
          email: body.email,
          phone: '',
          totpSecret: null,
          createdAt: now,
        });
        await tx.memberships.insert({
          id: newId(),
          userId,
          organizationId: organization.id,
          roles: body.roles,
          createdAt: now,
        });
        await newEnrolment(tx, tokenHash, userId, now);
        return { userId, enrolment };
      });
    },
  };
}
