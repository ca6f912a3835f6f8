import { refusal } from './errors.ts';
import { hpkeOpen, hpkeSeal } from './hpke.ts';
import { isP256Point } from './p256.ts';
import { webPrimitives } from './web-provider.ts';

/** Recipient's P-256 point (65 bytes) and the context both sides know, e.g. purpose and order id. */
export interface MessageContext {
  readonly recipient: Uint8Array;
  readonly info: Uint8Array;
}

/**
 * A message of any length to one encryption certificate: RFC 9180 base mode, the container's HPKE suite, random coins.
 * @returns enc (65 bytes) ‖ ciphertext ‖ tag
 * @throws DomainError `E_POINT`
 */
export const sealMessage = (to: MessageContext, plaintext: Uint8Array): Promise<Uint8Array> =>
  hpkeSeal(webPrimitives, to, plaintext, globalThis.crypto.getRandomValues(new Uint8Array(48)));

/**
 * Opens it with a non-extractable WebCrypto key (ECDH P-256, usage deriveBits).
 * @throws DomainError `E_POINT`, `E_UNWRAP` (another key, another context, or changed bytes)
 */
export async function openMessage(privateKey: CryptoKey, to: MessageContext, sealed: Uint8Array): Promise<Uint8Array> {
  if (!isP256Point(to.recipient)) throw refusal('E_POINT', { detail: 'recipient key' });
  const { subtle } = globalThis.crypto;
  const plain = await hpkeOpen(webPrimitives, to, sealed, async (enc) => {
    const peer = await subtle.importKey('raw', enc.slice(), { name: 'ECDH', namedCurve: 'P-256' }, false, []);
    return new Uint8Array(await subtle.deriveBits({ name: 'ECDH', public: peer }, privateKey, 256));
  });
  if (plain === undefined) throw refusal('E_UNWRAP', { detail: 'another key, another context, or changed bytes' });
  return plain;
}
