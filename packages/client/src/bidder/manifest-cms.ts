import { DomainError, equalBytes } from '@qej/kernel';
import { OID, parseSignedData } from '@qej/pki';
import { context, DerFields, octetString, oid, onlyChild, readDer, sequence, TAG } from '@qej/pki/der';

/**
 * The register has little room: the manifest's CMS carries its content and its signer's certificate alone. A keyring signs
 * detached, with its chain; neither is under the signature (RFC 5652 section 5.4), so both are exchanged here.
 * @throws DomainError `E_CMS_*`, `E_DER`, `E_CMS_DIGEST` when the CMS carries another content
 */
export function attachManifest(cms: Uint8Array, manifest: Uint8Array): Uint8Array<ArrayBuffer> {
  const { content, signer, eContentType } = parseSignedData(cms);
  if (content !== undefined && !equalBytes(content, manifest))
    throw new DomainError('E_CMS_DIGEST', { detail: 'the CMS carries another content' });
  const outer = new DerFields(readDer(cms));
  outer.next(TAG.oid);
  const fields = new DerFields(onlyChild(outer.next(0xa0)));
  const version = fields.next(TAG.integer).bytes;
  const digests = fields.next(TAG.set).bytes;
  fields.next(TAG.sequence);
  fields.optional(0xa0);
  const signers = fields.next(TAG.set).bytes;
  const signedData = sequence(
    version,
    digests,
    sequence(oid(eContentType), context(0, octetString(manifest))),
    context(0, signer.der),
    signers,
  );
  return sequence(oid(OID.signedData), context(0, signedData));
}
