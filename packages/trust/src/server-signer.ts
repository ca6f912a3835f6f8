import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { certificatesFromPem, toPem } from '@qej/pki';
import type { Certificate, NameInput, Signer } from '@qej/pki';
import { loadOrGenerateKey, spkiOf } from './keys.ts';
import type { LeafRequest, LocalCa } from './local-ca.ts';
import { nodeSigner } from './node-signer.ts';
import { makeDirectory, readIfPresent, writePrivate } from './private-files.ts';
import { refuse } from './refuse.ts';

interface ServerKeyOptions {
  readonly ca: LocalCa;
  readonly directory: string;
  /** File name without ending, e.g. 'platform-seal'. */
  readonly name: string;
  /** Seals that go into PDFs may prefer RSA; P-256 is 30 times faster. Default 'p-256'. */
  readonly key?: 'p-256' | 'rsa-3072';
}

export interface ServerSignerOptions extends ServerKeyOptions {
  readonly profile: Extract<LeafRequest['profile'], 'platform-seal' | 'bank-seal' | 'tsa'>;
  readonly subject: NameInput;
}

const keyPath = (directory: string, name: string): string => join(directory, `${name}.key.pem`);
const chainPath = (directory: string, name: string): string => join(directory, `${name}.chain.pem`);

async function readChain(directory: string, name: string): Promise<readonly Certificate[] | undefined> {
  const pem = await readIfPresent(chainPath(directory, name));
  return pem === undefined ? undefined : certificatesFromPem(pem.toString('ascii'));
}

async function loadOrIssue(
  { ca, directory, name, key = 'p-256' }: ServerKeyOptions,
  leaf: Omit<LeafRequest, 'spki'>,
): Promise<{ privateKey: KeyObject; chain: readonly Certificate[] }> {
  await makeDirectory(directory);
  const privateKey = await loadOrGenerateKey(keyPath(directory, name), key);
  const present = await readChain(directory, name);
  if (present !== undefined) return { privateKey, chain: present };
  const certificate = await ca.issue({ ...leaf, spki: spkiOf(privateKey) });
  const chain = [certificate, ...ca.chainOf(certificate)];
  await writePrivate(chainPath(directory, name), chain.map(({ der }) => toPem(der)).join(''));
  return { privateKey, chain };
}

function toSigner(privateKey: KeyObject, [certificate, ...chain]: readonly Certificate[]): Signer {
  return certificate === undefined
    ? refuse('E_CA_STATE', 'chain file is empty')
    : nodeSigner({ privateKey, certificate, chain });
}

/** Loads `name.key.pem` and `name.chain.pem` (leaf first), or makes both: the platform's seal, a bank's seal, the TSA. */
export async function openServerSigner({ profile, subject, ...options }: ServerSignerOptions): Promise<Signer> {
  const { privateKey, chain } = await loadOrIssue(options, { profile, subject });
  return toSigner(privateKey, chain);
}

/** What `openServerSigner` stored, for a process that has no authority: the bank, a witness. @throws DomainError `E_CA_STATE` */
export async function loadServerSigner(
  directory: string,
  name: string,
  key: 'p-256' | 'rsa-3072' = 'p-256',
): Promise<Signer> {
  const chain = (await readChain(directory, name)) ?? refuse('E_CA_STATE', `no certificate ${name}`);
  return toSigner(await loadOrGenerateKey(keyPath(directory, name), key), chain);
}

/** PEM texts for `https.createServer`, for `./qej up --host NAME`; a new set when the host changes. */
export async function openTlsCertificate(
  ca: LocalCa,
  directory: string,
  host: string,
): Promise<{ readonly key: string; readonly cert: string }> {
  const name = `tls-${host.replaceAll(/[^a-z0-9.-]/gi, '_')}`;
  const { privateKey, chain } = await loadOrIssue(
    { ca, directory, name },
    { profile: 'tls-server', subject: { commonName: host }, hosts: [host] },
  );
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: chain.map(({ der }) => toPem(der)).join(''),
  };
}
