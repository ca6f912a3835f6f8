import { constants, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject, SignKeyObjectInput } from 'node:crypto';
import { promisify } from 'node:util';
import { equalBytes } from '@qej/kernel';
import { signatureAlgorithms } from '@qej/pki';
import type { Certificate, IssuerKey, SignatureAlgorithm, Signer } from '@qej/pki';
import { refuse } from './refuse.ts';

type AsyncSign = (hash: string, bytes: Uint8Array, key: SignKeyObjectInput) => Promise<Buffer>;
const signInPool = promisify(sign) as AsyncSign; // the promisified overload loses its types

function options(key: KeyObject, algorithm: SignatureAlgorithm): SignKeyObjectInput {
  const { webCrypto, saltLength } = signatureAlgorithms[algorithm];
  if (webCrypto === 'ECDSA') return { key, dsaEncoding: 'der' };
  return webCrypto === 'RSA-PSS'
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength }
    : { key, padding: constants.RSA_PKCS1_PADDING };
}

function makeSign(privateKey: KeyObject, algorithm: SignatureAlgorithm): (bytes: Uint8Array) => Promise<Uint8Array> {
  const publicKey = createPublicKey(privateKey);
  const { family, hash } = signatureAlgorithms[algorithm];
  return async (bytes) => {
    const input = options(privateKey, algorithm);
    // P-256 takes 30 µs: cheaper on the spot than a trip through the thread pool
    const signature = family === 'ec' ? sign(hash, bytes, input) : await signInPool(hash, bytes, input);
    if (!verify(hash, bytes, { ...input, key: publicKey }, signature))
      throw new Error('the key made a signature that does not verify');
    return new Uint8Array(signature);
  };
}

const algorithmFor = (key: KeyObject): SignatureAlgorithm =>
  key.asymmetricKeyType === 'ec' ? 'ecdsa-p256-sha256' : 'rsa-pkcs1-sha256';

export interface NodeSignerOptions {
  readonly privateKey: KeyObject;
  readonly certificate: Certificate;
  readonly chain?: readonly Certificate[];
  /** RSA keys may sign PSS; default PKCS#1 v1.5, which every PDF reader knows. */
  readonly algorithm?: SignatureAlgorithm;
}

/**
 * The `Signer` port on a server key: node:crypto, each signature verified before it leaves.
 * @throws DomainError `E_CA_KEY` when key and certificate do not belong together
 */
export function nodeSigner({
  privateKey,
  certificate,
  chain = [],
  algorithm = algorithmFor(privateKey),
}: NodeSignerOptions): Signer {
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  if (!equalBytes(spki, certificate.spki)) refuse('E_CA_KEY', 'private key does not belong to the certificate');
  return { certificate, chain, algorithm, sign: makeSign(privateKey, algorithm) };
}

/** The same for an authority that signs certificates and lists; without a certificate it signs its own. */
export function issuerKey(privateKey: KeyObject, certificate?: Certificate): IssuerKey {
  const algorithm = algorithmFor(privateKey);
  const signer = { algorithm, sign: makeSign(privateKey, algorithm) };
  return certificate === undefined ? signer : { ...signer, certificate };
}
