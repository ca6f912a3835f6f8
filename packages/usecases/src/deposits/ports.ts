import type { CreditGrade, CreditProbe, CreditRecord } from '@qej/deposits';
import type {
  GuarantorEvent,
  GuarantorStatement,
  OrderProgress,
  Release,
  RevealBody,
  VerificationResult,
} from '@qej/guarantees';
import type { Instant } from '@qej/kernel';
import type { BasePorts, PlatformTrust } from '../ports.ts';

/** A message of a guarantor and its CMS, both base64. */
export interface SignedMessage {
  readonly message: string;
  readonly signature: string;
}

/** The guarantor's offer of itself, verified. */
export interface VerifiedStatement extends GuarantorStatement {
  readonly signed: SignedMessage;
  /** DER of the seal that signed it; QR codes are checked with it while the guarantor is out of reach. */
  readonly sealCertificate: Uint8Array<ArrayBuffer>;
}

/** Signed by the guarantor; the undertaking's own signature is verified already. */
export interface RevealedPapers {
  readonly isInForce: boolean;
  readonly undertaking: Uint8Array<ArrayBuffer>;
  readonly undertakingCms: Uint8Array<ArrayBuffer>;
  /** The PDF as issued, and the one that names tender and beneficiary. */
  readonly certificate: Uint8Array<ArrayBuffer>;
  readonly restored: Uint8Array<ArrayBuffer>;
}

/**
 * One guarantor behind whatever dialect it speaks. Every call is idempotent and may be repeated. Refusals keep the guarantor's code;
 * an outage is `E_UNAVAILABLE`, an answer that does not verify `E_SIGNATURE`.
 */
export interface Guarantor {
  /** 统一社会信用代码. */
  readonly guarantorId: string;
  statement(): Promise<VerifiedStatement>;
  forward(order: { readonly orderId: string; readonly envelope: Uint8Array }): Promise<OrderProgress>;
  status(orderId: string): Promise<OrderProgress>;
  cancel(orderId: string): Promise<OrderProgress>;
  reveal(body: RevealBody): Promise<RevealedPapers>;
  release(body: { readonly orderId: string; readonly release: Release }): Promise<OrderProgress>;
  verify(body: { readonly number: string; readonly code: string }): Promise<VerificationResult>;
  /** Signature, addressee and time of a callback. @throws DomainError `E_SIGNATURE`, `E_STALE`, `E_FORMAT` */
  openEvent(signed: SignedMessage, now: Instant): Promise<{ readonly nonce: string; readonly event: GuarantorEvent }>;
}

/** What the credit bureau knows of a firm; the snapshot is made of it. */
export interface CreditFacts {
  readonly uscc: string;
  readonly name: string;
  readonly grade: CreditGrade | null;
  readonly score: number | null;
  readonly isSmallOrMicro: boolean;
  readonly records: readonly CreditRecord[];
  /** Registers that did not answer. */
  readonly unavailable: readonly CreditProbe[];
}
export interface CreditSource {
  /** Who issues the snapshots. */
  readonly issuer: { readonly name: string; readonly uscc: string };
  /** Undefined for a firm that it does not know. @throws when it is out of reach */
  factsOf(uscc: string): Promise<CreditFacts | undefined>;
}

export interface DepositPorts extends BasePorts {
  readonly trust: Pick<PlatformTrust, 'sign' | 'verify'>;
  readonly guarantors: readonly Guarantor[];
  readonly credit: CreditSource;
}
