import { canonicalBytes, formatInstant } from '@qej/kernel';
import type { Instant } from '@qej/kernel';
import { parseCertificate } from './certificate.ts';
import { verifyChain } from './chain.ts';
import type { ChainRequest, ChainResult } from './chain.ts';
import { refuse } from './refuse.ts';
import { signPurpose, verifyPurpose } from './signer.ts';
import type { Signer } from './signer.ts';

/** What a certificate log-in signs: "qej-login/1" ‖ 0x00 ‖ canonical JSON of this. */
export interface LoginChallenge {
  /** Of the page that asks, scheme included. */
  readonly origin: string;
  /** Fresh from the server, standard base64. */
  readonly nonce: string;
  readonly expiresAt: Instant;
}

export const loginBytes = ({ origin, nonce, expiresAt }: LoginChallenge): Uint8Array<ArrayBuffer> =>
  canonicalBytes({ origin, nonce, expiresAt: formatInstant(expiresAt) });

export const signLogin = (signer: Signer, challenge: LoginChallenge): Promise<Uint8Array> =>
  signPurpose(signer, 'qej-login/1', loginBytes(challenge));

export interface VerifyLoginRequest extends Omit<ChainRequest, 'leaf' | 'usage'> {
  /** DER as the client sent it. */
  readonly certificate: Uint8Array;
  readonly challenge: LoginChallenge;
  readonly signature: Uint8Array;
  /** What the server itself expects. */
  readonly expected: { readonly origin: string; readonly nonce: string };
}

/**
 * The caller still burns the nonce, once, in its own store.
 * @throws DomainError `E_LOGIN_ORIGIN`, `E_LOGIN_NONCE`, `E_LOGIN_EXPIRED`, `E_SIGNATURE`, `E_CERT_*`, `E_CRL_*`
 */
export async function verifyLogin(request: VerifyLoginRequest): Promise<ChainResult> {
  const { challenge, expected, certificate, signature, ...chain } = request;
  if (challenge.origin !== expected.origin) refuse('E_LOGIN_ORIGIN', 'signed for another origin');
  if (challenge.nonce !== expected.nonce) refuse('E_LOGIN_NONCE', 'signed for another log-in');
  if (challenge.expiresAt < request.at) refuse('E_LOGIN_EXPIRED', 'took too long');
  const leaf = parseCertificate(certificate);
  await verifyPurpose(leaf, 'qej-login/1', loginBytes(challenge), signature);
  return verifyChain({ ...chain, leaf, usage: 'login' });
}
