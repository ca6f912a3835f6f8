import { join } from 'node:path';
import { parseCertificate } from '@qej/pki';
import type { Certificate, NameInput, Signer } from '@qej/pki';
import { loadOrGenerateKey, spkiOf } from './keys.ts';
import type { LeafRequest, LocalCa } from './local-ca.ts';
import { nodeSigner } from './node-signer.ts';
import { makeDirectory, readIfPresent, writePrivate } from './private-files.ts';

export interface ServerSignerOptions {
  readonly ca: LocalCa;
  readonly directory: string;
  /** File name without ending, e.g. 'platform-seal'. */
  readonly name: string;
  readonly profile: Extract<LeafRequest['profile'], 'platform-seal' | 'bank-seal' | 'tsa'>;
  readonly subject: NameInput;
  /** Seals that go into PDFs may prefer RSA; P-256 is 30 times faster. Default 'p-256'. */
  readonly key?: 'p-256' | 'rsa-3072';
}

/** Loads the key and certificate `name.key.pem`, `name.cer`, or makes both: the platform's seal, a bank's seal, the TSA. */
export async function openServerSigner(options: ServerSignerOptions): Promise<Signer> {
  const { ca, directory, name, profile, subject } = options;
  await makeDirectory(directory);
  const privateKey = await loadOrGenerateKey(join(directory, `${name}.key.pem`), options.key ?? 'p-256');
  const path = join(directory, `${name}.cer`);
  const present = await readIfPresent(path);
  let certificate: Certificate;
  if (present === undefined) {
    certificate = await ca.issue({ profile, subject, spki: spkiOf(privateKey) });
    await writePrivate(path, certificate.der);
  } else certificate = parseCertificate(new Uint8Array(present));
  return nodeSigner({ privateKey, certificate, chain: ca.chainOf(certificate) });
}
