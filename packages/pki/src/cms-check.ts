import { equalBytes } from '@qej/kernel';
import { hashOf } from './algorithms.ts';
import type { ParsedSignedData } from './cms-parse.ts';
import { DerFields, TAG, derOctets, derOid } from './der/index.ts';
import type { DerNode } from './der/index.ts';
import { OID } from './oids.ts';
import { refuse } from './refuse.ts';
import { isSignatureValid, owned } from './verify-signature.ts';

/** What the caller expects: the content type, and detached content or its digest. */
export interface ExpectedContent {
  readonly eContentType: string;
  readonly content?: Uint8Array;
  readonly contentDigest?: Uint8Array;
}

const required = (parsed: ParsedSignedData, dotted: string, name: string): DerNode =>
  parsed.signedAttributes.get(dotted) ?? refuse('E_CMS_ATTRIBUTES', `signed attribute ${name} is missing`);

/** The first ESSCertIDv2 must be the signer's certificate (RFC 5035 section 3); SHA-1 of version 1 is refused. */
async function checkSigningCertificate(parsed: ParsedSignedData): Promise<void> {
  if (parsed.signedAttributes.has(OID.signingCertificate))
    refuse('E_CMS_SIGNING_CERTIFICATE', 'signing-certificate version 1 uses SHA-1');
  const value = new DerFields(required(parsed, OID.signingCertificateV2, 'signing-certificate-v2'));
  const [first] = value.next(TAG.sequence).children;
  if (first === undefined) return refuse('E_CMS_SIGNING_CERTIFICATE', 'no certificate identifier');
  const id = new DerFields(first);
  const algorithm = id.optional(TAG.sequence);
  const hash = algorithm === undefined ? 'SHA-256' : hashOf(algorithm);
  const expected = new Uint8Array(await globalThis.crypto.subtle.digest(hash, owned(parsed.signer.der)));
  if (!equalBytes(derOctets(id.next(TAG.octetString)), expected))
    refuse('E_CMS_SIGNING_CERTIFICATE', "signing-certificate-v2 is not the signer's");
}

async function checkDigest(parsed: ParsedSignedData, request: ExpectedContent): Promise<Uint8Array | undefined> {
  const given = [parsed.content, request.content, request.contentDigest].filter((value) => value !== undefined);
  if (given.length !== 1)
    refuse('E_CMS_CONTENT', given.length === 0 ? 'content is missing' : 'content is both inside and detached');
  const content = parsed.content ?? request.content;
  const digest =
    content === undefined
      ? request.contentDigest
      : new Uint8Array(await globalThis.crypto.subtle.digest(parsed.hash, owned(content)));
  if (digest === undefined || !equalBytes(derOctets(required(parsed, OID.messageDigest, 'message-digest')), digest))
    refuse('E_CMS_DIGEST', 'content was changed');
  return content;
}

/** Everything but trust: content type, digest, signing certificate, signature value. */
export async function checkSignedData(
  parsed: ParsedSignedData,
  request: ExpectedContent,
): Promise<Uint8Array | undefined> {
  if (parsed.eContentType !== request.eContentType)
    refuse('E_CMS_CONTENT_TYPE', 'signed for another purpose', {
      found: parsed.eContentType,
      expected: request.eContentType,
    });
  if (derOid(required(parsed, OID.contentType, 'content-type')) !== parsed.eContentType)
    refuse('E_CMS_CONTENT_TYPE', 'content-type attribute differs');
  const content = await checkDigest(parsed, request);
  await checkSigningCertificate(parsed);
  if (!(await isSignatureValid(parsed.signer.spki, parsed.algorithm, parsed.signedBytes, parsed.signature)))
    refuse('E_CMS_SIGNATURE', 'signature value does not verify');
  return content;
}
