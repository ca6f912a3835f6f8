import { DomainError, fromBase64 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Caller, PlatformTrust, Transaction, VerifiedSigner } from '../ports.ts';

/** Verifies a detached signature over bytes that the server made again. @throws DomainError `E_SIGNATURE` or a certificate code */
export const verifyAct = (
  trust: PlatformTrust,
  act: { purpose: string; content: Uint8Array; cms: string; now: Instant },
): Promise<VerifiedSigner> =>
  trust.verify({ purpose: act.purpose, content: act.content, cms: fromBase64(act.cms), at: act.now });

/** The signer's certificate belongs to the caller's account. @throws DomainError `E_CERT_UNBOUND` */
export async function requireBound(tx: Transaction, signer: VerifiedSigner, caller: Caller): Promise<void> {
  const bound = await tx.certificates.find({ fingerprint: signer.fingerprint, userId: caller.userId });
  if (bound === undefined) throw new DomainError('E_CERT_UNBOUND');
}
