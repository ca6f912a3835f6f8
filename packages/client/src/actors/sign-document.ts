import { ApiError } from '@qej/contract';
import { toBase64 } from '@qej/kernel';
import { pause, STEP_PATIENCE_MS } from '../http/retry.ts';
import { readTender } from './course.ts';
import type { SessionClient } from '../http/session-client.ts';
import { signPdfDigest } from '../sign.ts';

const codeOf = (error: unknown): string | undefined => (error instanceof ApiError ? error.code : undefined);

/**
 * Signs a PDF as the person of the session: prepare, sign the digest, complete. One signature after the other is put into a
 * document, so a busy one is waited for; one's own signature that is there already counts as done.
 * @returns whether it was signed now
 */
export async function signDocument(
  { api, identity }: SessionClient,
  documentId: string,
  patienceMs = STEP_PATIENCE_MS,
): Promise<boolean> {
  const certificate = toBase64(identity.signer.certificate.der);
  const began = performance.now();
  for (;;) {
    try {
      const { preparationId, digest } = await api.prepareSignature({ params: { documentId }, body: { certificate } });
      const cms = await signPdfDigest(identity.signer, digest);
      await api.completeSignature({ params: { documentId }, body: { preparationId, cms } });
      return true;
    } catch (error) {
      if (codeOf(error) === 'E_ALREADY_SIGNED') return false;
      // Somebody else's turn, or an answer that was lost on the way: begin again with a fresh preparation.
      const isBusy = ['E_SIGNING_BUSY', 'E_CONFLICT'].includes(codeOf(error) ?? '');
      if (!isBusy || performance.now() - began > patienceMs) throw error;
      await pause(400);
    }
  }
}

/** Signs every document of the tender that waits for this person's signature. @returns their ids */
export async function signWhatWaits(session: SessionClient, tenderId: string): Promise<readonly string[]> {
  const { documents } = await readTender(session.api, tenderId);
  const waiting = documents.filter(({ mine }) => mine).map(({ documentId }) => documentId);
  for (const documentId of waiting) await signDocument(session, documentId);
  return waiting;
}
