import type { Instant } from '@qej/kernel';
import type { Certificate } from './certificate.ts';
import { verifyChain } from './chain.ts';
import type { ChainResult } from './chain.ts';
import { checkSignedData } from './cms-check.ts';
import { parseSignedData } from './cms-parse.ts';
import type { ParsedSignedData } from './cms-parse.ts';
import type { Crl } from './crl.ts';
import type { SignatureAlgorithm } from './algorithms.ts';
import { OID } from './oids.ts';
import { refuse } from './refuse.ts';
import { verifyTimestamp } from './timestamp-verify.ts';
import type { TimestampPolicy, VerifiedTimestamp } from './timestamp-verify.ts';
import type { CertificateUsage } from './usage.ts';
import { sha256 } from './verify-signature.ts';

export interface VerifyCmsRequest {
  readonly cms: Uint8Array;
  /** Expected; anything else is refused. */
  readonly eContentType: string;
  /** Detached content, or its digest under the signer's hash. Neither: the content must be inside. */
  readonly content?: Uint8Array;
  readonly contentDigest?: Uint8Array;
  readonly roots: readonly Certificate[];
  /** Beyond those that the signature brings along. */
  readonly intermediates?: readonly Certificate[];
  readonly crls: readonly Crl[] | 'not-checked';
  /** The instant at which the certificate must have been good; 'timestamp' takes it from the verified token, which is then demanded. */
  readonly at: Instant | 'timestamp';
  readonly usage?: CertificateUsage;
  /** How to judge an enclosed RFC 3161 token; without it a token is not looked at. */
  readonly timestamp?: TimestampPolicy;
}

export interface VerifiedCms {
  readonly signer: Certificate;
  readonly content: Uint8Array | undefined;
  /** The instant that the chain was judged at. */
  readonly at: Instant;
  readonly chain: ChainResult;
  readonly algorithm: SignatureAlgorithm;
  /** Only a claim of the signer. */
  readonly claimedSigningTime: Instant | undefined;
  readonly timestamp: VerifiedTimestamp | undefined;
  readonly signature: Uint8Array;
}

async function checkTimestamp(
  parsed: ParsedSignedData,
  request: VerifyCmsRequest,
): Promise<VerifiedTimestamp | undefined> {
  const token = parsed.unsignedAttributes.get(OID.signatureTimestamp);
  if (request.timestamp === undefined) return undefined;
  if (token === undefined)
    return request.at === 'timestamp'
      ? refuse('E_CMS_TIMESTAMP_MISSING', 'signature carries no time stamp')
      : undefined;
  return verifyTimestamp({ token: token.bytes, digest: await sha256(parsed.signature), ...request.timestamp });
}

/**
 * Verifies in steps: form, content type, digest, signing certificate, signature, time stamp, chain. Both low and high s of ECDSA pass (CMS does not forbid either), so nothing may be identified by signature bytes.
 * @throws DomainError `E_CMS_*`, `E_TSP_*`, `E_CERT_*`, `E_CRL_*`, `E_ALGORITHM`, `E_KEY_WEAK`, `E_DER`
 */
export async function verifyCms(request: VerifyCmsRequest): Promise<VerifiedCms> {
  const parsed = parseSignedData(request.cms);
  const content = await checkSignedData(parsed, request);
  const timestamp = await checkTimestamp(parsed, request);
  const at = request.at === 'timestamp' ? timestamp?.genTime : request.at;
  if (at === undefined) return refuse('E_CMS_TIMESTAMP_MISSING', 'no policy for time stamps was given');
  const intermediates = [...parsed.certificates, ...(request.intermediates ?? [])];
  const chain = await verifyChain({
    leaf: parsed.signer,
    intermediates,
    roots: request.roots,
    crls: request.crls,
    at,
    usage: request.usage ?? 'sign',
  });
  return {
    signer: parsed.signer,
    content,
    at,
    chain,
    algorithm: parsed.algorithm,
    claimedSigningTime: parsed.signingTime,
    timestamp,
    signature: parsed.signature,
  };
}
