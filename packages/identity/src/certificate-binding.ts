import { DomainError } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { OrganizationId, UserId } from './people.ts';

export const certificateUses = ['sign', 'encrypt'] as const;
export type CertificateUse = (typeof certificateUses)[number];

/** One certificate belongs to one account, once: it is used for legal signatures and unwrapping only. */
export interface CertificateBinding {
  /** SHA-256 of the DER certificate, hex. */
  readonly fingerprint: string;
  readonly userId: UserId;
  readonly organizationId: OrganizationId;
  readonly use: CertificateUse;
  readonly notAfter: Instant;
  readonly boundAt: Instant;
  readonly releasedAt: Instant | null;
}

/**
 * Binding again by the same account changes nothing; a fingerprint that ever belonged to another account stays there.
 * @throws DomainError `E_CERTIFICATE_BOUND`, `E_CERTIFICATE_EXPIRED`
 */
export function bindCertificate(
  known: readonly CertificateBinding[],
  binding: Omit<CertificateBinding, 'boundAt' | 'releasedAt'>,
  now: Instant,
): CertificateBinding {
  if (now > binding.notAfter) throw new DomainError('E_CERTIFICATE_EXPIRED');
  const existing = known.find((other) => other.fingerprint === binding.fingerprint);
  if (existing === undefined) return { ...binding, boundAt: now, releasedAt: null };
  const isSame =
    existing.userId === binding.userId &&
    existing.organizationId === binding.organizationId &&
    existing.use === binding.use;
  if (!isSame || existing.releasedAt !== null) throw new DomainError('E_CERTIFICATE_BOUND');
  return existing;
}

export const releaseCertificate = (binding: CertificateBinding, now: Instant): CertificateBinding =>
  binding.releasedAt === null ? { ...binding, releasedAt: now } : binding;

export const isBindingInForce = (binding: CertificateBinding, now: Instant): boolean =>
  binding.releasedAt === null && now <= binding.notAfter;
