import { DomainError } from '@qej/kernel';
import { openPdf, type PdfFile } from '../pdf/revisions.ts';
import { activeContent, unlawfulChange } from './difference.ts';
import { signedBytes } from './prepare.ts';
import { readFrom, type ReadSignature } from './read.ts';

/** What the caller's CMS verifier is given; it checks signature, attributes, chain, time and revocation. */
export interface CmsToVerify {
  readonly cms: Uint8Array;
  readonly content: Uint8Array;
  /** SHA-256 of `content`. */
  readonly digest: Uint8Array;
  readonly signature: ReadSignature;
}

export interface CmsVerdict<Signer> {
  readonly valid: boolean;
  readonly signer?: Signer;
  /** Why not, when not valid. */
  readonly reason?: string;
}

export interface SignatureVerdict<Signer> extends CmsVerdict<Signer> {
  readonly fieldName: string;
  readonly certifyLevel?: 1 | 2 | 3;
  /** `whole-file`, or `revision` when later revisions follow. */
  readonly coverage: 'whole-file' | 'revision';
  /** What follows the signed revision: nothing, only further signatures in their places, or something else. */
  readonly modifiedAfter: 'nothing' | 'signatures' | 'changed';
}

export interface PdfVerdict<Signer> {
  /** At least one signature, each valid, and nothing after them that they do not allow. */
  readonly valid: boolean;
  readonly signatures: readonly SignatureVerdict<Signer>[];
  /** In words, empty when valid. */
  readonly failures: readonly string[];
}

interface After {
  readonly modifiedAfter: SignatureVerdict<unknown>['modifiedAfter'];
  readonly failures: string[];
}

function after(file: PdfFile, signature: ReadSignature): After {
  if (signature.coversWholeFile) return { modifiedAfter: 'nothing', failures: [] };
  const failures: string[] = [];
  for (let index = signature.revision + 1; index < file.revisions.length; index++) {
    const change = unlawfulChange(file, index);
    if (change !== undefined) failures.push(`${signature.fieldName}: revision ${index + 1}: ${change}`);
  }
  if (failures.length > 0) return { modifiedAfter: 'changed', failures };
  if (signature.certifyLevel === 1) failures.push(`${signature.fieldName}: certified with P=1, but a revision follows`);
  return { modifiedAfter: 'signatures', failures };
}

/**
 * Verifies every signature and the rule "nothing after the signature": a certified document (DocMDP P=1) must end with its
 * signature; later approval signatures may only add themselves. An increment that changes anything else makes the file invalid
 * even though each CMS still verifies. A malformed file is a verdict here, not an exception.
 */
export async function verifyPdf<Signer>(
  pdf: Uint8Array,
  { verifyCms }: { readonly verifyCms: (input: CmsToVerify) => Promise<CmsVerdict<Signer>> },
): Promise<PdfVerdict<Signer>> {
  let file: PdfFile;
  let found: ReadSignature[];
  try {
    file = openPdf(pdf);
    found = readFrom(file);
    const active = activeContent(file);
    if (active !== undefined) return { valid: false, signatures: [], failures: [`active content: ${active}`] };
  } catch (error) {
    if (error instanceof DomainError) return { valid: false, signatures: [], failures: [error.message] };
    throw error;
  }
  const failures: string[] = found.length === 0 ? ['no signature'] : [];
  const signatures: SignatureVerdict<Signer>[] = [];
  for (const signature of found) {
    const { cms, digest, fieldName, certifyLevel, coversWholeFile } = signature;
    const verdict = await verifyCms({ cms, digest, content: signedBytes(pdf, signature.byteRange), signature });
    if (!verdict.valid) failures.push(`${fieldName}: ${verdict.reason ?? 'CMS is not valid'}`);
    const rest = after(file, signature);
    failures.push(...rest.failures);
    const coverage = coversWholeFile ? 'whole-file' : 'revision';
    signatures.push({
      ...verdict,
      fieldName,
      coverage,
      modifiedAfter: rest.modifiedAfter,
      ...(certifyLevel === undefined ? {} : { certifyLevel }),
    });
  }
  if (found.length > 0 && found.at(-1)?.coversWholeFile !== true)
    failures.push('the last signature does not cover the whole file');
  return { valid: failures.length === 0, signatures, failures };
}
