import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { DomainError, utf8 } from '@qej/kernel';
import { refuse } from './refuse.ts';

export interface Pkcs12Bags {
  readonly certificates: readonly Uint8Array[];
  /** PrivateKeyInfo (PKCS#8), DER, in the clear. */
  readonly keys: readonly Uint8Array<ArrayBuffer>[];
}

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
/** A file that asks for more work than this would hang the page. */
const MAX_ITERATIONS = 2_000_000;
const MAX_BYTES = 1 << 20;

const engine = (): pkijs.CryptoEngine => new pkijs.CryptoEngine({ name: 'webcrypto', crypto: globalThis.crypto });

function requirePbes2(algorithm: pkijs.AlgorithmIdentifier): void {
  if (algorithm.algorithmId !== PBES2)
    refuse('E_P12_ALGORITHM', 'only PBES2 files can be opened; export the file again', {
      algorithm: algorithm.algorithmId,
    });
  const { keyDerivationFunc } = new pkijs.PBES2Params({ schema: algorithm.algorithmParams });
  if (keyDerivationFunc.algorithmId !== PBKDF2) refuse('E_P12_ALGORITHM', 'key derivation must be PBKDF2');
  const { iterationCount } = new pkijs.PBKDF2Params({ schema: keyDerivationFunc.algorithmParams });
  if (!(iterationCount >= 1 && iterationCount <= MAX_ITERATIONS)) refuse('E_P12_ALGORITHM', 'iteration count');
}

/** pkijs throws plain Errors for anything malformed: whatever is not ours means the file is not what it should be. */
async function orFormat<Value>(work: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof DomainError) throw cause;
    throw new DomainError('E_P12_FORMAT', { detail: 'not a PKCS#12 file that can be read', cause });
  }
}

/** The MAC is judged before anything is decrypted, so a wrong passphrase is told apart from a broken file. */
async function openAuthenticatedSafe(
  bytes: Uint8Array<ArrayBuffer>,
  password: ArrayBuffer,
): Promise<pkijs.AuthenticatedSafe> {
  const crypto = engine();
  const pfx = await orFormat(() => pkijs.PFX.fromBER(bytes));
  const { macData } = pfx;
  if (macData === undefined || pfx.authSafe.contentType !== pkijs.ContentInfo.DATA)
    return refuse('E_P12_FORMAT', 'file has no passphrase check (MAC)');
  if (!((macData.iterations ?? 1) <= MAX_ITERATIONS)) refuse('E_P12_ALGORITHM', 'iteration count');
  const content = pfx.authSafe.content as unknown;
  if (!(content instanceof asn1js.OctetString)) return refuse('E_P12_FORMAT', 'content');
  const authSafe = content.getValue();
  const isRight = await orFormat(() =>
    crypto.verifyDataStampedWithPassword({
      password,
      hashAlgorithm: (
        crypto.getAlgorithmByOID(macData.mac.digestAlgorithm.algorithmId, true, 'digestAlgorithm') as { name: string }
      ).name, // pkijs types it as object
      salt: new Uint8Array(macData.macSalt.valueBlock.valueHexView).buffer,
      iterationCount: macData.iterations ?? 1,
      contentToVerify: authSafe,
      signatureToVerify: new Uint8Array(macData.mac.digest.valueBlock.valueHexView).buffer,
    }),
  );
  if (!isRight) refuse('E_P12_PASSPHRASE', 'passphrase is wrong');
  return orFormat(() => pkijs.AuthenticatedSafe.fromBER(authSafe));
}

/** Bag by bag ourselves: pkijs would try whatever algorithm the file names, and its parser spends the schema it has read once. */
async function safeBags(safe: pkijs.AuthenticatedSafe, password: ArrayBuffer): Promise<readonly pkijs.SafeBag[]> {
  const bags: pkijs.SafeBag[] = [];
  for (const { contentType, content } of safe.safeContents) {
    const value: unknown = content;
    if (contentType === pkijs.ContentInfo.DATA && value instanceof asn1js.OctetString)
      bags.push(...pkijs.SafeContents.fromBER(value.getValue()).safeBags);
    else if (contentType === pkijs.ContentInfo.ENCRYPTED_DATA) {
      const encrypted = new pkijs.EncryptedData({ schema: value });
      requirePbes2(encrypted.encryptedContentInfo.contentEncryptionAlgorithm);
      bags.push(...pkijs.SafeContents.fromBER(await encrypted.decrypt({ password }, engine())).safeBags);
    } else refuse('E_P12_FORMAT', 'unsupported content');
  }
  return bags;
}

async function privateKey(bag: pkijs.PKCS8ShroudedKeyBag, password: ArrayBuffer): Promise<Uint8Array<ArrayBuffer>> {
  requirePbes2(bag.encryptionAlgorithm);
  const data = new pkijs.EncryptedData({
    encryptedContentInfo: new pkijs.EncryptedContentInfo({
      contentEncryptionAlgorithm: bag.encryptionAlgorithm,
      encryptedContent: bag.encryptedData,
    }),
  });
  return new Uint8Array(await data.decrypt({ password }, engine()));
}

/**
 * Opens the bags of a PKCS#12 file (RFC 7292): MAC by passphrase, PBES2 inside.
 * @throws DomainError `E_P12_PASSPHRASE`, `E_P12_FORMAT`, `E_P12_ALGORITHM` (3DES, RC2)
 */
export async function openBags(bytes: Uint8Array, passphrase: string): Promise<Pkcs12Bags> {
  if (bytes.length > MAX_BYTES) refuse('E_P12_FORMAT', 'file is too large');
  const password = utf8(passphrase).buffer;
  const safe = await openAuthenticatedSafe(new Uint8Array(bytes), password);
  return orFormat(async () => {
    const certificates: Uint8Array[] = [];
    const keys: Uint8Array<ArrayBuffer>[] = [];
    for (const { bagValue } of await safeBags(safe, password)) {
      const value: unknown = bagValue;
      if (value instanceof pkijs.CertBag)
        certificates.push(new Uint8Array((value.certValue as asn1js.OctetString).getValue())); // an x509Certificate bag holds an OCTET STRING
      else if (value instanceof pkijs.PKCS8ShroudedKeyBag) keys.push(await privateKey(value, password));
    }
    return { certificates, keys };
  });
}
