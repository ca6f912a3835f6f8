import { toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { getPurpose, OID, parseCertificate, parseCrl, parseSignedData, verifyCms } from '@qej/pki';
import type { Certificate, Crl, Purpose, TimestampPolicy } from '@qej/pki';
import type { Archive } from './archive.ts';
import { sha256 } from './container.ts';
import type { TrustedPolicy } from './policy.ts';
import type { Check } from './report.ts';

/** Roots are the verifier's; intermediates and lists come from the file, each signed by what leads to a root. */
export interface TrustSet {
  readonly roots: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
  /** 'not-checked' only where the file brings none and the caller gave none: the report says so. */
  readonly crls: readonly Crl[] | 'not-checked';
  readonly timestamp: TimestampPolicy;
}

export interface SignerFact {
  readonly name: string;
  readonly organization: string;
  readonly uscc: string;
  /** SHA-256 of the certificate. */
  readonly fingerprint: string;
  readonly certificate: Certificate;
}

export const signerFact = (certificate: Certificate): SignerFact => ({
  name: certificate.subject.commonName ?? '',
  organization: certificate.subject.organization ?? '',
  uscc: certificate.subject.uscc ?? '',
  fingerprint: toHex(sha256(certificate.der)),
  certificate,
});

/** A set out of what the file brings along beside the policy's roots. */
export const makeTrustSet = (
  policy: Pick<TrustedPolicy, 'roots' | 'tsaPolicies'>,
  found: { readonly intermediates: readonly Certificate[]; readonly crls: readonly Crl[] | 'not-checked' },
): TrustSet => {
  const { roots } = policy;
  return { ...found, roots, timestamp: { ...found, roots, policyOids: policy.tsaPolicies } };
};

/** Reads `trust.json`; a certificate or list that cannot be read is a finding, the others stay usable. */
export async function readTrustSet(archive: Archive, policy: TrustedPolicy, check: Check): Promise<TrustSet> {
  const listed = await check('trust.json', () => archive.member('trust.json'));
  const intermediates: Certificate[] = [];
  const crls: Crl[] = [];
  for (const [i, text] of [...(listed?.intermediates ?? []), ...(listed?.tsaCertificates ?? [])].entries()) {
    const read = await check(`trust.json certificate ${i}`, () => parseCertificate(Buffer.from(text, 'base64')));
    if (read !== undefined) intermediates.push(read);
  }
  for (const [i, text] of (listed?.crls ?? []).entries()) {
    const read = await check(`trust.json list ${i}`, () => parseCrl(Buffer.from(text, 'base64')));
    if (read !== undefined) crls.push(read);
  }
  return makeTrustSet(policy, { intermediates, crls });
}

export interface SignedAct {
  readonly purpose: Purpose;
  readonly content: Uint8Array;
  readonly cms: Uint8Array;
  /** When the act is said to have happened; an enclosed time stamp overrules it. */
  readonly at: Instant;
}

export const carriesTimestamp = (cms: Uint8Array): boolean =>
  parseSignedData(cms).unsignedAttributes.has(OID.signatureTimestamp);

/**
 * Chain as of the act, revocation, key usage, CAdES attributes, purpose, signature.
 * @throws DomainError of @qej/pki
 */
export async function verifyAct(trust: TrustSet, { purpose, content, cms, at }: SignedAct): Promise<SignerFact> {
  const { eContentType } = getPurpose(purpose);
  const verified = await verifyCms({
    cms,
    content,
    eContentType,
    ...trust,
    at: carriesTimestamp(cms) ? 'timestamp' : at,
  });
  return signerFact(verified.signer);
}
