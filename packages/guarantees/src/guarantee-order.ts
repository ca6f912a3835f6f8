import {
  canonicalBytes,
  concatBytes,
  DomainError,
  formatInstant,
  formatMoney,
  fromBase64,
  lengthValue,
  newId,
  parseCanonical,
  Secret,
  toBase64,
  toHex,
} from '@qej/kernel';
import type { Instant, Money } from '@qej/kernel';
import { guaranteeCommitment } from './commitment.ts';
import { decodeGuaranteeDocument, encodeGuaranteeDocument } from './documents.ts';
import type { GuaranteeParty, Quote, Undertaking, UndertakingApplication } from './documents.ts';
import { openEnvelope, sealEnvelope } from './sealed-envelope.ts';
import type { KeyUnwrap, KeyWrap } from './sealed-envelope.ts';
import { base64, hash, nullable, object, oneOf, text } from './shape.ts';

/** What a named guarantee says beside the commitment; null asks for a sealed one (密文保函): the guarantor learns it at the opening. */
export interface GuaranteeSubject {
  readonly tenderCode: string;
  readonly tenderName: string;
  readonly lotName: string;
  readonly beneficiary: GuaranteeParty;
}
/** The content of an application's envelope. */
export interface GuaranteeRequest {
  readonly application: UndertakingApplication;
  /** CMS of the applicant over the application's bytes, purpose `qej-application/1`, detached. */
  readonly applicationCms: Uint8Array;
  readonly applicantAddress: string;
  /** DER; quote and certificate come back sealed to it. */
  readonly encryptionCertificate: Uint8Array;
  readonly subject: GuaranteeSubject | null;
}
interface WireRequest {
  readonly v: 1;
  readonly application: string;
  readonly applicationCms: string;
  readonly applicantAddress: string;
  readonly encryptionCertificate: string;
  readonly subject: GuaranteeSubject | null;
}
interface WireOffer {
  readonly v: 1;
  readonly quote: string;
  readonly paymentUrl: string;
  readonly paymentCode: string;
}
interface WireLabel {
  readonly v: 1;
  readonly number: string;
  readonly verificationCode: string;
  readonly certificateSha256: string;
  readonly qr: string;
}

const party = object<GuaranteeParty>({ name: text(200), uscc: text(18, 18) });
const readRequest = object<WireRequest>({
  v: oneOf([1]),
  application: base64,
  applicationCms: base64,
  applicantAddress: text(200),
  encryptionCertificate: base64,
  subject: nullable(
    object<GuaranteeSubject>({ tenderCode: text(64), tenderName: text(200), lotName: text(200), beneficiary: party }),
  ),
});
const readOffer = object<WireOffer>({ v: oneOf([1]), quote: base64, paymentUrl: text(255), paymentCode: text(32, 8) });
const readLabel = object<WireLabel>({
  v: oneOf([1]),
  number: text(40, 8),
  verificationCode: text(40, 8),
  certificateSha256: hash,
  qr: text(400),
});

export interface NewApplication {
  readonly lotId: string;
  /** The bidder's organisation id. */
  readonly bidderId: string;
  readonly applicant: GuaranteeParty;
  readonly amount: Money;
  /** End of the bid validity with the rule's tail, or later. */
  readonly validTo: Instant;
  readonly now: Instant;
}

/**
 * A new application: its order id is random, k is fresh. Keep `k` (wallet, recovery file): it goes into the sealed register. `bytes`
 * are what the applicant signs (purpose `qej-application/1`).
 */
export async function makeApplication(wanted: NewApplication): Promise<{
  readonly orderId: string;
  readonly k: Secret<Uint8Array>;
  readonly application: UndertakingApplication;
  readonly bytes: Uint8Array<ArrayBuffer>;
}> {
  const k = globalThis.crypto.getRandomValues(new Uint8Array(32));
  const application: UndertakingApplication = {
    v: 1,
    applicationId: newId(),
    commitment: await guaranteeCommitment(wanted.lotId, wanted.bidderId, k),
    applicant: wanted.applicant,
    amount: formatMoney(wanted.amount),
    currency: 'CNY',
    validTo: formatInstant(wanted.validTo),
    templateId: 'independent-bid-guarantee/1',
    requestedAt: formatInstant(wanted.now),
  };
  const bytes = encodeGuaranteeDocument('application', application);
  return { orderId: application.applicationId, k: new Secret(k), application, bytes };
}

