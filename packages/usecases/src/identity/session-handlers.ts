import { verifyTotp } from '@qej/identity';
import { canonicalBytes, DomainError, formatInstant, fromBase64, newId, plusMs, Secret } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Handlers, RequestContext } from '../handlers.ts';
import type { Transaction } from '../ports.ts';
import type { ChallengeRecord, UserRecord } from '../records.ts';
import type { IdentityPorts, StoredPasskey } from './ports.ts';
import { endSession, hashSecret, newSecret, ownSession, startSession, viewSession } from './session.ts';
import type { SessionView } from './session.ts';

const CHALLENGE_MS = 300_000;

export async function newChallenge(
  tx: Transaction,
  kind: string,
  challenge: string,
  now: Instant,
  userId: string | null = null,
): Promise<ChallengeRecord> {
  return tx.challenges.insert({
    id: newId(),
    kind,
    challenge,
    userId,
    expiresAt: plusMs(now, CHALLENGE_MS),
    usedAt: null,
  });
}

/** A challenge is good once. @throws DomainError `E_CHALLENGE` */
export async function spendChallenge(
  tx: Transaction,
  where: { kind: string; id?: string; challenge?: string },
  now: Instant,
): Promise<ChallengeRecord> {
  const found = await tx.challenges.find(where);
  if (found === undefined) throw new DomainError('E_CHALLENGE');
  const row = await tx.challenges.lock({ id: found.id });
  if (row.usedAt !== null || row.expiresAt < now) throw new DomainError('E_CHALLENGE');
  row.usedAt = now;
  return row;
}

async function finishLogin(
  ports: IdentityPorts,
  context: RequestContext,
  work: (tx: Transaction) => Promise<{ user: UserRecord; factor: 'passkey' | 'certificate' }>,
): Promise<SessionView> {
  const token = newSecret();
  const tokenHash = await hashSecret(token);
  const { view, expiresAt } = await ports.db.transaction('identity:login', async (tx) => {
    const { user, factor } = await work(tx);
    const session = await startSession(tx, context, { user, factor, tokenHash });
    return { view: await viewSession(tx, session, user), expiresAt: session.expiresAt };
  });
  context.session.set(token, plusMs(context.now, expiresAt - context.now));
  return view;
}

type Names =
  | 'passkeyLoginOptions'
  | 'loginWithPasskey'
  | 'certificateChallenge'
  | 'loginWithCertificate'
  | 'confirmSecondFactor'
  | 'getSession'
  | 'actAs'
  | 'logOut';

/** Log-in by passkey or certificate, the second factor, and whom the session acts for. */
export function makeSessionHandlers(ports: IdentityPorts): Handlers<Names> {
  const { db, passkeys, trust, facts } = ports;
  return {
    passkeyLoginOptions: async (_input, { now }) => {
      const { challenge, options } = await passkeys.loginOptions();
      const row = await db.transaction('identity:challenge', (tx) => newChallenge(tx, 'passkey-login', challenge, now));
      return { challengeId: row.id, options };
    },
    loginWithPasskey: async ({ body }, context) => {
      const { now } = context;
      const challenge = await db.transaction('identity:spend-challenge', (tx) =>
        spendChallenge(tx, { kind: 'passkey-login', id: body.challengeId }, now),
      );
      const credentialId = passkeys.credentialOf(body.response);
      const passkey = await db.read((tx) => tx.passkeys.find({ credentialId }));
      if (passkey === undefined) throw new DomainError('E_PASSKEY', { detail: 'unknown credential' });
      const counter = await passkeys.verifyLogin(body.response, challenge.challenge, passkey as StoredPasskey);
      return finishLogin(ports, context, async (tx) => {
        (await tx.passkeys.lock({ id: passkey.id })).counter = counter;
        return { user: await tx.users.get({ id: passkey.userId }), factor: 'passkey' };
      });
    },
    certificateChallenge: async (_input, { now }) => {
      const nonce = newSecret();
      const row = await db.transaction('identity:challenge', (tx) => newChallenge(tx, 'certificate-login', nonce, now));
      return { origin: facts.origin, nonce, expiresAt: formatInstant(plusMs(now, row.expiresAt - now)) };
    },
    loginWithCertificate: async ({ body }, context) => {
      const { now } = context;
      const challenge = await db.transaction('identity:spend-challenge', (tx) =>
        spendChallenge(tx, { kind: 'certificate-login', challenge: body.nonce }, now),
      );
      const expiresAt = formatInstant(plusMs(now, challenge.expiresAt - now));
      const content = canonicalBytes({ origin: facts.origin, nonce: body.nonce, expiresAt });
      const signer = await trust.verify({ purpose: 'qej-login/1', content, cms: fromBase64(body.cms), at: now });
      return finishLogin(ports, context, async (tx) => {
        const certificate = await tx.certificates.find({ fingerprint: signer.fingerprint, usage: 'sign' });
        if (certificate === undefined) throw new DomainError('E_CERT_UNBOUND');
        return { user: await tx.users.get({ id: certificate.userId }), factor: 'certificate' };
      });
    },
    confirmSecondFactor: async ({ body }, context) =>
      db.transaction('identity:second-factor', async (tx) => {
        const { session, user } = await ownSession(tx, context);
        if (user.totpSecret === null)
          throw new DomainError('E_SECOND_FACTOR', { detail: 'no second factor is enrolled' });
        const last = await tx.settings.find({ id: `totp:${user.id}` });
        const step = verifyTotp(
          new Secret(user.totpSecret),
          body.code,
          typeof last?.value === 'number' ? last.value : null,
          context.now,
        );
        if (step === undefined) throw new DomainError('E_SECOND_FACTOR');
        if (last === undefined) await tx.settings.insert({ id: `totp:${user.id}`, value: step });
        else last.value = step;
        if (!session.factors.includes('totp')) session.factors = [...session.factors, 'totp'];
        return viewSession(tx, session, user);
      }),
    getSession: async (_input, context) =>
      db.read(async (tx) => {
        const session = await tx.sessions.get({ id: context.caller.sessionId });
        return viewSession(tx, session, await tx.users.get({ id: session.userId }));
      }),
    actAs: async ({ body }, context) =>
      db.transaction('identity:act-as', async (tx) => {
        const { session, user } = await ownSession(tx, context);
        const membership = await tx.memberships.find({ id: body.membershipId, userId: user.id });
        const organization =
          membership === undefined ? undefined : await tx.organizations.get({ id: membership.organizationId });
        if (
          membership === undefined ||
          organization === undefined ||
          !membership.roles.includes(body.role) ||
          !organization.roles.includes(body.role)
        )
          throw new DomainError('E_FORBIDDEN');
        session.organizationId = organization.id;
        session.role = body.role;
        return viewSession(tx, session, user);
      }),
    logOut: async (_input, context) => {
      const token = context.session.token;
      if (token !== undefined) {
        const tokenHash = await hashSecret(token);
        await db.transaction('identity:log-out', (tx) => endSession(tx, tokenHash, context.now));
      }
      context.session.clear();
    },
  };
}
