import { createCipheriv, createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { OID } from '@qej/pki';
import type { Certificate } from '@qej/pki';
import { bmpString, context, integer, nullValue, octetString, oid, sequence, setOf } from '@qej/pki/der';

const BAG = {
  shroudedKey: '1.2.840.113549.1.12.10.1.2',
  certificate: '1.2.840.113549.1.12.10.1.3',
  x509: '1.2.840.113549.1.9.22.1',
  friendlyName: '1.2.840.113549.1.9.20',
  localKeyId: '1.2.840.113549.1.9.21',
};
const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const HMAC_SHA256 = '1.2.840.113549.2.9';
const AES_256_CBC = '2.16.840.1.101.3.4.1.42';
/** Demo files must open at once in a browser; a production authority would choose a hundred times more. */
const ENCRYPTION_ROUNDS = 10_000;
const MAC_ROUNDS = 2048;

export interface Pkcs12Entry {
  readonly privateKey: KeyObject;
  readonly certificate: Certificate;
  readonly friendlyName: string;
}

function pbes2(passphrase: string, plain: Uint8Array): { algorithm: Uint8Array; encrypted: Uint8Array } {
  const salt = randomBytes(16);
  const iv = randomBytes(16);
  const key = pbkdf2Sync(passphrase, salt, ENCRYPTION_ROUNDS, 32, 'sha256');
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const kdf = sequence(
    oid(PBKDF2),
    sequence(octetString(salt), integer(ENCRYPTION_ROUNDS), integer(32), sequence(oid(HMAC_SHA256), nullValue())),
  );
  return {
    algorithm: sequence(oid(PBES2), sequence(kdf, sequence(oid(AES_256_CBC), octetString(iv)))),
    encrypted: Buffer.concat([cipher.update(plain), cipher.final()]),
  };
}

const fill = (source: Uint8Array, size: number): Uint8Array =>
  Uint8Array.from(
    { length: source.length === 0 ? 0 : size * Math.ceil(source.length / size) },
    (_, i) => source[i % source.length] ?? 0,
  );

/** RFC 7292 appendix B.2 with ID 3 and SHA-256; 32 bytes need one round of the outer loop. */
function macKey(passphrase: string, salt: Uint8Array): Buffer {
  const password = Buffer.from(`${passphrase}\0`, 'utf16le').swap16();
  let block: Buffer = createHash('sha256')
    .update(new Uint8Array(64).fill(3))
    .update(fill(salt, 64))
    .update(fill(password, 64))
    .digest();
  for (let i = 1; i < MAC_ROUNDS; i++) block = createHash('sha256').update(block).digest();
  return block;
}

const attribute = (dotted: string, value: Uint8Array): Uint8Array => sequence(oid(dotted), setOf(value));

function bag(type: string, value: Uint8Array, entry: { name: string; id?: Uint8Array }): Uint8Array {
  const attributes = [
    attribute(BAG.friendlyName, bmpString(entry.name)),
    ...(entry.id === undefined ? [] : [attribute(BAG.localKeyId, octetString(entry.id))]),
  ];
  return sequence(oid(type), context(0, value), setOf(...attributes));
}

const certificateBag = (certificate: Certificate, entry: { name: string; id?: Uint8Array }): Uint8Array =>
  bag(BAG.certificate, sequence(oid(BAG.x509), context(0, octetString(certificate.der))), entry);

function shroudedKeyBag({ privateKey, friendlyName }: Pkcs12Entry, passphrase: string, id: Uint8Array): Uint8Array {
  const { algorithm, encrypted } = pbes2(passphrase, privateKey.export({ type: 'pkcs8', format: 'der' }));
  return bag(BAG.shroudedKey, sequence(algorithm, octetString(encrypted)), { name: friendlyName, id });
}

/**
 * Writes a PKCS#12 file (RFC 7292) with several key pairs: PBES2 (PBKDF2-HMAC-SHA256, AES-256-CBC), MAC HMAC-SHA256. openssl 3 and `openPkcs12` read it.
 * @param chain certificates of the authorities, added without keys
 */
export function writePkcs12(
  entries: readonly Pkcs12Entry[],
  chain: readonly Certificate[],
  passphrase: string,
): Uint8Array {
  const ids = entries.map(({ certificate }) => createHash('sha256').update(certificate.der).digest());
  const certificates = sequence(
    ...entries.map(({ certificate, friendlyName }, index) =>
      certificateBag(certificate, { name: friendlyName, id: ids[index] ?? new Uint8Array() }),
    ),
    ...chain.map((certificate) =>
      certificateBag(certificate, { name: certificate.subject.commonName ?? certificate.serial }),
    ),
  );
  const { algorithm, encrypted } = pbes2(passphrase, certificates);
  const encryptedData = sequence(
    integer(0),
    sequence(oid(OID.data), algorithm, Buffer.concat([Uint8Array.of(0x80), octetString(encrypted).subarray(1)])),
  );
  const keys = sequence(
    ...entries.map((entry, index) => shroudedKeyBag(entry, passphrase, ids[index] ?? new Uint8Array())),
  );
  const authSafe = sequence(
    sequence(oid(OID.encryptedData), context(0, encryptedData)),
    sequence(oid(OID.data), context(0, octetString(keys))),
  );
  const salt = randomBytes(16);
  const mac = createHmac('sha256', macKey(passphrase, salt)).update(authSafe).digest();
  const digestInfo = sequence(sequence(oid(OID.sha256), nullValue()), octetString(mac));
  return sequence(
    integer(3),
    sequence(oid(OID.data), context(0, octetString(authSafe))),
    sequence(digestInfo, octetString(salt), integer(MAC_ROUNDS)),
  );
}
