import { DomainError } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { getPurpose, parseCertificate, verifyChain, verifyCms } from '@qej/pki';
import type { Certificate, Purpose } from '@qej/pki';
import { readTrust } from '@qej/trust';
import type { TrustAnchors } from '@qej/trust';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface BankTrust {
  readonly anchors: () => Promise<TrustAnchors>;
  /** The signer of a detached CMS, with chain and revocation as of now. @throws DomainError `E_SIGNATURE` */
  signerOf(purpose: Purpose, content: Uint8Array, cms: Uint8Array, now: Instant): Promise<Certificate>;
  /** @throws DomainError `E_SIGNATURE` unless it is good for encryption and belongs to the firm. */
  encryptionPoint(der: Uint8Array, uscc: string, now: Instant): Promise<Uint8Array>;
}

/** Everything that does not verify is one refusal; the cause stays for the log. */
async function judged<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof DomainError)
      throw new DomainError('E_SIGNATURE', { detail: `${what}: ${cause.message}`, cause });
    throw cause;
  }
}

/** The authorities are read again when their revocation lists change. */
export function openBankTrust(directory: string): BankTrust {
  let known: { readonly mtimeMs: number; readonly anchors: Promise<TrustAnchors> } | undefined;
  const anchors = async (): Promise<TrustAnchors> => {
    const { mtimeMs } = await stat(join(directory, 'lists.pem'));
    if (known?.mtimeMs !== mtimeMs) known = { mtimeMs, anchors: readTrust(directory) };
    return known.anchors;
  };
  return {
    anchors,
    signerOf: (purpose, content, cms, now) =>
      judged('signature', async () => {
        const trusted = await anchors();
        const { signer } = await verifyCms({
          cms,
          content,
          eContentType: getPurpose(purpose).eContentType,
          ...trusted,
          at: now,
          usage: 'sign',
        });
        return signer;
      }),
    encryptionPoint: (der, uscc, now) =>
      judged('encryption certificate', async () => {
        const leaf = parseCertificate(der);
        await verifyChain({ leaf, ...(await anchors()), at: now, usage: 'encrypt' });
        if (leaf.publicKey.kind !== 'ec-p256')
          throw new DomainError('E_SIGNATURE', { detail: 'a P-256 key is needed' });
        if (leaf.subject.uscc !== uscc) throw new DomainError('E_SIGNATURE', { detail: 'of another firm' });
        return leaf.publicKey.point;
      }),
  };
}
