import { sha256 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes, fromBase64, fromBase64Url, Secret, toBase64, toHex, utf8 } from '@qej/kernel';
import { refuse } from './errors.ts';
import { parsed } from './members.ts';

/** c2sp.org/signed-note signature types that we use. */
export const signatureTypes = { ed25519: 0x01, cosignature: 0x04 } as const;
export type SignatureKind = keyof typeof signatureTypes;

export interface NoteVerifier {
  readonly name: string;
  readonly kind: SignatureKind;
  /** Four bytes. */
  readonly keyId: Uint8Array;
  readonly publicKey: Uint8Array;
}

export interface NoteSigner extends NoteVerifier {
  /** The verifier key in text, `<name>+<key id in hex>+<base64(type ‖ public key)>`. */
  readonly vkey: string;
  /** Plain Ed25519 (RFC 8032). The callers in this package choose what is signed. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

const KEY_LENGTH = 32;
/** DER of PKCS#8 up to the seed: RFC 8410, section 7. */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20);
const NAME = /^[^\p{White_Space}\p{Cc}+]+$/u;

/** Key names: no Unicode space, no plus, not empty. */
export const isKeyName = (name: string): boolean => NAME.test(name);

/** SHA-256(name ‖ 0x0A ‖ type ‖ public key)[:4]. */
export function noteKeyId(name: string, kind: SignatureKind, publicKey: Uint8Array): Uint8Array {
  return sha256(concatBytes(utf8(name), Uint8Array.of(0x0a, signatureTypes[kind]), publicKey)).slice(0, 4);
}

export function formatVkey({ name, kind, keyId, publicKey }: NoteVerifier): string {
  return `${name}+${toHex(keyId)}+${toBase64(concatBytes(Uint8Array.of(signatureTypes[kind]), publicKey))}`;
}

/**
 * @throws DomainError `E_NOTE_FORMAT` for an unknown type, a key id that does not belong to the key, another spelling.
 */
export function parseVkey(vkey: string): NoteVerifier {
  const match = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(vkey);
  const [, name = '', , data = ''] = match ?? refuse('E_NOTE_FORMAT', 'not a verifier key');
  if (!isKeyName(name)) refuse('E_NOTE_FORMAT', 'key name is not allowed');
  const bytes = parsed(() => fromBase64(data), 'E_NOTE_FORMAT', 'verifier key is not base64');
  const kind = bytes[0] === signatureTypes.ed25519 ? 'ed25519' : 'cosignature';
  if (bytes[0] !== signatureTypes[kind]) refuse('E_NOTE_FORMAT', 'unknown signature type');
  const publicKey = bytes.slice(1);
  if (publicKey.length !== KEY_LENGTH) refuse('E_NOTE_FORMAT', 'an Ed25519 key has 32 bytes');
  const verifier = { name, kind, keyId: noteKeyId(name, kind, publicKey), publicKey } as const;
  return formatVkey(verifier) === vkey ? verifier : refuse('E_NOTE_FORMAT', 'key id does not belong to the key');
}

export const isSameKey = (a: NoteVerifier, b: NoteVerifier): boolean =>
  a.kind === b.kind && equalBytes(a.publicKey, b.publicKey);

/** A new Ed25519 seed (32 bytes); keep it where the database is not. */
export const newNoteSeed = (): Secret<Uint8Array> =>
  new Secret(globalThis.crypto.getRandomValues(new Uint8Array(KEY_LENGTH)));

/** A log signs with kind `ed25519`, a witness with kind `cosignature`. */
export async function createNoteSigner(key: {
  readonly name: string;
  readonly kind: SignatureKind;
  readonly seed: Secret<Uint8Array>;
}): Promise<NoteSigner> {
  const { name, kind, seed } = key;
  if (!isKeyName(name)) refuse('E_NOTE_FORMAT', 'key name is not allowed');
  if (seed.reveal().length !== KEY_LENGTH) refuse('E_NOTE_FORMAT', 'an Ed25519 seed has 32 bytes');
  const { subtle } = globalThis.crypto;
  const pkcs8 = concatBytes(PKCS8_PREFIX, seed.reveal());
  const readable = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x } = await subtle.exportKey('jwk', readable);
  if (x === undefined) throw new Error('WebCrypto gave no public key for the seed');
  const publicKey = fromBase64Url(x);
  const privateKey = await subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
  const verifier = { name, kind, keyId: noteKeyId(name, kind, publicKey), publicKey };
  const sign = async (message: Uint8Array): Promise<Uint8Array> =>
    new Uint8Array(await subtle.sign('Ed25519', privateKey, new Uint8Array(message)));
  return { ...verifier, vkey: formatVkey(verifier), sign };
}

/** Ed25519 by WebCrypto; false for whatever is not a valid signature. */
export async function verifyEd25519(
  publicKey: Uint8Array,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey('raw', new Uint8Array(publicKey), 'Ed25519', false, ['verify']);
  return subtle.verify('Ed25519', key, new Uint8Array(signature), new Uint8Array(message));
}
