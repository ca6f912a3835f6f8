import type { EvaluationPorts } from '../evaluation/index.ts';
import type { Transaction } from '../ports.ts';

export interface DepositShare {
  /** Decimal CNY: covered by the commitment of who was relieved. */
  readonly waived: string;
  /** Decimal CNY: covered by a guarantee. */
  readonly guaranteed: string;
  readonly state: string;
}
export interface Deposits {
  /** Releases what covers these bidders' bids; doing it again changes nothing. */
  releaseDeposits(
    tx: Transaction,
    release: { readonly tenderId: string; readonly organizationIds: readonly string[]; readonly reason: string },
  ): Promise<void>;
  depositOf(tx: Transaction, tenderId: string, organizationId: string): Promise<DepositShare>;
}

export interface ResultPorts extends EvaluationPorts {
  readonly deposits: Deposits;
}
