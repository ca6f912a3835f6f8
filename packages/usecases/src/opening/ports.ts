import type { Instant, Json } from '@qej/kernel';
import type { CryptoProvider } from '@qej/sealed-bid';
import type { Notice } from '@qej/tendering';
import type { IntakeGate, ObjectPool } from '../intake/index.ts';
import type { EvidenceLog } from '../log/index.ts';
import type { BasePorts, PlatformTrust } from '../ports.ts';

/** What the opening shows of a deposit: delivered or not, in words; `detail` is for the deposit station and the evaluation. */
export interface DepositVerdict {
  readonly state: 'submitted' | 'missing';
  readonly text: { readonly zh: string; readonly en: string };
  readonly detail: Json;
}

export interface DepositClaim {
  readonly notice: Notice;
  readonly organizationId: string;
  readonly uscc: string;
  /** Member `deposit` of the register record, as the bidder sealed it: `{creditDecision?, snapshot?, guarantees: […]}`. */
  readonly deposit: Json;
  /** Judged as of then. */
  readonly closingAt: Instant;
}

/** Implemented by the deposit station. A DomainError counts as `missing`; any other error repeats the step later. */
export interface DepositReview {
  review(claim: DepositClaim): Promise<DepositVerdict>;
}

export interface OpeningPorts extends BasePorts {
  readonly trust: PlatformTrust;
  readonly log: EvidenceLog;
  readonly provider: CryptoProvider;
  readonly objects: ObjectPool;
  readonly registers: ObjectPool;
  /** Of the intake: the closing waits for what had arrived. */
  readonly gate: IntakeGate;
  readonly deposits: DepositReview;
  /** As the intake says it on its receipts. */
  readonly tsaIndependent: boolean;
}
