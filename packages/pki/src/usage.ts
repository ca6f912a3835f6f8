import type { Certificate } from './certificate.ts';
import { OID } from './oids.ts';
import { refuse } from './refuse.ts';

export type CertificateUsage = 'sign' | 'encrypt' | 'timestamp' | 'pdf-seal' | 'login';

const check = (ok: boolean, detail: string): void => {
  if (!ok) refuse('E_CERT_USAGE', detail);
};

/** No extended key usage means no restriction (RFC 5280 section 4.2.1.12). */
const allows = (certificate: Certificate, ...oids: readonly string[]): boolean =>
  certificate.eku.length === 0 || oids.some((dotted) => certificate.eku.includes(dotted));

function checkSign(certificate: Certificate): void {
  check(
    certificate.keyUsage.includes('digitalSignature') && certificate.keyUsage.includes('contentCommitment'),
    'key usage must be digitalSignature and contentCommitment',
  );
  check(!certificate.keyUsage.includes('keyAgreement'), 'a signing key must not encrypt');
  check(
    allows(certificate, OID.documentSigning, OID.emailProtection),
    'extended key usage does not allow signing documents',
  );
}

const checks: Readonly<Record<CertificateUsage, (certificate: Certificate) => void>> = {
  sign: checkSign,
  'pdf-seal': (certificate) => {
    checkSign(certificate);
    check(certificate.subject.organization !== undefined, 'a seal must name an organisation');
  },
  login: (certificate) => {
    check(certificate.keyUsage.includes('digitalSignature'), 'key usage must be digitalSignature');
    check(allows(certificate, OID.clientAuth), 'extended key usage does not allow log-in');
  },
  encrypt: (certificate) => {
    check(
      certificate.publicKey.kind === 'ec-p256'
        ? certificate.keyUsage.includes('keyAgreement')
        : certificate.keyUsage.includes('keyEncipherment'),
      'key usage does not allow encryption',
    );
    check(
      !certificate.keyUsage.includes('digitalSignature') && !certificate.keyUsage.includes('contentCommitment'),
      'an encryption key must not sign',
    );
  },
  timestamp: (certificate) => {
    check(
      certificate.isEkuCritical && certificate.eku.length === 1 && certificate.eku[0] === OID.timeStamping,
      'extended key usage must be timeStamping alone and critical (RFC 3161 section 2.3)',
    );
    check(
      certificate.keyUsage.every((usage) => usage === 'digitalSignature' || usage === 'contentCommitment') &&
        certificate.keyUsage.length > 0,
      'key usage',
    );
  },
};

/** @throws DomainError `E_CERT_USAGE` */
export function checkUsage(leaf: Certificate, usage: CertificateUsage): void {
  check(!leaf.isCa, 'a certificate authority does not sign documents');
  checks[usage](leaf);
}
