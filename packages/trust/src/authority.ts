import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { formatInstant } from '@qej/kernel';
import { issueCertificate, parseCertificate } from '@qej/pki';
import type { Certificate, CertificateRequest } from '@qej/pki';
import { issuerKey } from './node-signer.ts';
import { appendPrivate, readIfPresent } from './private-files.ts';
import { openRevocationLists } from './revocation-lists.ts';
import type { RevocationLists } from './revocation-lists.ts';

/** One authority of the hierarchy: its key, certificate, register of issued certificates and revocation list. */
export interface Authority {
  readonly certificate: Certificate;
  readonly lists: RevocationLists;
  issue(request: CertificateRequest): Promise<Certificate>;
  hasIssued(serial: string): Promise<boolean>;
}

/** Opens an authority on its directory; `issued.jsonl` is its register. */
export async function openAuthority(directory: string, key: KeyObject, certificate: Certificate): Promise<Authority> {
  const signer = { ...issuerKey(key, certificate), certificate };
  const register = join(directory, 'issued.jsonl');
  return {
    certificate,
    lists: await openRevocationLists(directory, signer),
    async issue(request) {
      const issued = parseCertificate(await issueCertificate(request, signer));
      const { serial, notAfter } = issued;
      await appendPrivate(
        register,
        JSON.stringify({ serial, profile: request.profile, notAfter: formatInstant(notAfter) }),
      );
      return issued;
    },
    async hasIssued(serial) {
      const lines = (await readIfPresent(register))?.toString('utf8') ?? '';
      return lines.includes(`"serial":"${serial}"`);
    },
  };
}
