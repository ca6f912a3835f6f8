import { DomainError, fromUtf8 } from '@qej/kernel';
import { certificatesFromPem, parseCertificate } from '@qej/pki';
import type { Certificate } from '@qej/pki';
import { parseVkey } from '@qej/evidence';
import { refuse } from './codes.ts';

/** Whom the person who verifies believes. Nothing of it is ever taken from the file that is checked. */
export interface VerifyPolicy {
  /** DER, or PEM with any number of certificates. */
  readonly roots: readonly Uint8Array[];
  readonly witnesses: readonly { readonly vkey: string; readonly independent: boolean }[];
  /** How many of the witnesses must have cosigned a checkpoint. */
  readonly quorum: number;
  /** Accepted RFC 3161 policies, as OIDs. */
  readonly tsaPolicies: readonly string[];
  /** c2sp.org verifier key of the log. Left out, the archive's own is used and the report says so. */
  readonly logKey?: string;
  /** Issuing authorities and revocation lists of one's own, for receipts, PDFs and certificates; an archive brings its own. */
  readonly intermediates?: readonly Uint8Array[];
  readonly crls?: readonly Uint8Array[];
  /** Longest time between receipt and time stamp; 60 s unless told. */
  readonly maxTimestampDelayMs?: number;
}

export interface TrustedPolicy extends Omit<VerifyPolicy, 'roots'> {
  readonly roots: readonly Certificate[];
}

/** PEM or DER. @throws DomainError `E_VERIFY_POLICY` */
export function readCertificates(bytes: Uint8Array): readonly Certificate[] {
  try {
    return bytes[0] === 0x30 ? [parseCertificate(bytes)] : certificatesFromPem(fromUtf8(bytes));
  } catch (cause) {
    return refuse('E_VERIFY_POLICY', 'not a certificate in DER or PEM', cause);
  }
}

/** @throws DomainError `E_VERIFY_POLICY` for a policy under which everything or nothing could pass. */
export function readPolicy(policy: VerifyPolicy): TrustedPolicy {
  const roots = policy.roots.flatMap(readCertificates);
  if (roots.length === 0) refuse('E_VERIFY_POLICY', 'no root certificate is given');
  if (policy.witnesses.length > 0 && policy.quorum < 1)
    refuse('E_VERIFY_POLICY', 'witnesses are named, but none has to sign');
  try {
    for (const { vkey } of policy.witnesses) parseVkey(vkey);
    if (policy.logKey !== undefined) parseVkey(policy.logKey);
  } catch (cause) {
    refuse('E_VERIFY_POLICY', cause instanceof DomainError ? cause.message : 'verifier key', cause);
  }
  return { ...policy, roots };
}
