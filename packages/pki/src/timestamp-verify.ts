import { equalBytes, instant, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import type { Certificate } from './certificate.ts';
import { verifyChain } from './chain.ts';
import { checkSignedData } from './cms-check.ts';
import { parseSignedData } from './cms-parse.ts';
import type { Crl } from './crl.ts';
import {
  DerFields,
  TAG,
  derBoolean,
  derIntegerBytes,
  derOid,
  derSmall,
  derTime,
  onlyChild,
  readDer,
} from './der/index.ts';
import type { DerNode } from './der/index.ts';
import { OID } from './oids.ts';
import { refuse } from './refuse.ts';
import { parseImprint } from './timestamp.ts';
import { sha256 } from './verify-signature.ts';

/** Whom one believes about time. Given by the verifier, never taken from the archive that is verified. */
export interface TimestampPolicy {
  readonly roots: readonly Certificate[];
  readonly intermediates?: readonly Certificate[];
  readonly policyOids: readonly string[];
  readonly crls: readonly Crl[] | 'not-checked';
  /** Judge the authority's certificate at this instant instead of at genTime. */
  readonly at?: Instant;
}

export type VerifyTimestampRequest = TimestampPolicy & {
  readonly token: Uint8Array;
  /** As sent in the request; when given, the token must carry it. */
  readonly nonce?: Uint8Array;
} & ({ readonly content: Uint8Array } | { readonly digest: Uint8Array });

export interface VerifiedTimestamp {
  readonly genTime: Instant;
  readonly accuracyMs: number | undefined;
  /** Lower-case hex. */
  readonly serial: string;
  readonly policyOid: string;
  readonly tsa: Certificate;
}

interface TstInfo {
  readonly policyOid: string;
  readonly digest: Uint8Array;
  readonly serial: string;
  readonly genTime: Instant;
  readonly accuracyMs: number | undefined;
  readonly nonce: Uint8Array | undefined;
}

function parseAccuracy(node: DerNode): number {
  const fields = new DerFields(node);
  const seconds = fields.optional(TAG.integer);
  const millis = fields.optional(0x80)?.content;
  fields.optional(0x81);
  fields.end();
  if (millis !== undefined && (millis.length > 2 || millis.length === 0)) refuse('E_TSP_FORMAT', 'accuracy');
  const milliseconds = (millis ?? new Uint8Array()).reduce((sum, byte) => sum * 256 + byte, 0);
  return (seconds === undefined ? 0 : derSmall(seconds)) * 1000 + milliseconds;
}

function parseTstInfo(content: Uint8Array): TstInfo {
  const fields = new DerFields(readDer(content));
  if (derSmall(fields.next(TAG.integer)) !== 1) refuse('E_TSP_FORMAT', 'TSTInfo version');
  const policyOid = derOid(fields.next(TAG.oid));
  const digest = parseImprint(new DerFields(fields.next(TAG.sequence)));
  const serial = toHex(derIntegerBytes(fields.next(TAG.integer)));
  const genTime = derTime(fields.next(TAG.generalizedTime));
  const accuracy = fields.optional(TAG.sequence);
  const ordering = fields.optional(TAG.boolean);
  if (ordering !== undefined) derBoolean(ordering);
  const nonce = fields.optional(TAG.integer);
  const name = fields.optional(0xa0);
  if (name !== undefined) onlyChild(name);
  if (fields.more) refuse('E_TSP_FORMAT', 'TSTInfo extensions are not supported');
  return {
    policyOid,
    digest,
    serial,
    genTime,
    accuracyMs: accuracy === undefined ? undefined : parseAccuracy(accuracy),
    nonce: nonce === undefined ? undefined : derIntegerBytes(nonce),
  };
}

const unsigned = (bytes: Uint8Array): bigint => BigInt(`0x0${toHex(bytes)}`);

/** Reads the time that a token claims, for a screen; nothing is verified. */
export const peekTimestamp = (token: Uint8Array): Instant =>
  instant(parseTstInfo(parseSignedData(token).content ?? refuse('E_TSP_FORMAT', 'no TSTInfo')).genTime);

/**
 * Judges an RFC 3161 token: signature and ESSCertIDv2, imprint, nonce, policy, chain with the sole critical EKU timeStamping at genTime.
 * @throws DomainError `E_TSP_*`, `E_CMS_*`, `E_CERT_*`, `E_CRL_*`, `E_DER`, `E_ALGORITHM`, `E_KEY_WEAK`
 */
export async function verifyTimestamp(request: VerifyTimestampRequest): Promise<VerifiedTimestamp> {
  const parsed = parseSignedData(request.token);
  const content = await checkSignedData(parsed, { eContentType: OID.tstInfo });
  const info = parseTstInfo(content ?? refuse('E_TSP_FORMAT', 'no TSTInfo'));
  const digest = 'digest' in request ? request.digest : await sha256(request.content);
  if (!equalBytes(info.digest, digest)) refuse('E_TSP_DIGEST', 'token stamps something else');
  if (request.nonce !== undefined && (info.nonce === undefined || unsigned(info.nonce) !== unsigned(request.nonce)))
    refuse('E_TSP_NONCE', 'answer to another request');
  if (!request.policyOids.includes(info.policyOid))
    refuse('E_TSP_POLICY', 'time stamp policy is not accepted', { policy: info.policyOid });
  await verifyChain({
    leaf: parsed.signer,
    intermediates: [...parsed.certificates, ...(request.intermediates ?? [])],
    roots: request.roots,
    crls: request.crls,
    at: request.at ?? info.genTime,
    usage: 'timestamp',
  });
  return {
    genTime: info.genTime,
    accuracyMs: info.accuracyMs,
    serial: info.serial,
    policyOid: info.policyOid,
    tsa: parsed.signer,
  };
}
