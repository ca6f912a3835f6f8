import { sha256 } from '@noble/hashes/sha2.js';
import {
  canonicalBytes,
  concatBytes,
  formatInstant,
  fromHex,
  lengthValue,
  parseCanonical,
  parseInstant,
  toHex,
  utf8,
  type Instant,
} from '@qej/kernel';
import { refuse } from './errors.ts';
import { closedObject, parsed, textMember } from './members.ts';
import { HASH_LENGTH } from './merkle.ts';

/** "This hash arrived at this time, for this lot." It names nobody. */
export interface Receipt {
  /** H(message), 32 bytes. */
  readonly messageHash: Uint8Array;
  /** When the whole message had arrived, by the receiver's clock. */
  readonly receivedAt: Instant;
  /** 32 lower-case hex digits. */
  readonly lotId: string;
}

export const RECEIPT_PURPOSE = 'qej-receipt/1';
const LOT_ID = /^[0-9a-f]{32}$/;
const ACT_LABEL = concatBytes(utf8('qej-act/1'), Uint8Array.of(0));

/**
 * The bytes that the platform signs (CMS) and the authority stamps (RFC 3161): canonical JSON
 * {lotId, messageHash, purpose, receivedAt, v}.
 * @throws DomainError `E_RECEIPT_FORMAT`
 */
export function receiptBytes({ messageHash, receivedAt, lotId }: Receipt): Uint8Array<ArrayBuffer> {
  if (messageHash.length !== HASH_LENGTH) refuse('E_RECEIPT_FORMAT', 'message hash is not 32 bytes');
  if (!LOT_ID.test(lotId)) refuse('E_RECEIPT_FORMAT', 'lot id is not 32 hex digits');
  return canonicalBytes({
    v: 1,
    purpose: RECEIPT_PURPOSE,
    messageHash: toHex(messageHash),
    receivedAt: formatInstant(receivedAt),
    lotId,
  });
}

/** @throws DomainError `E_RECEIPT_FORMAT` unless these are exactly bytes that {@link receiptBytes} writes. */
export function parseReceipt(bytes: Uint8Array): Receipt {
  const code = 'E_RECEIPT_FORMAT';
  const json = parsed(() => parseCanonical(bytes), code, 'receipt is not canonical JSON');
  const object = closedObject(json, { required: ['v', 'purpose', 'messageHash', 'receivedAt', 'lotId'] }, code);
  if (object['v'] !== 1 || object['purpose'] !== RECEIPT_PURPOSE) refuse(code, 'unknown purpose or version');
  const receipt = {
    messageHash: parsed(() => fromHex(textMember(object, 'messageHash', code)), code, 'message hash is not hex'),
    receivedAt: parsed(
      () => parseInstant(textMember(object, 'receivedAt', code)),
      code,
      'receivedAt is not an instant',
    ),
    lotId: textMember(object, 'lotId', code),
  };
  receiptBytes(receipt); // lengths and shapes
  return receipt;
}

/** The act that a tick hides: SHA-256("qej-act/1" ‖ 0x00 ‖ LV(receipt bytes)). */
export const receiptActHash = (receipt: Uint8Array): Uint8Array => sha256(concatBytes(ACT_LABEL, lengthValue(receipt)));

export interface ReceiptPorts {
  /** CAdES signature by the platform's seal key; DER of CMS SignedData. */
  readonly signCms: (content: Uint8Array) => Promise<Uint8Array>;
  /** RFC 3161 TimeStampToken over the same bytes; DER. */
  readonly timestamp: (content: Uint8Array) => Promise<Uint8Array>;
}

export interface SignedReceipt {
  readonly receipt: Uint8Array<ArrayBuffer>;
  readonly cms: Uint8Array;
  readonly timestampToken: Uint8Array;
}

/** Signs and stamps; both at once, over the same bytes. */
export async function issueReceipt(receipt: Receipt, { signCms, timestamp }: ReceiptPorts): Promise<SignedReceipt> {
  const bytes = receiptBytes(receipt);
  const [cms, timestampToken] = await Promise.all([signCms(bytes), timestamp(bytes)]);
  return { receipt: bytes, cms, timestampToken };
}
