import { RSABSSA } from '@cloudflare/blindrsa-ts';
import { DomainError, concatBytes, equalBytes } from '@qej/kernel';
import { parsePublicKey } from './algorithms.ts';
import { refuse } from './refuse.ts';
import { owned, sha256 } from './verify-signature.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** What the client keeps between asking and receiving; secret, because it links the blinded request to the token. */
export interface PendingToken {
  /** 32 random bytes of RFC 9474's Randomized preparation, then the 32-byte serial of the token. */
  readonly preparedMessage: Uint8Array;
  readonly inverse: Uint8Array;
  /** Goes to the issuer. */
  readonly blindedMessage: Uint8Array;
}

/**
 * A token on the wire: 0x01 ‖ SHA-256(SPKI of the issuer key) ‖ prepared message (64) ‖ signature (modulus length).
 * With RSA-3072: 1 + 32 + 64 + 384 = 481 bytes.
 */
const VERSION = 1;
const PREFIX = 1 + 32;
const MESSAGE = 64;

const suite = RSABSSA.SHA384.PSS.Randomized();

/** An RSA key of at least 3072 bits: 128-bit security like P-256 everywhere else; 4096 doubles the price of signing and blinding and adds none that counts. */
async function importTokenKey(spki: Uint8Array): Promise<{ key: CryptoKey; length: number }> {
  const info = parsePublicKey(spki);
  if (info.kind !== 'rsa') return refuse('E_TOKEN_KEY', 'token key must be RSA');
  const key = await globalThis.crypto.subtle.importKey(
    'spki',
    owned(spki),
    { name: 'RSA-PSS', hash: 'SHA-384' },
    true,
    ['verify'],
  );
  return { key, length: Math.ceil(info.modulusBits / 8) };
}

/**
 * Prepares and blinds `count` tokens (RFC 9474, RSABSSA-SHA384-PSS-Randomized). About 0.1 to 0.3 s each: report progress.
 * @param publicKey SubjectPublicKeyInfo of the week's issuer key
 * @throws DomainError `E_TOKEN_KEY`, `E_KEY_WEAK`
 */
export async function blindTokens(
  publicKey: Uint8Array,
  count: number,
  onProgress?: (done: number) => void,
): Promise<readonly PendingToken[]> {
  const { key } = await importTokenKey(publicKey);
  const pending: PendingToken[] = [];
  while (pending.length < count) {
    const preparedMessage = suite.prepare(globalThis.crypto.getRandomValues(new Uint8Array(32)));
    const { blindedMsg, inv } = await suite.blind(key, preparedMessage);
    pending.push({ preparedMessage, inverse: inv, blindedMessage: blindedMsg });
    onProgress?.(pending.length);
  }
  return pending;
}

/**
 * Unblinds the issuer's answers, in the order asked, and checks each.
 * @throws DomainError `E_TOKEN_SIGNATURE` when an answer does not verify, `E_TOKEN_FORMAT` when their number differs
 */
export async function finalizeTokens(
  publicKey: Uint8Array,
  pending: readonly PendingToken[],
  blindSignatures: readonly Uint8Array[],
): Promise<readonly Bytes[]> {
  if (pending.length !== blindSignatures.length) refuse('E_TOKEN_FORMAT', 'one answer per request is expected');
  const { key } = await importTokenKey(publicKey);
  const keyId = await sha256(publicKey);
  return Promise.all(
    pending.map(async ({ preparedMessage, inverse }, index) => {
      const blindSignature = blindSignatures[index] ?? refuse('E_TOKEN_FORMAT', 'answer missing');
      const signature = await suite.finalize(key, preparedMessage, blindSignature, inverse).catch((cause: unknown) => {
        throw new DomainError('E_TOKEN_SIGNATURE', { detail: 'issuer answered with something else', cause });
      });
      return concatBytes(Uint8Array.of(VERSION), keyId, preparedMessage, signature);
    }),
  );
}

/** @returns SHA-256 of the issuer key that the token names, to choose among the weeks' keys. */
export function tokenKeyId(token: Uint8Array): Uint8Array {
  if (token.length < PREFIX + MESSAGE || token[0] !== VERSION) refuse('E_TOKEN_FORMAT', 'not a token of version 1');
  return token.slice(1, PREFIX);
}

/**
 * @returns the spend id: SHA-256 of the prepared message. One token = one id, whatever the signature bytes.
 * @throws DomainError `E_TOKEN_FORMAT`, `E_TOKEN_KEY` (of another key), `E_TOKEN_SIGNATURE`
 */
export async function verifyToken(publicKey: Uint8Array, token: Uint8Array): Promise<Bytes> {
  const { key, length } = await importTokenKey(publicKey);
  if (!equalBytes(tokenKeyId(token), await sha256(publicKey))) refuse('E_TOKEN_KEY', 'token of another issuer key');
  if (token.length !== PREFIX + MESSAGE + length) refuse('E_TOKEN_FORMAT', 'length');
  const message = owned(token.slice(PREFIX, PREFIX + MESSAGE));
  const signature = owned(token.slice(PREFIX + MESSAGE));
  if (!(await suite.verify(key, signature, message))) refuse('E_TOKEN_SIGNATURE', 'token was not issued by this key');
  return sha256(message);
}
