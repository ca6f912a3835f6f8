import type { RouteDefinition, Scope } from '@qej/contract';
import { DomainError } from '@qej/kernel';
import type { Clock } from '@qej/kernel';
import type { Caller, Database, RequestContext, Transaction } from '@qej/usecases';
import type { Context } from 'koa';
import { createHash } from 'node:crypto';
import type { Authorize } from './mount.ts';

export const SESSION_COOKIE = 'qej_session';
export const hashToken = (token: string): string => createHash('sha256').update(token).digest('hex');

type Stake = (tx: Transaction, caller: Caller, tenderId: string) => Promise<boolean>;
const SIGNED_IN = ['signed-in', 'declared', 'released'];

const tenderWhere =
  (member: 'agencyOrganizationId' | 'tendereeOrganizationId'): Stake =>
  async (tx, caller, tenderId) =>
    (await tx.tenders.find({ id: tenderId, [member]: caller.organizationId })) !== undefined;

const committee: Stake = async (tx, caller, tenderId) => {
  const expert = await tx.experts.find({ userId: caller.userId });
  return (
    expert !== undefined && (await tx.seats.find({ tenderId, expertId: expert.id, state: SIGNED_IN })) !== undefined
  );
};
const bidder: Stake = async (tx, caller, tenderId) =>
  (await tx.bids.find({ tenderId, organizationId: caller.organizationId })) !== undefined;
const supervisor: Stake = async (tx, caller, tenderId) =>
  caller.role === 'supervisor' && (await tx.tenders.find({ id: tenderId })) !== undefined;
/** The organisation is one of the holders that the notice names. */
const witness: Stake = async (tx, caller, tenderId) => {
  const tender = await tx.tenders.find({ id: tenderId });
  return tender?.notice?.includes(caller.organizationId) === true;
};

/** By role: an agency's stake is its mandate, a bidder's its opened bid, and so on. A role without a row has none. */
const stakeOfRole: Readonly<Record<string, Stake>> = {
  agency: tenderWhere('agencyOrganizationId'),
  tenderee: tenderWhere('tendereeOrganizationId'),
  witness,
  bidder,
  expert: committee,
  supervisor,
};
const onlyRole =
  (...roles: readonly string[]): Stake =>
  async (tx, caller, tenderId) =>
    roles.includes(caller.role) && (await stakeOfRole[caller.role]?.(tx, caller, tenderId)) === true;

const scopes: Readonly<Record<Exclude<Scope, 'own-organization'>, Stake>> = {
  'tender-agency': onlyRole('agency'),
  'tender-tenderee': onlyRole('tenderee'),
  'tender-staff': onlyRole('agency', 'tenderee'),
  'tender-witness': onlyRole('witness'),
  'tender-bidder': onlyRole('bidder'),
  'tender-committee': onlyRole('expert'),
  'tender-participant': onlyRole(...Object.keys(stakeOfRole)),
};

export async function hasStake(
  tx: Transaction,
  scope: Scope,
  caller: Caller,
  tenderId: string | undefined,
): Promise<boolean> {
  if (scope === 'own-organization') return true; // such handlers filter by caller.organizationId
  return tenderId !== undefined && scopes[scope](tx, caller, tenderId);
}

export interface SessionState {
  readonly caller: Caller;
  readonly needsSecondFactor: boolean;
}

/** The session behind a token, or undefined when it is unknown, ended or expired. */
export async function findSession(tx: Transaction, token: string, now: number): Promise<SessionState | undefined> {
  const session = await tx.sessions.find({ tokenHash: hashToken(token) });
  if (session === undefined || session.endedAt !== null || session.expiresAt <= now) return undefined;
  const user = await tx.users.get({ id: session.userId });
  return {
    caller: {
      userId: user.id,
      name: user.name,
      sessionId: session.id,
      organizationId: session.organizationId ?? '',
      role: session.role ?? '',
      factors: session.factors,
    },
    needsSecondFactor: user.totpSecret !== null && !session.factors.includes('totp'),
  };
}

export interface AuthorizeDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly origin: string;
  readonly secureCookies: boolean;
}

function admit(route: RouteDefinition, state: SessionState | undefined): void {
  const { access } = route;
  if (access.kind === 'public' || access.kind === 'signed') return;
  if (state === undefined) throw new DomainError('E_LOGIN_REQUIRED');
  if (access.kind === 'session') return;
  if (!(access.roles as readonly string[]).includes(state.caller.role)) throw new DomainError('E_FORBIDDEN');
  if (access.secondFactor === true && !state.caller.factors.includes('totp'))
    throw new DomainError('E_SECOND_FACTOR_REQUIRED');
}

/** Denied by default: a route says who may, the session says who calls, the tender says whose it is. */
export function makeAuthorize({ db, clock, origin, secureCookies }: AuthorizeDeps): Authorize {
  return async (route, ctx, params) => {
    const token = ctx.cookies.get(SESSION_COOKIE);
    const state = token === undefined ? undefined : await db.read((tx) => findSession(tx, token, clock.now()));
    admit(route, state);
    if (route.access.kind === 'roles' && route.access.scope !== undefined && state !== undefined) {
      const { scope } = route.access;
      const allowed = await db.read((tx) => hasStake(tx, scope, state.caller, params['tenderId']));
      // The same answer whether the tender exists or not.
      if (!allowed) throw new DomainError(scope === 'own-organization' ? 'E_FORBIDDEN' : 'E_NOT_FOUND');
    }
    return contextOf(ctx, { state, token, origin, secureCookies, clock });
  };
}

function contextOf(
  ctx: Context,
  from: {
    state: SessionState | undefined;
    token: string | undefined;
    origin: string;
    secureCookies: boolean;
    clock: Clock;
  },
): RequestContext {
  const options = {
    httpOnly: true,
    sameSite: 'lax',
    secure: from.secureCookies,
    path: '/',
    overwrite: true,
  } as const;
  return {
    now: from.clock.now(),
    caller: from.state?.caller,
    origin: from.origin,
    session: {
      token: from.token,
      set: (token, expiresAt) =>
        void ctx.cookies.set(SESSION_COOKIE, token, { ...options, expires: new Date(expiresAt) }),
      clear: () => void ctx.cookies.set(SESSION_COOKIE, '', { ...options, maxAge: 0 }),
    },
  };
}
