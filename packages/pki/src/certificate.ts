import { equalBytes, toHex } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { parsePublicKey, signatureAlgorithmOf } from './algorithms.ts';
import type { PublicKeyInfo, SignatureAlgorithm } from './algorithms.ts';
import {
  DerFields,
  TAG,
  derBits,
  derBoolean,
  derIntegerBytes,
  derNamedBits,
  derOctets,
  derOid,
  derSmall,
  derTime,
  derWrapped,
  onlyChild,
  readDer,
} from './der/index.ts';
import type { DerNode } from './der/index.ts';
import { keyUsageBits } from './key-usage.ts';
import type { KeyUsage } from './key-usage.ts';
import { parseName } from './name.ts';
import type { DistinguishedName } from './name.ts';
import { OID } from './oids.ts';
import { profileOfPolicies } from './profiles.ts';
import type { ProfileName } from './profiles.ts';
import { refuse } from './refuse.ts';

/** A parsed certificate. Nothing here says that it is trusted: ask `verifyChain`. */
export interface Certificate {
  readonly der: Uint8Array;
  /** Lower-case hex of the serial's content octets. */
  readonly serial: string;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly notBefore: Instant;
  /** Last instant at which it is valid, inclusive (RFC 5280 section 4.1.2.5). */
  readonly notAfter: Instant;
  readonly spki: Uint8Array;
  readonly publicKey: PublicKeyInfo;
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
  /** Empty when the extension is absent. */
  readonly keyUsage: readonly KeyUsage[];
  readonly eku: readonly string[];
  readonly isEkuCritical: boolean;
  readonly policies: readonly string[];
  /** Which of our profiles the policy names; undefined for foreign certificates. */
  readonly profile: ProfileName | undefined;
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** Critical extensions that this package does not evaluate; `verifyChain` refuses them. */
  readonly unknownCritical: readonly string[];
  readonly tbs: Uint8Array;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
}

interface ExtensionValue {
  readonly critical: boolean;
  readonly value: DerNode;
}

/** Extensions by OID; a second one with the same OID is refused (RFC 5280 section 4.2). */
export function parseExtensions(explicit: DerNode): ReadonlyMap<string, ExtensionValue> {
  const found = new Map<string, ExtensionValue>();
  const list = new DerFields(onlyChild(explicit));
  while (list.more) {
    const extension = new DerFields(list.next(TAG.sequence));
    const dotted = derOid(extension.next(TAG.oid));
    const flag = extension.optional(TAG.boolean);
    const value = extension.next(TAG.octetString);
    extension.end();
    if (found.has(dotted)) refuse('E_CERT_FORMAT', 'extension occurs twice');
    found.set(dotted, { critical: flag !== undefined && derBoolean(flag), value });
  }
  return found;
}

const evaluated: ReadonlySet<string> = new Set([
  OID.keyUsage,
  OID.basicConstraints,
  OID.extendedKeyUsage,
  OID.certificatePolicies,
  OID.subjectAltName,
  OID.subjectKeyIdentifier,
  OID.authorityKeyIdentifier,
]);

function oidList(value: ExtensionValue | undefined, read: (node: DerNode) => string): readonly string[] {
  if (value === undefined) return [];
  const node = derWrapped(value.value);
  return node.tag === TAG.sequence ? node.children.map(read) : refuse('E_CERT_FORMAT', 'expected a list');
}

function parseBasicConstraints(value: ExtensionValue | undefined): { isCa: boolean; pathLength: number | undefined } {
  if (value === undefined) return { isCa: false, pathLength: undefined };
  const fields = new DerFields(derWrapped(value.value));
  const ca = fields.optional(TAG.boolean);
  const length = fields.optional(TAG.integer);
  fields.end();
  return { isCa: ca !== undefined && derBoolean(ca), pathLength: length === undefined ? undefined : derSmall(length) };
}

export function keyIdentifier(value: ExtensionValue | undefined): string | undefined {
  if (value === undefined) return undefined;
  const node = derWrapped(value.value);
  if (node.tag === TAG.octetString) return toHex(derOctets(node));
  const id = node.children.find((child) => child.tag === 0x80);
  return id === undefined ? undefined : toHex(id.content);
}

function parseKeyUsage(value: ExtensionValue | undefined): readonly KeyUsage[] {
  if (value === undefined) return [];
  const bits = derNamedBits(derWrapped(value.value));
  return keyUsageBits.filter((_, bit) => bits.has(bit));
}

function fromExtensions(extensions: ReadonlyMap<string, ExtensionValue>) {
  const eku = extensions.get(OID.extendedKeyUsage);
  const policies = oidList(extensions.get(OID.certificatePolicies), (node) =>
    derOid(new DerFields(node).next(TAG.oid)),
  );
  return {
    ...parseBasicConstraints(extensions.get(OID.basicConstraints)),
    keyUsage: parseKeyUsage(extensions.get(OID.keyUsage)),
    eku: oidList(eku, derOid),
    isEkuCritical: eku?.critical ?? false,
    policies,
    profile: profileOfPolicies(policies),
    subjectKeyId: keyIdentifier(extensions.get(OID.subjectKeyIdentifier)),
    authorityKeyId: keyIdentifier(extensions.get(OID.authorityKeyIdentifier)),
    unknownCritical: [...extensions]
      .filter(([dotted, { critical }]) => critical && !evaluated.has(dotted))
      .map(([dotted]) => dotted),
  };
}

/**
 * Reads an X.509 version 3 certificate (RFC 5280), strict DER.
 * @throws DomainError `E_DER`, `E_CERT_FORMAT`, `E_ALGORITHM`, `E_KEY_WEAK`
 */
export function parseCertificate(der: Uint8Array): Certificate {
  const outer = new DerFields(readDer(der));
  const tbs = outer.next(TAG.sequence);
  const algorithm = outer.next(TAG.sequence);
  const signature = derBits(outer.next(TAG.bitString));
  outer.end();
  const fields = new DerFields(tbs);
  if (derSmall(onlyChild(fields.next(0xa0))) !== 2) refuse('E_CERT_FORMAT', 'not version 3');
  const serial = derIntegerBytes(fields.next(TAG.integer));
  if ((serial[0] ?? 0x80) >= 0x80 || serial.length > 20) refuse('E_CERT_FORMAT', 'serial number');
  if (!equalBytes(fields.next(TAG.sequence).bytes, algorithm.bytes))
    refuse('E_CERT_FORMAT', 'two signature algorithms');
  const issuer = parseName(fields.next(TAG.sequence));
  const validity = new DerFields(fields.next(TAG.sequence));
  const notBefore = derTime(validity.any());
  const notAfter = derTime(validity.any());
  validity.end();
  const subject = parseName(fields.next(TAG.sequence));
  const spki = new Uint8Array(fields.next(TAG.sequence).bytes);
  const extensions = parseExtensions(fields.next(0xa3));
  fields.end();
  return {
    der,
    serial: toHex(serial),
    subject,
    issuer,
    notBefore,
    notAfter,
    spki,
    publicKey: parsePublicKey(spki),
    ...fromExtensions(extensions),
    tbs: tbs.bytes,
    signatureAlgorithm: signatureAlgorithmOf(algorithm),
    signature,
  };
}