/** The envelope for `applyForGuarantee`. @throws DomainError `E_ENVELOPE_SIZE` */
export function sealRequest(
  wrap: KeyWrap,
  guarantor: { readonly guarantorId: string; readonly encryptionPoint: Uint8Array },
  request: GuaranteeRequest,
): Promise<Uint8Array<ArrayBuffer>> {
  const wire: WireRequest = {
    v: 1,
    application: toBase64(encodeGuaranteeDocument('application', request.application)),
    applicationCms: toBase64(request.applicationCms),
    applicantAddress: request.applicantAddress,
    encryptionCertificate: toBase64(request.encryptionCertificate),
    subject: request.subject,
  };
  const context = {
    kind: 'application',
    guarantorId: guarantor.guarantorId,
    orderId: request.application.applicationId,
  } as const;
  const bytes = canonicalBytes(readRequest(wire, 'request'));
  return sealEnvelope(wrap, { recipient: guarantor.encryptionPoint, context }, bytes);
}

/** An order as its two ends know it. */
export interface OrderReference {
  readonly guarantorId: string;
  readonly orderId: string;
}

/** At the guarantor; signatures and certificates are judged by the caller. @throws DomainError `E_ENVELOPE`, `E_FORMAT` */
export async function openRequest(
  key: KeyUnwrap,
  order: OrderReference,
  envelope: Uint8Array,
): Promise<GuaranteeRequest> {
  const bytes = await openEnvelope(key, { ...order, kind: 'application' }, envelope);
  const wire = readRequest(parseCanonical(bytes), 'request');
  const application = decodeGuaranteeDocument('application', fromBase64(wire.application));
  if (application.applicationId !== order.orderId)
    throw new DomainError('E_ENVELOPE', { detail: 'the application is of another order' });
  return {
    application,
    applicationCms: fromBase64(wire.applicationCms),
    applicantAddress: wire.applicantAddress,
    encryptionCertificate: fromBase64(wire.encryptionCertificate),
    subject: wire.subject,
  };
}

/** `quoteCms` is the guarantor's over the quote's bytes, purpose `qej-guarantee/1`: verify it before paying. */
export interface SealedOffer {
  readonly quote: Quote;
  readonly quoteBytes: Uint8Array<ArrayBuffer>;
  readonly quoteCms: Uint8Array<ArrayBuffer>;
  /** Page of the guarantor that takes the code; the code is in no address and in no log. */
  readonly paymentUrl: string;
  readonly paymentCode: string;
}

/** LV of each part, one after the other. */
const pack = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => concatBytes(...parts.map(lengthValue));

function unpack(bytes: Uint8Array, count: number): readonly Uint8Array<ArrayBuffer>[] {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (let i = 0; i < count; i++) {
    const start = offset + 4;
    const length =
      start <= bytes.length ? new DataView(bytes.buffer, bytes.byteOffset + offset).getUint32(0) : bytes.length;
    if (start + length > bytes.length) throw new DomainError('E_ENVELOPE', { detail: 'a part is cut off' });
    parts.push(new Uint8Array(bytes.slice(start, start + length)));
    offset = start + length;
  }
  if (offset !== bytes.length) throw new DomainError('E_ENVELOPE', { detail: 'bytes after the last part' });
  return parts;
}
const part = (parts: readonly Uint8Array<ArrayBuffer>[], index: number): Uint8Array<ArrayBuffer> => {
  const found = parts[index];
  if (found === undefined) throw new DomainError('E_ENVELOPE', { detail: 'a part is missing' });
  return found;
};

