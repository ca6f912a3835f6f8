import { constants, createPublicKey, privateDecrypt, publicEncrypt } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { kindOf } from './keys.ts';
import { refuse } from './refuse.ts';

export interface BlindIssuer {
  /** SubjectPublicKeyInfo, DER: what clients blind for and the log publishes. */
  readonly publicKey: Uint8Array;
  /** RFC 9474 BlindSign on one blinded message of modulus length. @throws DomainError `E_TOKEN_BLIND` */
  sign(blindedMessage: Uint8Array): Uint8Array;
}

/**
 * Signs blind tokens with a raw RSA operation (RFC 9474 section 4.3), checked with the public key before it leaves. The key must serve nothing else:
 * whoever has it sign chosen numbers can have anything signed. RSA-3072 (or 4096): the same 128-bit strength as P-256 elsewhere; 4096 would cost twice the time.
 */
export function createBlindIssuer(privateKey: KeyObject): BlindIssuer {
  if (kindOf(privateKey) === 'p-256') refuse('E_CA_KEY', 'blind tokens need an RSA key');
  const publicKey = createPublicKey(privateKey);
  const length = (privateKey.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const padding = constants.RSA_NO_PADDING;
  return {
    publicKey: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    sign(blindedMessage) {
      if (blindedMessage.length !== length) refuse('E_TOKEN_BLIND', 'blinded message has the wrong length');
      let signature: Buffer;
      try {
        signature = privateDecrypt({ key: privateKey, padding }, blindedMessage);
      } catch {
        return refuse('E_TOKEN_BLIND', 'blinded message is not below the modulus');
      }
      if (!publicEncrypt({ key: publicKey, padding }, signature).equals(blindedMessage))
        throw new Error('the key made a signature that does not verify');
      return new Uint8Array(signature);
    },
  };
}
