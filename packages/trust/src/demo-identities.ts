import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import type { Certificate, SubjectRole } from '@qej/pki';
import { generateKey, spkiOf } from './keys.ts';
import type { LocalCa } from './local-ca.ts';
import { writePkcs12 } from './pkcs12-write.ts';
import { makeDirectory, readIfPresent, writePrivate } from './private-files.ts';
import { refuse } from './refuse.ts';

export interface DemoPerson {
  /** Becomes the file name: letters, digits and hyphens. */
  readonly id: string;
  readonly name: { readonly zh: string; readonly en: string };
  readonly organization?: string;
  readonly uscc?: string;
  readonly profile: SubjectRole;
}

export interface DemoIdentity extends DemoPerson {
  readonly passphrase: string;
  /** File names in the directory. */
  readonly p12: string;
  readonly signCertificate: string;
  readonly encryptCertificate: string;
  readonly signSerial: string;
  readonly encryptSerial: string;
}

export interface DemoIndex {
  readonly v: 1;
  readonly notice: { readonly zh: string; readonly en: string };
  readonly identities: readonly DemoIdentity[];
}

const notice = {
  zh: '演示用证书：口令写在本文件里，任何人都能冒用，不得用于真实招标投标。',
  en: 'Demo certificates: the passphrases stand in this file, anybody can use them. Never for a real tender.',
};
const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789';
const newPassphrase = (): string =>
  `demo-${Array.from({ length: 10 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;

async function createOne(ca: LocalCa, directory: string, person: DemoPerson): Promise<DemoIdentity> {
  if (!/^[a-z0-9][a-z0-9-]{0,63}$/.test(person.id)) refuse('E_CA_SUBJECT', 'id of a demo person');
  const subject = {
    country: 'CN',
    organization: person.organization,
    uscc: person.uscc,
    serialNumber: person.id,
    commonName: person.name.zh,
  };
  const make = async (purpose: 'sign' | 'encrypt', title: string) => {
    const privateKey = await generateKey('p-256');
    const certificate: Certificate = await ca.issue({
      profile: `${person.profile}-${purpose}`,
      subject,
      spki: spkiOf(privateKey),
    });
    return { privateKey, certificate, friendlyName: `${person.name.zh} ${title}` };
  };
  const sign = await make('sign', '签名 signing');
  const encrypt = await make('encrypt', '加密 encryption');
  const passphrase = newPassphrase();
  const files = {
    p12: `${person.id}.p12`,
    signCertificate: `${person.id}-sign.cer`,
    encryptCertificate: `${person.id}-encrypt.cer`,
  };
  await writePrivate(
    join(directory, files.p12),
    writePkcs12([sign, encrypt], ca.chainOf(sign.certificate), passphrase),
  );
  await writePrivate(join(directory, files.signCertificate), sign.certificate.der);
  await writePrivate(join(directory, files.encryptCertificate), encrypt.certificate.der);
  return {
    ...person,
    passphrase,
    ...files,
    signSerial: sign.certificate.serial,
    encryptSerial: encrypt.certificate.serial,
  };
}

const samePerson = (a: DemoPerson, b: DemoPerson): boolean =>
  a.id === b.id &&
  a.name.zh === b.name.zh &&
  a.name.en === b.name.en &&
  a.organization === b.organization &&
  a.uscc === b.uscc &&
  a.profile === b.profile;

/** Reads what `createDemoIdentities` wrote. @throws DomainError `E_CA_STATE` */
export async function readDemoIdentities(directory: string): Promise<DemoIndex | undefined> {
  const bytes = await readIfPresent(join(directory, 'index.json'));
  if (bytes === undefined) return undefined;
  const index = JSON.parse(bytes.toString('utf8')) as DemoIndex; // our own file; the version is checked next
  return index.v === 1 ? index : refuse('E_CA_STATE', 'demo index has an unknown version');
}

/**
 * For each person a PKCS#12 file with two key pairs (signing and encryption, P-256), both certificates, and `index.json` with the passphrases.
 * People who are there already are kept, so a warm start costs nothing.
 * @throws DomainError `E_CA_SUBJECT`
 */
export async function createDemoIdentities(
  ca: LocalCa,
  directory: string,
  people: readonly DemoPerson[],
): Promise<DemoIndex> {
  await makeDirectory(directory);
  const known = (await readDemoIdentities(directory))?.identities ?? [];
  const identities = await Promise.all(
    people.map(
      async (person) =>
        known.find((candidate) => samePerson(candidate, person)) ?? (await createOne(ca, directory, person)),
    ),
  );
  const index: DemoIndex = { v: 1, notice, identities };
  if (identities.some((identity) => !known.includes(identity)))
    await writePrivate(join(directory, 'index.json'), `${JSON.stringify(index, null, 1)}\n`);
  return index;
}
