import type { Instant } from '@qej/kernel';
import type { Mandate } from './mandate.ts';
import { coversTender, isMandateInForce } from './mandate.ts';
import type { OrganizationId, UserId } from './people.ts';
import type { Role } from './role.ts';
import { secondFactorRoles } from './role.ts';

export const factors = ['passkey', 'certificate', 'totp', 'demo'] as const;
/** How the user proved who it is in this session. `demo` exists only where the demo database was made. */
export type Factor = (typeof factors)[number];

/** Who acts, for whom, in which one role. */
export interface Session {
  readonly userId: UserId;
  readonly actingFor: { readonly organizationId: OrganizationId; readonly role: Role };
  readonly factors: readonly Factor[];
}

/** What an act asks for; declared on its route, denied by default. */
export interface Requirement {
  readonly roles: readonly Role[];
  /** Also where the role itself does not ask for it. */
  readonly secondFactor?: boolean;
  /** The party concerned: the session must act for it, or hold its mandate. */
  readonly scope?: { readonly organizationId?: string; readonly tenderId?: string };
}

export interface PermissionFacts {
  readonly mandates: readonly Mandate[];
  readonly now: Instant;
}

export const permissionRefusals = ['E_NOT_LOGGED_IN', 'E_ROLE', 'E_SECOND_FACTOR', 'E_SCOPE'] as const;
export type PermissionRefusal = (typeof permissionRefusals)[number];

export type Permission =
  | { readonly allowed: true; readonly mandate: Mandate | null }
  | { readonly allowed: false; readonly code: PermissionRefusal };

const deny = (code: PermissionRefusal): Permission => ({ allowed: false, code });

/** Two different factors, or a passkey or certificate with the TOTP code. */
export const hasSecondFactor = (session: Session): boolean =>
  session.factors.includes('totp') && session.factors.length > 1;

function findMandate(
  session: Session,
  scope: { readonly organizationId: string; readonly tenderId?: string },
  facts: PermissionFacts,
): Mandate | undefined {
  const { organizationId, role } = session.actingFor;
  return facts.mandates.find(
    (mandate) =>
      mandate.grantor === scope.organizationId &&
      mandate.roles.includes(role) &&
      isMandateInForce(mandate, facts.now) &&
      coversTender(mandate, scope.tenderId) &&
      (mandate.delegate.kind === 'organization'
        ? mandate.delegate.organizationId === organizationId
        : mandate.delegate.userId === session.userId),
  );
}

/**
 * The one permission decision (PRODUCT I8). Unknown means no: no session, no role in the list, no second factor, neither party
 * nor mandate. The mandate that was used comes back, to be recorded with the act.
 */
export function may(session: Session | undefined, requirement: Requirement, facts: PermissionFacts): Permission {
  if (session === undefined) return deny('E_NOT_LOGGED_IN');
  const { role, organizationId } = session.actingFor;
  if (!requirement.roles.includes(role)) return deny('E_ROLE');
  const needsSecond = requirement.secondFactor === true || secondFactorRoles.includes(role);
  if (needsSecond && !hasSecondFactor(session)) return deny('E_SECOND_FACTOR');
  const party = requirement.scope?.organizationId;
  if (party === undefined || party === organizationId) return { allowed: true, mandate: null };
  const tenderId = requirement.scope?.tenderId;
  const mandate = findMandate(
    session,
    { organizationId: party, ...(tenderId === undefined ? {} : { tenderId }) },
    facts,
  );
  return mandate === undefined ? deny('E_SCOPE') : { allowed: true, mandate };
}
