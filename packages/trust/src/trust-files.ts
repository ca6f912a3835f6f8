import { join } from 'node:path';
import { certificatesFromPem, crlsFromPem, toPem } from '@qej/pki';
import type { Certificate, Crl } from '@qej/pki';
import type { LocalCa } from './local-ca.ts';
import { makeDirectory, readIfPresent, writePrivate } from './private-files.ts';
import { refuse } from './refuse.ts';

/** What a verifier needs of an authority; nothing in it is secret. */
export interface TrustAnchors {
  readonly roots: readonly Certificate[];
  readonly intermediates: readonly Certificate[];
  readonly crls: readonly Crl[];
}

const files = { roots: 'roots.pem', intermediates: 'issuing.pem', crls: 'lists.pem' } as const;

/** Writes `roots.pem`, `issuing.pem` and the current `lists.pem`, to be handed to the bank, the witness, holders and verifiers. */
export async function publishTrust(ca: LocalCa, directory: string): Promise<TrustAnchors> {
  const crls = await ca.crls();
  await makeDirectory(directory);
  await writePrivate(join(directory, files.roots), ca.roots.map(({ der }) => toPem(der)).join(''));
  await writePrivate(join(directory, files.intermediates), ca.intermediates.map(({ der }) => toPem(der)).join(''));
  await writePrivate(join(directory, files.crls), crls.map(({ der }) => toPem(der, 'X509 CRL')).join(''));
  return { roots: ca.roots, intermediates: ca.intermediates, crls };
}

/** @throws DomainError `E_CA_STATE` when a file is missing */
export async function readTrust(directory: string): Promise<TrustAnchors> {
  const read = async (name: string): Promise<string> =>
    (await readIfPresent(join(directory, name)))?.toString('ascii') ?? refuse('E_CA_STATE', `${name} is missing`);
  return {
    roots: certificatesFromPem(await read(files.roots)),
    intermediates: certificatesFromPem(await read(files.intermediates)),
    crls: crlsFromPem(await read(files.crls)),
  };
}
