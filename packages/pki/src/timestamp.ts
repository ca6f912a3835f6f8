import { fromUtf8 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { hashOf } from './algorithms.ts';
import { signCms } from './cms-sign.ts';
import {
  DerFields,
  TAG,
  boolean,
  contextPrimitive,
  context,
  derBoolean,
  derIntegerBytes,
  derOctets,
  derOid,
  derSmall,
  generalizedTime,
  integer,
  namedBits,
  nullValue,
  octetString,
  oid,
  readDer,
  sequence,
  utf8String,
} from './der/index.ts';
import { OID } from './oids.ts';
import { refuse } from './refuse.ts';
import type { Signer } from './signer.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export interface TimestampRequest {
  /** SHA-256 of the stamped bytes. */
  readonly digest: Uint8Array;
  readonly nonce: Uint8Array | undefined;
  readonly policyOid: string | undefined;
  readonly wantsCertificate: boolean;
}

const imprint = (digest: Uint8Array): Bytes => sequence(sequence(oid(OID.sha256), nullValue()), octetString(digest));

/** @throws DomainError `E_TSP_DIGEST` unless it is 32 bytes. */
const requireDigest = (digest: Uint8Array): Uint8Array =>
  digest.length === 32 ? digest : refuse('E_TSP_DIGEST', 'expected a SHA-256 digest');

/** A nonce of 128 random bits; the first bit is kept low so that it needs no padding. */
export function newTimestampNonce(): Bytes {
  const nonce = globalThis.crypto.getRandomValues(new Uint8Array(16));
  nonce[0] = ((nonce[0] ?? 0) & 0x3f) | 0x40;
  return nonce;
}

/** TimeStampReq (RFC 3161 section 2.4.1), version 1, asking for the certificate. */
export function buildTimestampRequest(request: {
  readonly digest: Uint8Array;
  readonly nonce?: Uint8Array;
  readonly policyOid?: string;
}): Bytes {
  const { digest, nonce, policyOid } = request;
  return sequence(
    integer(1),
    imprint(requireDigest(digest)),
    ...(policyOid === undefined ? [] : [oid(policyOid)]),
    ...(nonce === undefined ? [] : [integer(nonce)]),
    boolean(true),
  );
}

/** @throws DomainError `E_DER`, `E_TSP_FORMAT`, `E_TSP_DIGEST`, `E_ALGORITHM` */
export function parseTimestampRequest(bytes: Uint8Array): TimestampRequest {
  const fields = new DerFields(readDer(bytes));
  if (derSmall(fields.next(TAG.integer)) !== 1) refuse('E_TSP_FORMAT', 'version');
  const digest = parseImprint(new DerFields(fields.next(TAG.sequence)));
  const policy = fields.optional(TAG.oid);
  const nonce = fields.optional(TAG.integer);
  const wantsCertificate = fields.optional(TAG.boolean);
  if (fields.more) refuse('E_TSP_FORMAT', 'extensions are not supported');
  return {
    digest,
    policyOid: policy === undefined ? undefined : derOid(policy),
    nonce: nonce === undefined ? undefined : derIntegerBytes(nonce),
    wantsCertificate: wantsCertificate !== undefined && derBoolean(wantsCertificate),
  };
}

export function parseImprint(fields: DerFields): Uint8Array {
  if (hashOf(fields.next(TAG.sequence)) !== 'SHA-256') refuse('E_TSP_DIGEST', 'only SHA-256 imprints are accepted');
  const digest = derOctets(fields.next(TAG.octetString));
  fields.end();
  return requireDigest(digest);
}

export interface TokenInput {
  readonly digest: Uint8Array;
  readonly nonce?: Uint8Array | undefined;
  readonly policyOid: string;
  readonly genTime: Instant;
  /** 128 random bits. */
  readonly serial: Uint8Array;
  readonly accuracyMs: number;
  readonly signer: Signer;
}

/** A TimeStampToken: CMS over a TSTInfo (RFC 3161 section 2.4.2) with ESSCertIDv2 (RFC 5816). */
export function signTimestampToken(input: TokenInput): Promise<Bytes> {
  const { accuracyMs, nonce } = input;
  const seconds = Math.floor(accuracyMs / 1000);
  const accuracy = sequence(
    ...(seconds > 0 ? [integer(seconds)] : []),
    ...(accuracyMs % 1000 > 0 ? [contextPrimitive(0, integer(accuracyMs % 1000).subarray(2))] : []),
  );
  const content = sequence(
    integer(1),
    oid(input.policyOid),
    imprint(requireDigest(input.digest)),
    integer(input.serial),
    generalizedTime(input.genTime),
    accuracy,
    ...(nonce === undefined ? [] : [integer(nonce)]),
    context(0, context(4, input.signer.certificate.subject.der)),
  );
  return signCms({ content, eContentType: OID.tstInfo, signer: input.signer });
}

/** TimeStampResp with status granted. */
export const grantTimestamp = (token: Uint8Array): Bytes => sequence(sequence(integer(0)), token);

/** PKIFailureInfo bits of RFC 3161 section 2.4.2. */
export const tspFailures = {
  badAlg: 0,
  badRequest: 2,
  badDataFormat: 5,
  timeNotAvailable: 14,
  unacceptedPolicy: 15,
  systemFailure: 25,
} as const;

/** TimeStampResp with status rejection. */
export const rejectTimestamp = (failure: keyof typeof tspFailures, text: string): Bytes =>
  sequence(sequence(integer(2), sequence(utf8String(text)), namedBits([tspFailures[failure]])));

/**
 * @returns the token, DER; still to be verified
 * @throws DomainError `E_TSP_REJECTED` with the authority's words, `E_TSP_FORMAT`, `E_DER`
 */
export function parseTimestampResponse(bytes: Uint8Array): Uint8Array {
  const fields = new DerFields(readDer(bytes));
  const info = new DerFields(fields.next(TAG.sequence));
  const status = derSmall(info.next(TAG.integer));
  const words =
    info
      .optional(TAG.sequence)
      ?.children.map((child) => fromUtf8(child.content))
      .join(' ') ?? '';
  if (status > 1) refuse('E_TSP_REJECTED', `time stamp authority refused: ${words}`, { status });
  const token = fields.optional(TAG.sequence);
  fields.end();
  return token?.bytes ?? refuse('E_TSP_FORMAT', 'granted without a token');
}
