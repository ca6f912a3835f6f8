import { fromHex, toBase64 } from '@qej/kernel';
import { getPurpose, OID, signCms } from '@qej/pki';
import type { Purpose, Signer } from '@qej/pki';

/** Detached CAdES signature over bytes, the purpose as its content type. */
export const signDetached = (signer: Signer, purpose: Purpose, content: Uint8Array): Promise<Uint8Array> =>
  signCms({ content, detached: true, eContentType: getPurpose(purpose).eContentType, signer });

/** CMS for a PDF whose byte ranges have this digest (hex), base64. */
export const signPdfDigest = async (signer: Signer, digest: string): Promise<string> =>
  toBase64(await signCms({ contentDigest: fromHex(digest), eContentType: OID.data, signer }));
