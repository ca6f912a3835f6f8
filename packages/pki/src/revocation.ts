import { equalBytes, formatInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Certificate } from './certificate.ts';
import type { Crl } from './crl.ts';
import { refuse } from './refuse.ts';
import { isSignatureValid } from './verify-signature.ts';

/** 8 = removeFromCRL, which only a delta list may say. */
const REMOVE_FROM_CRL = 8;

async function ownLists(issuer: Certificate, crls: readonly Crl[]): Promise<readonly Crl[]> {
  if (!issuer.keyUsage.includes('cRLSign')) return [];
  const named = crls.filter(
    (crl) =>
      equalBytes(crl.issuer.der, issuer.subject.der) &&
      (crl.authorityKeyId === undefined || crl.authorityKeyId === issuer.subjectKeyId),
  );
  const valid = await Promise.all(
    named.map((crl) => isSignatureValid(issuer.spki, crl.signatureAlgorithm, crl.tbs, crl.signature)),
  );
  return named.filter((_, index) => valid[index]);
}

function checkEntry(certificate: Certificate, crl: Crl, at: Instant): void {
  const entry = crl.revoked.get(certificate.serial);
  if (entry === undefined || entry.reason === REMOVE_FROM_CRL) return;
  const since =
    entry.invalidSince !== undefined && entry.invalidSince < entry.revokedAt ? entry.invalidSince : entry.revokedAt;
  if (since <= at)
    refuse('E_CERT_REVOKED', `since ${formatInstant(since)}`, {
      subject: certificate.subject.commonName ?? certificate.serial,
      since: formatInstant(since),
    });
}

/**
 * Every certificate below the root needs a list of its issuer that still held at `at` (nextUpdate ≥ at); of several the newest decides.
 * A list newer than `at` is welcome: it knows more, and a revocation after `at` does not undo what was signed before.
 * @throws DomainError `E_CRL_MISSING`, `E_CRL_STALE`, `E_CERT_REVOKED`
 */
export async function checkRevocation(path: readonly Certificate[], crls: readonly Crl[], at: Instant): Promise<void> {
  for (let i = 0; i + 1 < path.length; i++) {
    const [certificate, issuer] = path.slice(i, i + 2);
    if (certificate === undefined || issuer === undefined) throw new Error('path shrank');
    const lists = await ownLists(issuer, crls);
    const subject = issuer.subject.commonName ?? issuer.serial;
    if (lists.length === 0) refuse('E_CRL_MISSING', 'no revocation list of the issuer', { subject });
    const current = lists.filter((crl) => crl.nextUpdate >= at).toSorted((a, b) => b.thisUpdate - a.thisUpdate);
    const [newest] = current;
    if (newest === undefined)
      return refuse('E_CRL_STALE', 'revocation list is older than the time of judgement', { subject });
    checkEntry(certificate, newest, at);
  }
}
