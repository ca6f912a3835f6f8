import type { Json } from '@qej/kernel';

/** An order as the relay sees it: who asks whom, sealed both ways. `id` is the applicant's random order id. */
export interface GuaranteeOrderRecord {
  id: string;
  organizationId: string;
  userId: string;
  guarantorId: string;
  state: string;
  envelopeSha256: string;
  envelope: string;
  eventSeq: number;
  quoteEnvelope: string | null;
  certificateEnvelope: string | null;
  reason: string | null;
  submittedAt: number;
  updatedAt: number;
}

/** A guarantor's event as it was signed; kept ahead of its turn, and afterwards as evidence. */
export interface GuaranteeEventRecord {
  id: string;
  orderId: string;
  eventSeq: number;
  contentSha256: string;
  message: string;
  signature: string;
  receivedAt: number;
}

/** A nonce of a guarantor's message, for as long as the message could be replayed. */
export interface BankNonceRecord {
  id: string;
  expiresAt: number;
}

/** Known only after the opening: which guarantee covers which bid. */
export interface RevealedGuaranteeRecord {
  id: string;
  orderId: string;
  tenderId: string;
  bidId: string;
  organizationId: string;
  number: string;
  undertaking: Json;
  certificateDocumentId: string | null;
  state: string;
  updatedAt: number;
}
