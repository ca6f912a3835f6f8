import { equalBytes, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { hashOf, signatureAlgorithmOf } from './algorithms.ts';
import type { HashName, SignatureAlgorithm } from './algorithms.ts';
import { parseCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import {
  DerFields,
  TAG,
  derIntegerBytes,
  derOctets,
  derOid,
  derSmall,
  derTime,
  onlyChild,
  readDer,
} from './der/index.ts';
import type { DerNode } from './der/index.ts';
import { OID } from './oids.ts';
import { refuse } from './refuse.ts';

/** Attribute values by OID; each attribute once and with one value. */
type Attributes = ReadonlyMap<string, DerNode>;

export interface ParsedSignedData {
  readonly eContentType: string;
  readonly content: Uint8Array | undefined;
  readonly certificates: readonly Certificate[];
  readonly signer: Certificate;
  readonly hash: HashName;
  readonly algorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
  /** The DER that was signed: the attributes as SET OF. */
  readonly signedBytes: Uint8Array;
  readonly signedAttributes: Attributes;
  readonly unsignedAttributes: Attributes;
  /** Claimed by the signer. */
  readonly signingTime: Instant | undefined;
}

function parseAttributes(node: DerNode | undefined): Attributes {
  const found = new Map<string, DerNode>();
  for (const child of node?.children ?? []) {
    const fields = new DerFields(child);
    const dotted = derOid(fields.next(TAG.oid));
    const values = fields.next(TAG.set);
    fields.end();
    if (found.has(dotted)) refuse('E_CMS_ATTRIBUTES', 'attribute occurs twice');
    found.set(
      dotted,
      values.children.length === 1 ? onlyChild(values) : refuse('E_CMS_ATTRIBUTES', 'attribute must have one value'),
    );
  }
  return found;
}

/** DER orders a SET OF; a signer that did not would be verified differently by others. */
function requireSorted(node: DerNode): void {
  for (let i = 1; i < node.children.length; i++) {
    const [a, b] = node.children.slice(i - 1, i + 1);
    if (a === undefined || b === undefined) continue;
    const length = Math.min(a.bytes.length, b.bytes.length);
    let at = 0;
    while (at < length && a.bytes[at] === b.bytes[at]) at++;
    if (at === length || (a.bytes[at] ?? 0) > (b.bytes[at] ?? 0))
      refuse('E_CMS_ATTRIBUTES', 'signed attributes are not in DER order');
  }
}

function parseSignerInfo(node: DerNode, certificates: readonly Certificate[]) {
  const fields = new DerFields(node);
  if (derSmall(fields.next(TAG.integer)) !== 1)
    refuse('E_CMS_FORMAT', 'signer must be named by issuer and serial number');
  const id = new DerFields(fields.next(TAG.sequence));
  const issuer = id.next(TAG.sequence).bytes;
  const serial = derIntegerBytes(id.next(TAG.integer));
  id.end();
  const hash = hashOf(fields.next(TAG.sequence));
  const attributes = fields.optional(0xa0);
  if (attributes === undefined) return refuse('E_CMS_ATTRIBUTES', 'signed attributes are missing');
  requireSorted(attributes);
  const algorithm = signatureAlgorithmOf(fields.next(TAG.sequence), hash);
  const signature = derOctets(fields.next(TAG.octetString));
  const unsigned = fields.optional(0xa1);
  fields.end();
  const signedBytes = new Uint8Array(attributes.bytes);
  signedBytes[0] = TAG.set;
  const matches = certificates.filter(
    (certificate) => equalBytes(certificate.issuer.der, issuer) && certificate.serial === toHex(serial),
  );
  const [signer] = matches;
  if (signer === undefined || matches.length > 1)
    return refuse('E_CMS_SIGNING_CERTIFICATE', "the signer's certificate must be enclosed once");
  return {
    hash,
    algorithm,
    signature,
    signedBytes,
    signer,
    signedAttributes: parseAttributes(attributes),
    unsignedAttributes: parseAttributes(unsigned),
  };
}

/**
 * Takes a SignedData apart without judging trust: strict DER, exactly one signer, signed attributes present, no CRLs inside.
 * @throws DomainError `E_DER`, `E_CMS_FORMAT`, `E_CMS_SIGNER_COUNT`, `E_CMS_ATTRIBUTES`, `E_CMS_SIGNING_CERTIFICATE`, `E_ALGORITHM`, `E_CERT_*`
 */
export function parseSignedData(cms: Uint8Array): ParsedSignedData {
  const outer = new DerFields(readDer(cms));
  if (derOid(outer.next(TAG.oid)) !== OID.signedData) refuse('E_CMS_FORMAT', 'not SignedData');
  const fields = new DerFields(onlyChild(outer.next(0xa0)));
  outer.end();
  const version = derSmall(fields.next(TAG.integer));
  if (version !== 1 && version !== 3) refuse('E_CMS_FORMAT', 'SignedData version');
  const digests = fields.next(TAG.set).children.map(hashOf);
  const encapsulated = new DerFields(fields.next(TAG.sequence));
  const eContentType = derOid(encapsulated.next(TAG.oid));
  const explicit = encapsulated.optional(0xa0);
  encapsulated.end();
  const certificates = (fields.optional(0xa0)?.children ?? []).map((child) => parseCertificate(child.bytes));
  if (fields.peek()?.tag === 0xa1) refuse('E_CMS_FORMAT', 'revocation lists belong beside the signature');
  const signers = fields.next(TAG.set).children;
  fields.end();
  const [only] = signers;
  if (only === undefined || signers.length !== 1)
    return refuse('E_CMS_SIGNER_COUNT', 'exactly one signer is expected', { count: signers.length });
  const info = parseSignerInfo(only, certificates);
  if (digests.length !== 1 || digests[0] !== info.hash)
    refuse('E_CMS_FORMAT', 'digestAlgorithms do not match the signer');
  const time = info.signedAttributes.get(OID.signingTime);
  return {
    eContentType,
    content: explicit === undefined ? undefined : derOctets(onlyChild(explicit)),
    certificates,
    ...info,
    signingTime: time === undefined ? undefined : derTime(time),
  };
}
