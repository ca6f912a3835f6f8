import { concatBytes, equalBytes } from '@qej/kernel';
import {
  DerFields,
  TAG,
  context,
  derBits,
  derIntegerBytes,
  derOid,
  derUnsigned,
  integer,
  nullValue,
  oid,
  readDer,
  sequence,
} from './der/index.ts';
import type { DerNode } from './der/index.ts';
import { OID } from './oids.ts';
import { refuse } from './refuse.ts';

type Bytes = Uint8Array<ArrayBuffer>;

export type HashName = 'SHA-256' | 'SHA-384' | 'SHA-512';

/** The closed list. Nothing else is signed or believed: no SHA-1, no RSA below 3072, no other curve. */
export type SignatureAlgorithm =
  | 'ecdsa-p256-sha256'
  | 'rsa-pkcs1-sha256'
  | 'rsa-pkcs1-sha384'
  | 'rsa-pkcs1-sha512'
  | 'rsa-pss-sha256'
  | 'rsa-pss-sha384'
  | 'rsa-pss-sha512';

export interface AlgorithmInfo {
  readonly family: 'ec' | 'rsa';
  readonly webCrypto: 'ECDSA' | 'RSASSA-PKCS1-v1_5' | 'RSA-PSS';
  readonly hash: HashName;
  readonly saltLength: number;
  /** AlgorithmIdentifier, DER. */
  readonly identifier: Bytes;
}

export const hashOids: Readonly<Record<HashName, string>> = {
  'SHA-256': OID.sha256,
  'SHA-384': OID.sha384,
  'SHA-512': OID.sha512,
};

function pss(hash: HashName, saltLength: number): AlgorithmInfo {
  const digest = sequence(oid(hashOids[hash]), nullValue());
  const parameters = sequence(
    context(0, digest),
    context(1, sequence(oid(OID.mgf1), digest)),
    context(2, integer(saltLength)),
  );
  return { family: 'rsa', webCrypto: 'RSA-PSS', hash, saltLength, identifier: sequence(oid(OID.rsaPss), parameters) };
}

const pkcs1 = (hash: HashName, dotted: string): AlgorithmInfo => ({
  family: 'rsa',
  webCrypto: 'RSASSA-PKCS1-v1_5',
  hash,
  saltLength: 0,
  identifier: sequence(oid(dotted), nullValue()),
});

export const signatureAlgorithms: Readonly<Record<SignatureAlgorithm, AlgorithmInfo>> = {
  'ecdsa-p256-sha256': {
    family: 'ec',
    webCrypto: 'ECDSA',
    hash: 'SHA-256',
    saltLength: 0,
    identifier: sequence(oid(OID.ecdsaSha256)),
  },
  'rsa-pkcs1-sha256': pkcs1('SHA-256', OID.rsaSha256),
  'rsa-pkcs1-sha384': pkcs1('SHA-384', OID.rsaSha384),
  'rsa-pkcs1-sha512': pkcs1('SHA-512', OID.rsaSha512),
  'rsa-pss-sha256': pss('SHA-256', 32),
  'rsa-pss-sha384': pss('SHA-384', 48),
  'rsa-pss-sha512': pss('SHA-512', 64),
};

const names = Object.keys(signatureAlgorithms) as SignatureAlgorithm[]; // keys of the literal above
const rsaEncryption = sequence(oid(OID.rsaEncryption), nullValue());

/**
 * Compared byte for byte with the encodings above, so odd parameters are refused too.
 * @param digest the CMS digestAlgorithm: RFC 3370 lets a SignerInfo say plain rsaEncryption.
 * @throws DomainError `E_ALGORITHM`
 */
export function signatureAlgorithmOf(identifier: DerNode, digest?: HashName): SignatureAlgorithm {
  if (digest !== undefined && equalBytes(identifier.bytes, rsaEncryption)) {
    return (
      names.find(
        (name) =>
          signatureAlgorithms[name].webCrypto === 'RSASSA-PKCS1-v1_5' && signatureAlgorithms[name].hash === digest,
      ) ?? refuse('E_ALGORITHM', 'digest')
    );
  }
  const found = names.find((name) => equalBytes(signatureAlgorithms[name].identifier, identifier.bytes));
  return found ?? refuse('E_ALGORITHM', 'signature algorithm is not allowed');
}

