import { context, DerFields, readDer, sequence, TAG } from '@qej/pki/der';
import type { DerNode } from '@qej/pki/der';

/** Raw bytes of a node, tag and length included. */
const raw = ({ bytes }: DerNode): Uint8Array => bytes;

/**
 * The same CMS with the signer's certificate alone (RFC 5652 section 5.1: `certificates` is not signed). A verifier that has the issuing
 * authorities needs no more, and the sealed register has no room for chains.
 */
export function withoutChain(cms: Uint8Array): Uint8Array<ArrayBuffer> {
  const info = new DerFields(readDer(cms));
  const contentType = info.next(TAG.oid);
  const [signedData] = info.next(0xa0).children;
  if (signedData === undefined) throw new TypeError('empty ContentInfo');
  const parts = signedData.children.map((node) => {
    if (node.tag !== 0xa0) return raw(node);
    const [leaf] = node.children;
    if (leaf === undefined) throw new TypeError('no certificate');
    return context(0, raw(leaf));
  });
  return new Uint8Array(sequence(raw(contentType), context(0, sequence(...parts))));
}
