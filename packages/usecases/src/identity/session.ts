import { roles as allRoles, secondFactorRoles } from '@qej/identity';
import type { Role } from '@qej/identity';
import { DomainError, formatInstant, instant, newId, plusMs, toBase64Url, toHex, utf8 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { AuthenticatedContext, RequestContext } from '../handlers.ts';
import type { Transaction } from '../ports.ts';
import type { MembershipRecord, OrganizationRecord, SessionRecord, UserRecord } from '../records.ts';

const SESSION_MS = 12 * 3_600_000;

/** SHA-256 of a token, as it is stored: the database alone opens no session. */
export async function hashSecret(token: string): Promise<string> {
  return toHex(new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', utf8(token))));
}

/** 256 random bits, base64url. */
export const newSecret = (): string => toBase64Url(globalThis.crypto.getRandomValues(new Uint8Array(32)));

type KnownFactor = 'passkey' | 'certificate' | 'totp';
export interface SessionView {
  userId: string;
  name: string;
  memberships: { membershipId: string; organizationId: string; organizationName: string; roles: Role[] }[];
  actingAs?: { organizationId: string; organizationName: string; role: Role };
  factors: KnownFactor[];
  secondFactorNeeded: boolean;
  expiresAt: string;
}

const isRole = (text: string): text is Role => (allRoles as readonly string[]).includes(text);
const heldRoles = (membership: MembershipRecord, organization: OrganizationRecord): Role[] =>
  membership.roles.filter(isRole).filter((role) => organization.roles.includes(role));

export async function viewSession(tx: Transaction, session: SessionRecord, user: UserRecord): Promise<SessionView> {
  const memberships = await tx.memberships.list({ userId: user.id }, { orderBy: { createdAt: 'asc' } });
  const organizations =
    memberships.length === 0
      ? []
      : await tx.organizations.list({ id: memberships.map(({ organizationId }) => organizationId) });
  const byId = new Map(organizations.map((organization) => [organization.id, organization]));
  const rows = memberships.flatMap((membership) => {
    const organization = byId.get(membership.organizationId);
    if (organization === undefined) return [];
    return [
      {
        membershipId: membership.id,
        organizationId: organization.id,
        organizationName: organization.name,
        roles: heldRoles(membership, organization),
      },
    ];
  });
  const acting = session.organizationId === null ? undefined : byId.get(session.organizationId);
  return {
    userId: user.id,
    name: user.name,
    memberships: rows,
    ...(acting === undefined || session.role === null || !isRole(session.role)
      ? {}
      : { actingAs: { organizationId: acting.id, organizationName: acting.name, role: session.role } }),
    factors: session.factors as KnownFactor[],
    secondFactorNeeded:
      user.totpSecret !== null &&
      !session.factors.includes('totp') &&
      rows.some(({ roles }) => roles.some((role) => secondFactorRoles.includes(role))),
    expiresAt: formatInstant(instant(session.expiresAt)),
  };
}

/** A new session with a new token: a token that was known before log-in never becomes one (no fixation). */
export async function startSession(
  tx: Transaction,
  context: RequestContext,
  login: { readonly user: UserRecord; readonly factor: KnownFactor; readonly tokenHash: string },
): Promise<SessionRecord> {
  const [first] = await tx.memberships.list({ userId: login.user.id }, { orderBy: { createdAt: 'asc' }, limit: 1 });
  const organization = first === undefined ? undefined : await tx.organizations.get({ id: first.organizationId });
  const role = first === undefined || organization === undefined ? undefined : heldRoles(first, organization)[0];
  if (context.session.token !== undefined) await endSession(tx, await hashSecret(context.session.token), context.now);
  return tx.sessions.insert({
    id: newId(),
    tokenHash: login.tokenHash,
    userId: login.user.id,
    organizationId: organization?.id ?? null,
    role: role ?? null,
    factors: [login.factor],
    createdAt: context.now,
    expiresAt: plusMs(context.now, SESSION_MS),
    endedAt: null,
  });
}

export async function endSession(tx: Transaction, tokenHash: string, now: Instant): Promise<void> {
  const session = await tx.sessions.find({ tokenHash });
  if (session !== undefined && session.endedAt === null) session.endedAt = now;
}

export async function ownSession(
  tx: Transaction,
  context: AuthenticatedContext,
): Promise<{ session: SessionRecord; user: UserRecord }> {
  const session = await tx.sessions.lock({ id: context.caller.sessionId });
  if (session.endedAt !== null) throw new DomainError('E_LOGIN_REQUIRED');
  return { session, user: await tx.users.get({ id: session.userId }) };
}
