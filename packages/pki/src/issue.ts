import { fromHex, plusMs, utf8 } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { signatureAlgorithms } from './algorithms.ts';
import type { SignatureAlgorithm } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import {
  bitString,
  boolean,
  context,
  contextPrimitive,
  integer,
  namedBits,
  octetString,
  oid,
  readDer,
  sequence,
  time,
  tlv,
} from './der/index.ts';
import { keyUsageBits } from './key-usage.ts';
import { encodeName } from './name.ts';
import type { NameInput } from './name.ts';
import { OID } from './oids.ts';
import { getProfile } from './profiles.ts';
import type { ProfileName } from './profiles.ts';
import { refuse } from './refuse.ts';
import { sha256 } from './verify-signature.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** Signs certificates and lists: a key with its algorithm; `certificate` is absent only for a self-signed root. */
export interface IssuerKey {
  readonly algorithm: SignatureAlgorithm;
  sign(bytes: Uint8Array): Promise<Uint8Array>;
  readonly certificate?: Certificate;
}

export interface CertificateRequest {
  readonly profile: ProfileName;
  readonly subject: NameInput;
  readonly spki: Uint8Array;
  readonly notBefore: Instant;
  /** Defaults to the profile's days; never beyond the issuer's own end. */
  readonly notAfter?: Instant;
  /** dNSName and iPAddress, for `tls-server`. */
  readonly hosts?: readonly string[];
  /** Where the issuer's list is published. */
  readonly crlUrl?: string;
}

const DAY = 86_400_000;
const extension = (dotted: string, critical: boolean, value: Uint8Array): Bytes =>
  critical ? sequence(oid(dotted), boolean(true), octetString(value)) : sequence(oid(dotted), octetString(value));

/** 128 random bits, positive and never shorter than 16 octets: serials say nothing about how many were issued. */
function randomSerial(): Bytes {
  const bytes = globalThis.crypto.getRandomValues(new Uint8Array(16));
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes;
}

/** First 20 bytes of SHA-256 over the key bits (RFC 7093 section 2, method 1). */
async function keyId(spki: Uint8Array): Promise<Bytes> {
  const bits = readDer(spki).children[1] ?? refuse('E_CERT_FORMAT', 'SubjectPublicKeyInfo');
  return (await sha256(bits.content.subarray(1))).slice(0, 20);
}

function hostNames(hosts: readonly string[]): Bytes {
  const names = hosts.map((host) => {
    const v4 = /^\d+\.\d+\.\d+\.\d+$/.test(host);
    return v4 ? contextPrimitive(7, Uint8Array.from(host.split('.').map(Number))) : contextPrimitive(2, utf8(host));
  });
  return extension(OID.subjectAltName, false, sequence(...names));
}

async function extensionsOf(request: CertificateRequest, issuer: IssuerKey): Promise<Bytes> {
  const profile = getProfile(request.profile);
  const isCa = request.profile === 'root' || request.profile === 'issuing';
  const own = await keyId(request.spki);
  const authority = issuer.certificate?.subjectKeyId;
  const list = [
    extension(
      OID.basicConstraints,
      true,
      isCa ? sequence(boolean(true), ...(request.profile === 'issuing' ? [integer(0)] : [])) : sequence(),
    ),
    extension(OID.keyUsage, true, namedBits(profile.keyUsage.map((usage) => keyUsageBits.indexOf(usage)))),
    extension(OID.subjectKeyIdentifier, false, octetString(own)),
    extension(
      OID.authorityKeyIdentifier,
      false,
      sequence(contextPrimitive(0, authority === undefined ? own : fromHex(authority))),
    ),
    extension(OID.certificatePolicies, false, sequence(sequence(oid(profile.policy)))),
  ];
  if (profile.eku.length > 0)
    list.push(extension(OID.extendedKeyUsage, profile.isEkuCritical, sequence(...profile.eku.map(oid))));
  if (request.hosts !== undefined) list.push(hostNames(request.hosts));
  if (request.crlUrl !== undefined) {
    const point = sequence(context(0, context(0, contextPrimitive(6, utf8(request.crlUrl)))));
    list.push(extension(OID.crlDistributionPoints, false, sequence(point)));
  }
  return context(3, sequence(...list));
}

async function seal(tbs: Bytes, issuer: IssuerKey): Promise<Bytes> {
  return sequence(tbs, signatureAlgorithms[issuer.algorithm].identifier, bitString(await issuer.sign(tbs)));
}

/** Builds and signs an X.509 certificate of one of our profiles. Decisions (who may have which) are the authority's, in trust. */
export async function issueCertificate(request: CertificateRequest, issuer: IssuerKey): Promise<Bytes> {
  const subject = encodeName(request.subject);
  const wanted = request.notAfter ?? plusMs(request.notBefore, getProfile(request.profile).validityDays * DAY);
  const limit = issuer.certificate?.notAfter ?? wanted;
  const tbs = sequence(
    context(0, integer(2)),
    integer(randomSerial()),
    signatureAlgorithms[issuer.algorithm].identifier,
    issuer.certificate?.subject.der ?? subject,
    sequence(time(request.notBefore), time(wanted < limit ? wanted : limit)),
    subject,
    request.spki,
    await extensionsOf(request, issuer),
  );
  return seal(tbs, issuer);
}

export interface CrlRequest {
  readonly number: number;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /** `reason` as in RFC 5280 section 5.3.1: 1 key compromise, 3 affiliation changed, 4 superseded, 5 ceased. */
  readonly revoked: readonly { readonly serial: string; readonly revokedAt: Instant; readonly reason: number }[];
}

/** Builds and signs a complete version 2 revocation list. */
export async function issueCrl(
  request: CrlRequest,
  issuer: IssuerKey & { readonly certificate: Certificate },
): Promise<Bytes> {
  const entries = request.revoked.map(({ serial, revokedAt, reason }) =>
    sequence(
      integer(fromHex(serial)),
      time(revokedAt),
      ...(reason === 0 ? [] : [sequence(extension(OID.crlReason, false, tlv(0x0a, Uint8Array.of(reason))))]),
    ),
  );
  const keyIdentifierBytes = fromHex(
    issuer.certificate.subjectKeyId ?? refuse('E_CERT_FORMAT', 'issuer has no key identifier'),
  );
  const tbs = sequence(
    integer(1),
    signatureAlgorithms[issuer.algorithm].identifier,
    issuer.certificate.subject.der,
    time(request.thisUpdate),
    time(request.nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    context(
      0,
      sequence(
        extension(OID.authorityKeyIdentifier, false, sequence(contextPrimitive(0, keyIdentifierBytes))),
        extension(OID.crlNumber, false, integer(request.number)),
      ),
    ),
  );
  return seal(tbs, issuer);
}
