import { DomainError } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { hashOids, signatureAlgorithms } from './algorithms.ts';
import type { HashName } from './algorithms.ts';
import type { Certificate } from './certificate.ts';
import { context, integer, nullValue, octetString, oid, readDer, sequence, setOf, time, tlv } from './der/index.ts';
import { OID } from './oids.ts';
import type { Signer } from './signer.ts';
import { owned, sha256 } from './verify-signature.ts';

type Bytes = Uint8Array<ArrayBuffer>;

interface CmsOptions {
  /** What is signed, as an OID: `getPurpose(name).eContentType`, id-data for a PDF. */
  readonly eContentType: string;
  readonly signer: Signer;
  /** Claimed by the signer. PAdES forbids it (the PDF says it); nobody may rely on it. */
  readonly signingTime?: Instant;
  /** Given the SHA-256 of the signature value, answers an RFC 3161 token, kept as an unsigned attribute (CAdES-T). */
  readonly timestamp?: (digest: Uint8Array) => Promise<Uint8Array>;
}

/** `content` with `detached: false` travels inside; a `contentDigest` (SHA-256, or the algorithm's hash) is always detached. */
export type SignCmsRequest = CmsOptions &
  ({ readonly content: Uint8Array; readonly detached?: boolean } | { readonly contentDigest: Uint8Array });

const attribute = (dotted: string, value: Uint8Array): Bytes => sequence(oid(dotted), setOf(value));
const hashIdentifier = (hash: HashName): Bytes => sequence(oid(hashOids[hash]), nullValue());
const essHash = new WeakMap<Certificate, Promise<Bytes>>();

/** ESSCertIDv2 with the default SHA-256 (RFC 5035); the hash of a certificate is computed once. */
async function signingCertificateV2(certificate: Certificate): Promise<Bytes> {
  const hash = essHash.get(certificate) ?? sha256(certificate.der);
  essHash.set(certificate, hash);
  return attribute(OID.signingCertificateV2, sequence(sequence(sequence(octetString(await hash)))));
}

async function signedAttributes(request: CmsOptions, digest: Uint8Array): Promise<Bytes> {
  return setOf(
    attribute(OID.contentType, oid(request.eContentType)),
    attribute(OID.messageDigest, octetString(digest)),
    await signingCertificateV2(request.signer.certificate),
    ...(request.signingTime === undefined ? [] : [attribute(OID.signingTime, time(request.signingTime))]),
  );
}

function serialNumber(certificate: Certificate): Bytes {
  const tbs = readDer(certificate.tbs);
  const node = tbs.children[1];
  if (node === undefined) throw new Error('certificate without serial');
  return new Uint8Array(node.bytes);
}

async function signerInfo(request: CmsOptions, digest: Uint8Array): Promise<Bytes> {
  const { signer } = request;
  const { hash, identifier } = signatureAlgorithms[signer.algorithm];
  const attributes = await signedAttributes(request, digest);
  const signature = await signer.sign(attributes);
  const token = request.timestamp === undefined ? undefined : await request.timestamp(await sha256(signature));
  const implicit = new Uint8Array(attributes);
  implicit[0] = 0xa0; // [0] IMPLICIT in the SignerInfo, SET OF under the signature (RFC 5652 section 5.4)
  return sequence(
    integer(1),
    sequence(signer.certificate.issuer.der, serialNumber(signer.certificate)),
    hashIdentifier(hash),
    implicit,
    identifier,
    octetString(signature),
    ...(token === undefined ? [] : [context(1, attribute(OID.signatureTimestamp, token))]),
  );
}

async function digestOf(request: SignCmsRequest, hash: HashName): Promise<Uint8Array> {
  if ('content' in request) return new Uint8Array(await globalThis.crypto.subtle.digest(hash, owned(request.content)));
  const expected = Number(hash.slice(4)) / 8;
  if (request.contentDigest.length !== expected)
    throw new DomainError('E_CMS_DIGEST', { detail: `expected a ${hash} digest` });
  return request.contentDigest;
}

/**
 * CMS SignedData, CAdES-BES (ETSI EN 319 122-1: content-type, message-digest, signing-certificate-v2), one signer, with its chain.
 * For a PDF: `{ contentDigest, eContentType: OID.data, signer }`, no signing time.
 * @returns DER of the ContentInfo
 */
export async function signCms(request: SignCmsRequest): Promise<Bytes> {
  const { signer, eContentType } = request;
  const { hash } = signatureAlgorithms[signer.algorithm];
  const info = await signerInfo(request, await digestOf(request, hash));
  const inside = 'content' in request && request.detached !== true ? [context(0, octetString(request.content))] : [];
  const signedData = sequence(
    integer(eContentType === OID.data ? 1 : 3),
    tlv(0x31, hashIdentifier(hash)),
    sequence(oid(eContentType), ...inside),
    context(0, ...[signer.certificate, ...signer.chain].map((certificate) => certificate.der)),
    tlv(0x31, info),
  );
  return sequence(oid(OID.signedData), context(0, signedData));
}
