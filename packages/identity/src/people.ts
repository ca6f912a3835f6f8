import { DomainError } from '@qej/kernel';
import type { Id, Instant } from '@qej/kernel';
import type { Role } from './role.ts';
import { findRoleClash, roles } from './role.ts';
import type { Uscc } from './uscc.ts';

export type UserId = Id<'user'>;
export type OrganizationId = Id<'organization'>;

/** A natural person. */
export interface User {
  readonly userId: UserId;
  readonly name: string;
  readonly email: string | null;
  readonly mobile: string | null;
  readonly locale: 'zh-CN' | 'en';
  readonly registeredAt: Instant;
  readonly suspendedAt: Instant | null;
}

/** A legal person; it holds roles, and users act for it. One organisation may be tenderee and agency both. */
export interface Organization {
  readonly organizationId: OrganizationId;
  readonly name: string;
  readonly uscc: Uscc;
  readonly roles: readonly Role[];
  readonly registeredAt: Instant;
  readonly suspendedAt: Instant | null;
}

/** A user may act for an organisation in these of its roles, from until. */
export interface Membership {
  readonly userId: UserId;
  readonly organizationId: OrganizationId;
  readonly roles: readonly Role[];
  /** May admit and dismiss members and grant mandates. */
  readonly isAdministrator: boolean;
  readonly from: Instant;
  readonly until: Instant | null;
}

/** @throws DomainError `E_ROLE_CLASH`, `E_ROLE_NONE` */
export function checkRoles(held: readonly Role[]): void {
  if (held.length === 0 || held.some((role) => !roles.includes(role))) throw new DomainError('E_ROLE_NONE');
  const clash = findRoleClash(held);
  if (clash !== undefined) throw new DomainError('E_ROLE_CLASH', { params: { one: clash[0], other: clash[1] } });
}

export const isMembershipInForce = (membership: Membership, now: Instant): boolean =>
  membership.from <= now && (membership.until === null || now < membership.until);

/** For what a user may act now: the organisation's roles that its membership grants. */
export function actingRoles(
  user: User,
  organization: Organization,
  membership: Membership,
  now: Instant,
): readonly Role[] {
  const isBound = membership.userId === user.userId && membership.organizationId === organization.organizationId;
  if (
    !isBound ||
    user.suspendedAt !== null ||
    organization.suspendedAt !== null ||
    !isMembershipInForce(membership, now)
  )
    return [];
  return organization.roles.filter((role) => membership.roles.includes(role));
}
