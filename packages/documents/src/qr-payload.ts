import {
  DomainError,
  fromBase64Url,
  fromUtf8,
  instant,
  type Instant,
  money,
  type Money,
  toBase64Url,
  u64be,
  utf8,
} from '@qej/kernel';

/** What a guarantee's QR code states, signed by the guarantor: enough to check it without the file. */
export interface GuaranteeClaim {
  readonly number: string;
  /** The 32-byte commitment that binds lot and bidder (SEALING: c = H(lotId ‖ bidderId ‖ k)). */
  readonly commitment: Uint8Array;
  readonly amount: Money;
  readonly expiresAt: Instant;
}

export interface GuaranteeQr extends GuaranteeClaim {
  readonly signature: Uint8Array;
}

const PREFIX = 'qej-g1/';
const refuse = (detail: string, cause?: unknown): never => {
  throw new DomainError('E_QR_PAYLOAD', { detail, cause });
};

function claimText({ number, commitment, amount, expiresAt }: GuaranteeClaim): string {
  if (number === '' || utf8(number).length > 64) refuse('number must have 1 to 64 bytes');
  if (commitment.length !== 32) refuse('commitment must have 32 bytes');
  if (amount.amountMinor < 0n) refuse('amount is negative');
  const fields = [utf8(number), commitment, u64be(amount.amountMinor), u64be(expiresAt)];
  return PREFIX + fields.map(toBase64Url).join('.');
}

/** The bytes that the guarantor signs: prefix (purpose and version) and the four fields as they stand in the code. */
export const guaranteeQrSigningBytes = (claim: GuaranteeClaim): Uint8Array<ArrayBuffer> => utf8(claimText(claim));

/**
 * `qej-g1/` number `.` commitment `.` amount `.` expiry `.` signature, each base64url: UTF-8; 32 bytes; u64be fen; u64be UTC
 * milliseconds; the signature's bytes.
 * @throws DomainError `E_QR_PAYLOAD`
 */
export function encodeGuaranteeQr(qr: GuaranteeQr): string {
  if (qr.signature.length === 0 || qr.signature.length > 512) refuse('signature must have 1 to 512 bytes');
  return `${claimText(qr)}.${toBase64Url(qr.signature)}`;
}

function parseFields(text: string): Uint8Array[] {
  if (!text.startsWith(PREFIX)) refuse('not a qej-g1 payload');
  try {
    return text.slice(PREFIX.length).split('.').map(fromBase64Url);
  } catch (cause) {
    return refuse('not base64url', cause);
  }
}

const wide = (bytes: Uint8Array): bigint => {
  if (bytes.length !== 8) refuse('integer must have 8 bytes');
  return new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0);
};

/**
 * Reads what {@link encodeGuaranteeQr} writes and nothing else: re-encoded and compared. The signature is not verified here.
 * @throws DomainError `E_QR_PAYLOAD`
 */
export function parseGuaranteeQr(text: string): GuaranteeQr {
  const [number, commitment, amount, expiry, signature, ...more] = parseFields(text);
  if (
    number === undefined ||
    commitment === undefined ||
    amount === undefined ||
    expiry === undefined ||
    signature === undefined ||
    more.length > 0
  ) {
    return refuse('expected five fields');
  }
  let qr: GuaranteeQr;
  try {
    qr = {
      number: fromUtf8(number),
      commitment,
      amount: money(wide(amount)),
      expiresAt: instant(Number(wide(expiry))),
      signature,
    };
  } catch (cause) {
    return refuse('bad field', cause);
  }
  if (encodeGuaranteeQr(qr) !== text) refuse('not the canonical spelling');
  return qr;
}
