import { DomainError, fromBase64, toBase64 } from '@qej/kernel';
import { parseCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { parseCrl } from './crl.ts';
import type { Crl } from './crl.ts';

type Label = 'CERTIFICATE' | 'X509 CRL';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

/** One block of RFC 7468. */
export function toPem(der: Uint8Array, label: Label = 'CERTIFICATE'): string {
  return `-----BEGIN ${label}-----\n${toBase64(der).replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END ${label}-----\n`;
}

function blocks(text: string, label: Label): readonly Uint8Array[] {
  try {
    return [...text.matchAll(BLOCK)]
      .filter(([, found]) => found === label)
      .map(([, , body = '']) => fromBase64(body.replaceAll(/\s/g, '')));
  } catch (cause) {
    throw new DomainError('E_CERT_FORMAT', { detail: 'PEM block is not base64', cause });
  }
}

/** Every certificate of a bundle; text around the blocks is ignored. @throws DomainError `E_CERT_FORMAT`, `E_DER`, … */
export const certificatesFromPem = (text: string): readonly Certificate[] =>
  blocks(text, 'CERTIFICATE').map(parseCertificate);

/** Every revocation list of a bundle. @throws DomainError `E_CRL_FORMAT`, `E_DER`, … */
export const crlsFromPem = (text: string): readonly Crl[] => blocks(text, 'X509 CRL').map(parseCrl);