/** @throws DomainError `E_ALGORITHM` for SHA-1, MD5 and everything else outside SHA-2. */
export function hashOf(identifier: DerNode): HashName {
  const fields = new DerFields(identifier);
  const dotted = derOid(fields.next(TAG.oid));
  fields.optional(TAG.null);
  fields.end();
  const found = (Object.keys(hashOids) as HashName[]).find((name) => hashOids[name] === dotted); // keys of the literal above
  return found ?? refuse('E_ALGORITHM', 'digest algorithm is not allowed');
}

export type PublicKeyInfo =
  | { readonly kind: 'ec-p256'; readonly spki: Uint8Array; readonly point: Uint8Array }
  | { readonly kind: 'rsa'; readonly spki: Uint8Array; readonly modulusBits: number; readonly exponent: bigint };

const MIN_RSA_BITS = 3072;
const MAX_RSA_BITS = 8192;
const MIN_EXPONENT = 65537n;

/**
 * Reads a SubjectPublicKeyInfo and applies the key policy.
 * @throws DomainError `E_ALGORITHM`, `E_KEY_WEAK` (RSA below 3072 bits or exponent below 65537), `E_DER`
 */
export function parsePublicKey(spki: Uint8Array): PublicKeyInfo {
  const fields = new DerFields(readDer(spki));
  const algorithm = new DerFields(fields.next(TAG.sequence));
  const key = derBits(fields.next(TAG.bitString));
  fields.end();
  const dotted = derOid(algorithm.next(TAG.oid));
  if (dotted === OID.ecPublicKey) {
    if (derOid(algorithm.next(TAG.oid)) !== OID.p256) refuse('E_ALGORITHM', 'curve is not P-256');
    algorithm.end();
    if (key.length !== 65 || key[0] !== 4) refuse('E_ALGORITHM', 'P-256 point must be uncompressed');
    return { kind: 'ec-p256', spki, point: key };
  }
  if (dotted !== OID.rsaEncryption) return refuse('E_ALGORITHM', 'public key algorithm is not allowed');
  algorithm.next(TAG.null);
  algorithm.end();
  const numbers = new DerFields(readDer(key));
  const modulus = derUnsigned(numbers.next(TAG.integer));
  const exponent = derUnsigned(numbers.next(TAG.integer));
  numbers.end();
  const modulusBits = modulus.toString(2).length;
  if (modulusBits < MIN_RSA_BITS || modulusBits > MAX_RSA_BITS)
    refuse('E_KEY_WEAK', 'RSA key size', { bits: modulusBits });
  if (exponent < MIN_EXPONENT || exponent % 2n === 0n || exponent > 2n ** 64n) refuse('E_KEY_WEAK', 'RSA exponent');
  return { kind: 'rsa', spki, modulusBits, exponent };
}

/** Ecdsa-Sig-Value (RFC 3279) → r ‖ s of 32 bytes each; strict DER, 0 < r, s < 2^256. High s is allowed: CMS never forbade it. */
export function ecdsaFromDer(signature: Uint8Array): Bytes {
  const fields = new DerFields(readDer(signature));
  const parts = [fields.next(TAG.integer), fields.next(TAG.integer)].map((node) => {
    const content = derIntegerBytes(node);
    const magnitude = content[0] === 0 ? content.subarray(1) : content;
    if ((content[0] ?? 0x80) >= 0x80 || magnitude.length > 32 || magnitude.length === 0)
      refuse('E_SIGNATURE', 'r or s out of range');
    return concatBytes(new Uint8Array(32 - magnitude.length), magnitude);
  });
  fields.end();
  return concatBytes(...parts);
}

/** r ‖ s of WebCrypto → Ecdsa-Sig-Value. */
export function ecdsaToDer(raw: Uint8Array): Bytes {
  if (raw.length !== 64) refuse('E_SIGNATURE', 'expected 64 bytes');
  return sequence(integer(raw.subarray(0, 32)), integer(raw.subarray(32)));
}
