import { DomainError } from '@qej/kernel';
import type { Id, Instant } from '@qej/kernel';
import type { OrganizationId, UserId } from './people.ts';
import type { Role } from './role.ts';

export type MandateScope = { readonly kind: 'all' } | { readonly kind: 'tender'; readonly tenderId: string };

/** 委托书: an organisation lets another organisation, or a person, act for it. The signed document is kept beside it by hash. */
export interface Mandate {
  readonly mandateId: Id<'mandate'>;
  readonly grantor: OrganizationId;
  readonly delegate:
    | { readonly kind: 'organization'; readonly organizationId: OrganizationId }
    | { readonly kind: 'user'; readonly userId: UserId };
  readonly scope: MandateScope;
  /** In which roles the delegate may act. */
  readonly roles: readonly Role[];
  readonly from: Instant;
  readonly to: Instant;
  readonly revokedAt: Instant | null;
  readonly documentSha256: string | null;
}

/** @throws DomainError `E_MANDATE` for an empty period, no role, or a mandate to oneself. */
export function checkMandate(mandate: Mandate): void {
  if (mandate.from >= mandate.to) throw new DomainError('E_MANDATE', { detail: 'it ends before it begins' });
  if (mandate.roles.length === 0) throw new DomainError('E_MANDATE', { detail: 'it grants no role' });
  if (mandate.delegate.kind === 'organization' && mandate.delegate.organizationId === mandate.grantor) {
    throw new DomainError('E_MANDATE', { detail: 'nobody mandates itself' });
  }
}

export const isMandateInForce = (mandate: Mandate, now: Instant): boolean =>
  mandate.from <= now && now < mandate.to && (mandate.revokedAt === null || now < mandate.revokedAt);

/** Does the mandate reach this tender? Without a tender only an unlimited one does. */
export const coversTender = (mandate: Mandate, tenderId: string | undefined): boolean =>
  mandate.scope.kind === 'all' || mandate.scope.tenderId === tenderId;

/** A revocation counts from now on; what was done under the mandate stays. */
export const revokeMandate = (mandate: Mandate, now: Instant): Mandate =>
  mandate.revokedAt === null ? { ...mandate, revokedAt: now } : mandate;