/** At the guarantor: LV(offer JSON) ‖ LV(CMS over the quote). */
export function sealQuote(
  wrap: KeyWrap,
  to: OrderReference & { readonly recipient: Uint8Array },
  offer: Omit<SealedOffer, 'quoteBytes'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const wire: WireOffer = {
    v: 1,
    quote: toBase64(encodeGuaranteeDocument('quote', offer.quote)),
    paymentUrl: offer.paymentUrl,
    paymentCode: offer.paymentCode,
  };
  const context = { kind: 'quote', guarantorId: to.guarantorId, orderId: to.orderId } as const;
  const bytes = pack(canonicalBytes(readOffer(wire, 'offer')), offer.quoteCms);
  return sealEnvelope(wrap, { recipient: to.recipient, context }, bytes);
}

/** At the bidder. @throws DomainError `E_ENVELOPE`, `E_FORMAT` */
export async function openQuote(key: KeyUnwrap, order: OrderReference, envelope: Uint8Array): Promise<SealedOffer> {
  const parts = unpack(await openEnvelope(key, { ...order, kind: 'quote' }, envelope), 2);
  const wire = readOffer(parseCanonical(part(parts, 0)), 'offer');
  const quoteBytes = fromBase64(wire.quote);
  const quote = decodeGuaranteeDocument('quote', quoteBytes);
  if (quote.applicationId !== order.orderId)
    throw new DomainError('E_ENVELOPE', { detail: 'the quote is of another order' });
  return { quote, quoteBytes, quoteCms: part(parts, 1), paymentUrl: wire.paymentUrl, paymentCode: wire.paymentCode };
}

/** What the bidder gets when its guarantee is issued. */
export interface IssuedGuarantee {
  readonly number: string;
  readonly verificationCode: string;
  readonly certificateSha256: string;
  /** Text of the certificate's QR code: the guarantor's short signature over number, commitment, amount and expiry. */
  readonly qr: string;
  readonly undertaking: Undertaking;
  readonly undertakingBytes: Uint8Array<ArrayBuffer>;
  readonly undertakingCms: Uint8Array<ArrayBuffer>;
  /** PDF. */
  readonly certificate: Uint8Array<ArrayBuffer>;
}

/** At the guarantor: LV(label JSON) ‖ LV(undertaking) ‖ LV(CMS) ‖ LV(PDF). */
export function sealCertificate(
  wrap: KeyWrap,
  to: OrderReference & { readonly recipient: Uint8Array },
  issued: Omit<IssuedGuarantee, 'undertaking'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const { number, verificationCode, certificateSha256, qr } = issued;
  const label = canonicalBytes(readLabel({ v: 1, number, verificationCode, certificateSha256, qr }, 'label'));
  const context = { kind: 'certificate', guarantorId: to.guarantorId, orderId: to.orderId } as const;
  const bytes = pack(label, issued.undertakingBytes, issued.undertakingCms, issued.certificate);
  return sealEnvelope(wrap, { recipient: to.recipient, context }, bytes);
}

/**
 * At the bidder. The certificate's hash is compared; the guarantor's CMS (purpose `qej-guarantee/1`) is for the caller.
 * @throws DomainError `E_ENVELOPE`, `E_FORMAT`
 */
export async function openCertificate(
  key: KeyUnwrap,
  order: OrderReference,
  envelope: Uint8Array,
): Promise<IssuedGuarantee> {
  const parts = unpack(await openEnvelope(key, { ...order, kind: 'certificate' }, envelope), 4);
  const { v: _version, ...label } = readLabel(parseCanonical(part(parts, 0)), 'label');
  const certificate = part(parts, 3);
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', certificate));
  const undertakingBytes = part(parts, 1);
  const undertaking = decodeGuaranteeDocument('undertaking', undertakingBytes);
  if (toHex(digest) !== label.certificateSha256 || undertaking.guaranteeNo !== label.number)
    throw new DomainError('E_ENVELOPE', { detail: 'certificate, number and hash do not belong together' });
  return { ...label, undertaking, undertakingBytes, undertakingCms: part(parts, 2), certificate };
}
