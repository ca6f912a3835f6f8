import { equalBytes, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { signatureAlgorithmOf } from './algorithms.ts';
import type { SignatureAlgorithm } from './algorithms.ts';
import { keyIdentifier, parseExtensions } from './certificate.ts';
import {
  DerFields,
  TAG,
  derBits,
  derIntegerBytes,
  derSmall,
  derTime,
  derUnsigned,
  derWrapped,
  readDer,
} from './der/index.ts';
import type { DerNode } from './der/index.ts';
import { parseName } from './name.ts';
import type { DistinguishedName } from './name.ts';
import { OID } from './oids.ts';
import { refuse } from './refuse.ts';

export interface RevokedEntry {
  readonly revokedAt: Instant;
  /** When the key was last known good, if the authority says so; earlier than `revokedAt`. */
  readonly invalidSince: Instant | undefined;
  readonly reason: number;
}

/** A complete certificate revocation list (RFC 5280 section 5); delta and indirect lists are refused. */
export interface Crl {
  readonly der: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly authorityKeyId: string | undefined;
  readonly number: bigint | undefined;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /** By serial, lower-case hex. */
  readonly revoked: ReadonlyMap<string, RevokedEntry>;
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
}

function parseEntry(node: DerNode): [string, RevokedEntry] {
  const fields = new DerFields(node);
  const serial = toHex(derIntegerBytes(fields.next(TAG.integer)));
  const revokedAt = derTime(fields.any());
  const list = fields.optional(TAG.sequence);
  fields.end();
  let reason = 0;
  let invalidSince: Instant | undefined;
  if (list !== undefined) {
    const wrapper: DerNode = { tag: 0xa0, bytes: list.bytes, content: list.bytes, children: [list] };
    for (const [dotted, { critical, value }] of parseExtensions(wrapper)) {
      if (dotted === OID.crlReason) reason = derWrapped(value).content[0] ?? 0;
      else if (dotted === OID.invalidityDate) invalidSince = derTime(derWrapped(value));
      else if (critical) refuse('E_CRL_FORMAT', 'unknown critical entry extension');
    }
  }
  return [serial, { revokedAt, invalidSince, reason }];
}

/**
 * @throws DomainError `E_DER`, `E_CRL_FORMAT` (version 1, no nextUpdate, unknown critical extension), `E_ALGORITHM`
 */
export function parseCrl(der: Uint8Array): Crl {
  const outer = new DerFields(readDer(der));
  const tbs = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence);
  const signature = derBits(outer.next(TAG.bitString));
  outer.end();
  const fields = new DerFields(tbs);
  if (derSmall(fields.next(TAG.integer)) !== 1) refuse('E_CRL_FORMAT', 'not version 2');
  if (!equalBytes(fields.next(TAG.sequence).bytes, algorithm.bytes)) refuse('E_CRL_FORMAT', 'two signature algorithms');
  const issuer = parseName(fields.next(TAG.sequence));
  const thisUpdate = derTime(fields.any());
  if (fields.peek()?.tag !== TAG.utcTime && fields.peek()?.tag !== TAG.generalizedTime)
    refuse('E_CRL_FORMAT', 'no nextUpdate');
  const nextUpdate = derTime(fields.any());
  const entries = fields.optional(TAG.sequence);
  const revoked = new Map((entries?.children ?? []).map(parseEntry));
  const extensions = parseExtensions(fields.next(0xa0));
  fields.end();
  for (const [, { critical }] of extensions) if (critical) refuse('E_CRL_FORMAT', 'unknown critical extension');
  const number = extensions.get(OID.crlNumber);
  return {
    der,
    issuer,
    authorityKeyId: keyIdentifier(extensions.get(OID.authorityKeyIdentifier)),
    number: number === undefined ? undefined : derUnsigned(derWrapped(number.value)),
    thisUpdate,
    nextUpdate,
    revoked,
    tbs: tbs.bytes,
    signatureAlgorithm: signatureAlgorithmOf(algorithm),
    signature,
  };
}
