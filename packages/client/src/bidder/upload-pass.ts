import { ApiError } from '@qej/contract';
import { DomainError, fromBase64, toBase64 } from '@qej/kernel';
import { blindTokens, finalizeTokens } from '@qej/pki';
import type { IntakeClient, PlatformClient } from '../http/api-clients.ts';
import { sha256Hex } from '../log/tender-log.ts';

/** An upload session of the intake, and how long it lasts. Nothing in it leads back to the account. */
export interface UploadPass {
  readonly session: string;
  readonly expiresAt: string;
}

/** One blind token, unblinded. Costs one of the week's eight. @throws ApiError `E_TOKEN_QUOTA`, DomainError `E_TOKEN_KEY` */
async function takeToken(platform: PlatformClient): Promise<Uint8Array> {
  const { keyId, spki } = await platform.getTokenKey({});
  const key = fromBase64(spki);
  if ((await sha256Hex(key)) !== keyId) throw new DomainError('E_TOKEN_KEY', { detail: 'key and key id differ' });
  const pending = await blindTokens(key, 1);
  const { signatures } = await platform.issueTokens({
    body: { blinded: pending.map(({ blindedMessage }) => toBase64(blindedMessage)) },
  });
  const [token] = await finalizeTokens(key, pending, signatures.map(fromBase64));
  if (token === undefined) throw new Error('no token came back');
  return token;
}

const isSpent = (error: unknown): boolean => error instanceof ApiError && error.code === 'E_TOKEN_SPENT';

/** Opens an upload session. A token whose answer was lost is spent; then the next one is taken. */
export async function openUploadPass(platform: PlatformClient, intake: IntakeClient): Promise<UploadPass> {
  for (let attempt = 1; ; attempt++) {
    const token = toBase64(await takeToken(platform));
    try {
      const { session, expiresAt } = await intake.openUploadSession({ body: { token } });
      return { session, expiresAt };
    } catch (error) {
      if (!isSpent(error) || attempt >= 3) throw error;
    }
  }
}
